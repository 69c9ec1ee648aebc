"""Which cells of a published table to withhold so that nobody's own figures can be read off.

A group of fewer than ``k`` enterprises is withheld (invariant: groups smaller than *k* are
suppressed), and so is one that a single enterprise dominates. Since the total is published, what is
withheld can be worked out by subtraction: further groups are withheld until those withheld together
hold at least two groups and ``k`` enterprises.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction

SMALL, DOMINATED, COMPLEMENT = "small", "dominated", "complement"
WHY = {
    SMALL: "企业少于规定家数",
    DOMINATED: "一家企业占了绝大部分",
    COMPLEMENT: "为防止从合计倒推",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One group of a table: enterprises in it (the fewest of all the periods published that have
    any), its amount, and the amount of its greatest enterprise; in one whole unit."""

    key: str
    enterprises: int
    amount: int
    largest: int = 0


@dataclass(frozen=True, slots=True)
class Suppressed:
    """Keys withheld with the reason of each; whether the total must be withheld too."""

    reasons: dict[str, str]
    total: bool


def suppress(
    cells: Iterable[Cell],
    k: int,
    dominance: Fraction | None = None,
    known: Collection[str] = (),
) -> Suppressed:
    """What to withhold from a table of groups that make up the published total.

    ``dominance`` is the greatest share one enterprise may have of a group, ``None`` for no limit.
    ``known`` groups are published elsewhere (a county's own release beside its city's): withholding
    them here hides nothing, so they do not count as withheld. Empty groups tell of nobody and stay.
    Raises ``ValueError`` for ``k`` below 2.
    """
    if k < 2:
        raise ValueError("k below 2 hides nobody")
    filled = sorted(
        (cell for cell in cells if cell.enterprises), key=lambda c: (c.enterprises, c.amount, c.key)
    )
    reasons = {cell.key: SMALL for cell in filled if cell.enterprises < k}
    if dominance is not None:
        for cell in filled:
            if cell.amount > 0 and Fraction(cell.largest, cell.amount) > dominance:
                reasons.setdefault(cell.key, DOMINATED)
    if reasons:
        _complement([cell for cell in filled if cell.key not in known], reasons, k)
    hidden = [cell for cell in filled if cell.key in reasons and cell.key not in known]
    safe = not hidden or (len(hidden) > 1 and sum(c.enterprises for c in hidden) >= k)
    return Suppressed(reasons, not safe)


def _complement(filled: list[Cell], reasons: dict[str, str], k: int) -> None:
    """Withhold the smallest other groups while subtraction would tell too much."""
    for cell in filled:
        hidden = [one for one in filled if one.key in reasons]
        if len(hidden) > 1 and sum(one.enterprises for one in hidden) >= k:
            return
        reasons.setdefault(cell.key, COMPLEMENT)
