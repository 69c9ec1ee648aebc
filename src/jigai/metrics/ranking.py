"""Ranks by a stated rule for ties, the same whatever the order rows come in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Generic, TypeVar

Number = int | Decimal | Fraction
Row = TypeVar("Row")

SHARED, DENSE, DISTINCT = "shared", "dense", "distinct"
# How a screen tells the rule under the table.
TIE_RULES = {
    SHARED: "同值并列，其后的名次跳过（1、1、3）",
    DENSE: "同值并列，其后的名次不跳过（1、1、2）",
    DISTINCT: "同值的按代码从小到大排先后（1、2、3）",
}


@dataclass(frozen=True, slots=True)
class Ranked(Generic[Row]):
    """One row with its place from 1; ``None`` where its value is unknown. ``tied`` with others."""

    row: Row
    value: Number | None
    rank: int | None
    tied: bool = False


def rank(
    rows: Iterable[Row],
    value: Callable[[Row], Number | None],
    key: Callable[[Row], str],
    *,
    ties: str = SHARED,
    highest_first: bool = True,
) -> list[Ranked[Row]]:
    """Rows by value, then by key; unknown values come last without a place.

    ``key`` names a row (a region's code) and must be unique. ``ties`` is one of ``TIE_RULES``.
    Raises ``ValueError`` for another rule or a key that comes twice.
    """
    if ties not in TIE_RULES:
        raise ValueError(f"not a rule for ties: {ties}")
    known: list[tuple[Number, str, Row]] = []
    unknown: list[tuple[str, Row]] = []
    for row in rows:
        found = value(row)
        if found is None:
            unknown.append((key(row), row))
        else:
            known.append((-found if highest_first else found, key(row), row))
    names = [name for _, name, _ in known] + [name for name, _ in unknown]
    if len(set(names)) < len(names):
        raise ValueError("a key comes twice")
    known.sort(key=lambda item: item[:2])
    placed = _placed(known, ties, -1 if highest_first else 1)
    unknown.sort(key=lambda item: item[0])
    return placed + [Ranked(row, None, None) for _, row in unknown]


def _placed(known: list[tuple[Number, str, Row]], ties: str, sign: int) -> list[Ranked[Row]]:
    counts: dict[Number, int] = {}
    for figure, _, _ in known:
        counts[figure] = counts.get(figure, 0) + 1
    found: list[Ranked[Row]] = []
    place, last = 0, None
    for order, (figure, _, row) in enumerate(known, start=1):
        if ties == DISTINCT or figure != last:
            place = place + 1 if ties == DENSE else order
        last = figure
        tied = ties != DISTINCT and counts[figure] > 1
        found.append(Ranked(row, figure * sign, place, tied))
    return found
