"""Largest remainder: whole fen that add up to the pool, ties by key."""

from __future__ import annotations

from collections.abc import Sequence


def allocate(pool: int, weights: Sequence[int], keys: Sequence[object]) -> list[int]:
    """Split ``pool`` fen in proportion to non-negative integer ``weights``.

    Shares are floors; the fen left over go one each to the largest remainders, equal remainders to
    the smaller key. Without any weight everybody gets zero. Shares add up to ``pool`` exactly.
    """
    total = sum(weights)
    if total == 0:
        return [0] * len(weights)
    shares = [pool * weight // total for weight in weights]
    left = pool - sum(shares)
    order = sorted(range(len(weights)), key=lambda i: (-(pool * weights[i] % total), keys[i]))
    for index in order[:left]:
        shares[index] += 1
    return shares
