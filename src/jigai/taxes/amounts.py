"""Whole fen out of exact fractions, the same way everywhere; present values of yearly sums."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

YearlyFen = Mapping[int, int]


def to_fen(value: Fraction) -> int:
    """Whole fen, halves away from zero (also for negatives)."""
    shifted = abs(value) + Fraction(1, 2)
    whole = shifted.numerator // shifted.denominator
    return whole if value >= 0 else -whole


def rounded_years(exact: Mapping[int, Fraction]) -> dict[int, int]:
    """Yearly fen out of exact years: the running total is rounded, so no fen is lost.

    The sum of the answer is the rounded sum of what is given; each year differs by at most one fen
    from its own exact value.
    """
    found: dict[int, int] = {}
    running, told = Fraction(0), 0
    for year in sorted(exact):
        running += exact[year]
        found[year] = to_fen(running) - told
        told += found[year]
    return found


def present_value(flows: YearlyFen, rate: Fraction, base_year: int) -> int:
    """Worth in ``base_year`` of yearly fen at a yearly discount rate, rounded once to fen.

    A sum of the base year itself counts in full; a later one is divided by (1 + rate) a year.
    """
    total = sum(
        (Fraction(fen) / (1 + rate) ** (year - base_year) for year, fen in flows.items()),
        Fraction(0),
    )
    return to_fen(total)


def add_years(*many: YearlyFen) -> dict[int, int]:
    """Years added up, in order."""
    years = sorted({year for one in many for year in one})
    return {year: sum(one.get(year, 0) for one in many) for year in years}


def minus(one: YearlyFen, other: YearlyFen) -> dict[int, int]:
    """``one`` less ``other`` year by year."""
    return add_years(one, {year: -fen for year, fen in other.items()})


def total(flows: YearlyFen | Iterable[int]) -> int:
    """All years together (fen)."""
    return sum(flows.values()) if isinstance(flows, Mapping) else sum(flows)
