"""Yearly figures of one indicator: exact numbers, and years whose figure nobody has."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

Number = int | str | Decimal | Fraction


def exact(number: Number) -> Fraction:
    """An exact number; floats are refused (:class:`TypeError`), for 0.1 is not a tenth."""
    if isinstance(number, bool | float):
        raise TypeError(f"要整数、十进制数或分数，给的是 {number!r}")
    return Fraction(number)


@dataclass(frozen=True, slots=True)
class Series:
    """Figures by year in the indicator's own unit; a listed year without a figure is ``None``.

    A percentage is the number before the sign: 12 for 12 %.
    """

    figures: Mapping[int, Fraction | None]

    @classmethod
    def of(cls, figures: Mapping[int, Number | None]) -> Series:
        """Series of integers, decimals, fractions or their text. Raises for floats."""
        return cls({y: None if v is None else exact(v) for y, v in sorted(figures.items())})

    def at(self, year: int | None) -> Fraction | None:
        """Figure of a year; ``None`` if it is unknown or not listed."""
        return None if year is None else self.figures.get(year)

    def known(self) -> list[tuple[int, Fraction]]:
        """Years with a figure, in order."""
        return [(year, value) for year, value in self.figures.items() if value is not None]

    @property
    def first(self) -> int | None:
        """First listed year."""
        return next(iter(self.figures), None)

    @property
    def last(self) -> int | None:
        """Last listed year, with or without a figure."""
        return next(reversed(list(self.figures)), None)

    def trend(self) -> str:
        """Where the known figures go: ``up``, ``down``, ``flat``, ``mixed``, or empty (unknown)."""
        values = [value for _year, value in self.known()]
        steps = [b - a for a, b in itertools.pairwise(values)]
        if not steps:
            return ""
        if all(step == 0 for step in steps):
            return "flat"
        if all(step >= 0 for step in steps):
            return "up"
        return "down" if all(step <= 0 for step in steps) else "mixed"
