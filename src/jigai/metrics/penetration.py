"""How far something has spread among enterprises, each figure by the denominator it is asked for.

规上 and 大中型 are different sets: 80 % of the one says nothing of the other. A coverage keeps its
denominator, and comparing two of different denominators is refused.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

ABOVE_SCALE, LARGE_MEDIUM, ALL = "above-scale", "large-medium", "all"
DENOMINATORS = {ABOVE_SCALE: "规上工业企业", LARGE_MEDIUM: "大中型企业", ALL: "名录内全部企业"}


class DifferentDenominatorsError(ValueError):
    """Shares of different sets were to be compared or joined."""


@dataclass(frozen=True, slots=True)
class Member:
    """One enterprise of a year's register: whether it belongs to a set, ``None`` if unknown."""

    key: Hashable
    above_scale: bool | None
    large_medium: bool | None

    def within(self, denominator: str) -> bool | None:
        """Whether it belongs to a denominator. Raises ``KeyError`` for one that does not exist."""
        sets = {ABOVE_SCALE: self.above_scale, LARGE_MEDIUM: self.large_medium, ALL: True}
        return sets[denominator]


@dataclass(frozen=True, slots=True)
class Penetration:
    """One question in one set: how many said yes, said no, said nothing.

    ``size`` is the set; ``unplaced`` are enterprises of which nobody knows whether they belong to
    it (left out of ``size``), ``outside`` said yes without belonging. A share counts those who said
    nothing as not reached (``low``); ``high`` is what it would be if all of them were.
    """

    question: str
    denominator: str
    size: int
    yes: int
    no: int
    silent: int
    unplaced: int
    outside: int

    @property
    def low(self) -> Fraction | None:
        """The share that is proved; ``None`` for an empty set."""
        return Fraction(self.yes, self.size) if self.size else None

    @property
    def high(self) -> Fraction | None:
        """The share if all who said nothing were reached."""
        return Fraction(self.yes + self.silent, self.size) if self.size else None

    def difference(self, other: Penetration) -> Fraction | None:
        """This proved share less another, in one set.

        Raises :class:`DifferentDenominatorsError` where the sets differ.
        """
        if self.denominator != other.denominator:
            mine, theirs = DENOMINATORS[self.denominator], DENOMINATORS[other.denominator]
            raise DifferentDenominatorsError(f"{mine}与{theirs}的覆盖率不能相比")
        return None if self.low is None or other.low is None else self.low - other.low


def penetration(
    question: str,
    denominator: str,
    members: Iterable[Member],
    answers: Mapping[Hashable, bool | None],
) -> Penetration:
    """Count one question over the register; an answer of somebody not in it counts nowhere."""
    size = yes = no = silent = unplaced = outside = 0
    for member in members:
        answer = answers.get(member.key)
        inside = member.within(denominator)
        unplaced += inside is None
        outside += answer is True and not inside
        if inside:
            size += 1
            yes += answer is True
            no += answer is False
            silent += answer is None
    return Penetration(question, denominator, size, yes, no, silent, unplaced, outside)
