"""The law by date: dated parameters of the national pack, each figure with where it stands.

Nothing here knows a rate. A day the pack has no sourced value for is *unknown*, with its name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from jigai.rules.environment import all_parameters, parameter_as_of
from jigai.rules.loader import Pack
from jigai.rules.schema import Parameter

_COMPARE = {
    ">=": lambda a, b: a >= b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    "<": lambda a, b: a < b,
}
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Cite:
    """A parameter on a day: exact value (``None`` = unknown), as written, and its source.

    ``value``: a fraction (rates as fractions, money in fen, durations in months), a tuple of words
    for lists, a date or a text.
    """

    id: str
    name: str
    value: Any
    text: str
    reference: str
    day: dt.date
    since: dt.date | None = None
    comparator: str = ""
    unit: str = ""

    @property
    def known(self) -> bool:
        """Whether the pack has a value on the day."""
        return self.value is not None

    @property
    def number(self) -> Fraction:
        """The value as an exact number; only for known ones."""
        return Fraction(self.value)

    @property
    def years(self) -> int:
        """A duration as whole years (durations are kept in months, plain counts as they are)."""
        number = self.number / _MONTHS if self.unit == "年" else self.number
        return int(number)

    def reached_by(self, value: int | Fraction) -> bool:
        """Whether a value keeps to the threshold as written (不超过, 以上 …)."""
        return bool(_COMPARE[self.comparator or ">="](Fraction(value), self.number))


class Law:
    """Every parameter of the pack by id, asked by day or year; nothing changes it."""

    def __init__(self, parameters: Mapping[str, Parameter]) -> None:
        self._parameters = dict(parameters)

    def __contains__(self, identifier: str) -> bool:
        return identifier in self._parameters

    def on(self, identifier: str, day: dt.date) -> Cite:
        """The value on a day; unknown (未定) where the pack has none then."""
        parameter = self._parameters.get(identifier)
        if parameter is None:
            return Cite(identifier, identifier, None, "未定", "全国参数里没有这一项", day)
        known = parameter_as_of(parameter, day)
        if _ended(parameter, day):
            over = "登记的值已经到期"
            return Cite(identifier, parameter.name, None, "未定", over, day, unit=parameter.unit)
        return Cite(
            identifier, parameter.name, known.value, known.text, known.reference, day, known.since,
            known.comparator or "", parameter.unit,
        )  # fmt: skip

    def in_year(self, identifier: str, year: int) -> Cite:
        """The value on the last day of a tax year, which is how yearly rules are read."""
        return self.on(identifier, dt.date(year, 12, 31))

    def months_of(self, identifier: str, year: int) -> list[tuple[Cite, int]]:
        """Values within a year with the number of months each holds (by the first of a month)."""
        found: list[tuple[Cite, int]] = []
        for month in range(1, _MONTHS + 1):
            cite = self.on(identifier, dt.date(year, month, 1))
            if found and found[-1][0].value == cite.value and found[-1][0].since == cite.since:
                found[-1] = (found[-1][0], found[-1][1] + 1)
            else:
                found.append((cite, 1))
        return found

    def ids(self) -> Iterator[str]:
        """Every parameter."""
        return iter(self._parameters)


def _ended(parameter: Parameter, day: dt.date) -> bool:
    """Whether the newest value begun by the day has run out: an older open one does not return."""
    begun = [dated for dated in parameter.values if dated.since <= day]
    newest = max(begun, key=lambda dated: dated.since, default=None)
    return newest is not None and newest.to is not None and day > newest.to


def law_of(pack: Pack) -> Law:
    """The law of a pack family (the national pack, with overlays before it if there are any)."""
    return Law(all_parameters(pack))


def unique(cites: Iterable[Cite]) -> tuple[Cite, ...]:
    """Each (parameter, value) once, in the order first used."""
    found = {(cite.id, cite.text, cite.since): cite for cite in reversed(list(cites))}
    return tuple(reversed(list(found.values())))
