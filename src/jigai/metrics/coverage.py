"""How many enterprises took part: by year, over years, and out of the register of the year."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Coverage:
    """One year. Every number counts enterprises, each once.

    ``own`` took part in the year, ``new`` of them never before, ``cumulative`` in any year so far.
    ``turns`` is the sum of the yearly numbers: an enterprise of two years is two turns (家次).
    ``register`` is how many the register of the year holds, ``None`` while there is none;
    ``own_registered`` and ``ever_registered`` are those of them that took part in the year and in
    any year so far. ``outside`` took part without standing in the register of the year.
    """

    year: int
    own: int
    new: int
    cumulative: int
    turns: int
    register: int | None
    own_registered: int | None
    ever_registered: int | None
    outside: int | None

    @property
    def yearly_share(self) -> Fraction | None:
        """Of the register of the year, those that took part in it."""
        return _share(self.own_registered, self.register)

    @property
    def cumulative_share(self) -> Fraction | None:
        """Of the register of the year, those that took part in any year so far."""
        return _share(self.ever_registered, self.register)


def coverage(
    took_part: Mapping[int, Iterable[Hashable]], registers: Mapping[int, Iterable[Hashable]]
) -> list[Coverage]:
    """Year by year, from the first in which any took part to the last.

    The denominator is the register of each year, so that those who left it leave the share too. A
    year without a register has a count and no share.
    """
    if not took_part:
        return []
    ever: set[Hashable] = set()
    turns, found = 0, []
    for year in range(min(took_part), max(took_part) + 1):
        own = set(took_part.get(year, ()))
        new = own - ever
        ever |= own
        turns += len(own)
        given = registers.get(year)
        listed = None if given is None else set(given)
        found.append(
            Coverage(
                year,
                len(own),
                len(new),
                len(ever),
                turns,
                None if listed is None else len(listed),
                None if listed is None else len(own & listed),
                None if listed is None else len(ever & listed),
                None if listed is None else len(own - listed),
            )
        )
    return found


def _share(part: int | None, whole: int | None) -> Fraction | None:
    return None if part is None or not whole else Fraction(part, whole)
