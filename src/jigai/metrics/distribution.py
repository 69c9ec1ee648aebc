"""How money lies on those who get it: quantiles, classes, concentration. Exact, no floats.

Amounts are whole numbers (fen). Shares and indices are fractions; :func:`in_ten_thousandths` writes
them. Nobody is left out silently: whoever gets nothing counts only where the caller hands in zeros.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

QUANTILES = (Fraction(1, 10), Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), Fraction(9, 10))


@dataclass(frozen=True, slots=True)
class Bin:
    """Amounts from ``low`` (included) up to ``high`` (not included; ``None`` has no upper end):
    how many there are, and their sum in fen."""

    low: int
    high: int | None
    count: int
    total: int


@dataclass(frozen=True, slots=True)
class Concentration:
    """How much lies on few: share of the greatest ``top``, Gini coefficient, Herfindahl index.

    All ``None`` where there is nothing to share out.
    """

    top: int
    top_share: Fraction | None
    gini: Fraction | None
    hhi: Fraction | None


def quantile(ordered: Sequence[int], share: Fraction) -> int:
    """The smallest amount that at least ``share`` of all amounts do not exceed.

    ``ordered`` ascending and not empty; the answer is one of the amounts (definition 1 of Hyndman
    and Fan, the inverse of the distribution function), so nothing is interpolated or rounded.
    Raises ``ValueError`` for no amounts or a share outside 0 to 1.
    """
    if not ordered or not 0 <= share <= 1:
        raise ValueError("needs amounts and a share between 0 and 1")
    place = -(-share.numerator * len(ordered) // share.denominator)
    return ordered[max(place, 1) - 1]


def quantiles(
    amounts: Iterable[int], shares: Sequence[Fraction] = QUANTILES
) -> list[tuple[Fraction, int]]:
    """The quantile of each share; none for no amounts."""
    ordered = sorted(amounts)
    return [(share, quantile(ordered, share)) for share in shares] if ordered else []


def histogram(amounts: Iterable[int], edges: Sequence[int]) -> list[Bin]:
    """Counts and sums between ascending ``edges``; the last bin has no upper end.

    Raises ``ValueError`` for edges out of order or an amount below the first edge.
    """
    if not edges or any(a >= b for a, b in pairwise(edges)):
        raise ValueError("edges must ascend")
    counts, totals = [0] * len(edges), [0] * len(edges)
    for amount in amounts:
        place = bisect_right(edges, amount) - 1
        if place < 0:
            raise ValueError(f"{amount} lies below the first edge {edges[0]}")
        counts[place] += 1
        totals[place] += amount
    ends: list[int | None] = [*edges[1:], None]
    return [Bin(*row) for row in zip(edges, ends, counts, totals, strict=True)]


def concentration(amounts: Iterable[int], top: int = 10) -> Concentration:
    """Share of the ``top`` greatest amounts, Gini coefficient and Herfindahl-Hirschman index.

    Gini: Σ(2i − n − 1)·xᵢ ÷ (n·Σx) over ascending x, 0 for equal amounts, (n − 1)/n when one has
    all; HHI: Σ(xᵢ/Σx)², between 1/n and 1. Raises ``ValueError`` for a negative amount.
    """
    ordered = sorted(amounts)
    if ordered and ordered[0] < 0:
        raise ValueError("amounts must not be negative")
    total, size = sum(ordered), len(ordered)
    if not total:
        return Concentration(top, None, None, None)
    spread = sum((2 * place - size - 1) * amount for place, amount in enumerate(ordered, 1))
    greatest = sum(ordered[-top:]) if top else 0
    return Concentration(
        top,
        Fraction(greatest, total),
        Fraction(spread, size * total),
        Fraction(sum(amount * amount for amount in ordered), total * total),
    )


def in_ten_thousandths(value: Fraction | None) -> int | None:
    """A share as whole ten-thousandths, halves upwards: 12.345 % is 1235; ``None`` stays."""
    if value is None:
        return None
    return (value.numerator * 20_000 + value.denominator) // (2 * value.denominator)
