"""Strong Kleene logic and exact money: ``None`` is "unknown" everywhere, and it never pays."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

FEN_PER_YUAN = 100
FEN_PER_WAN = 1_000_000


def all_of(*truths: bool | None) -> bool | None:
    """And: one false is enough for false, else one unknown is enough for unknown."""
    if any(truth is False for truth in truths):
        return False
    return None if any(truth is None for truth in truths) else True


def any_of(*truths: bool | None) -> bool | None:
    """Or: one true is enough for true, else one unknown is enough for unknown."""
    if any(truth is True for truth in truths):
        return True
    return None if any(truth is None for truth in truths) else False


def negate(truth: bool | None) -> bool | None:
    """Not."""
    return None if truth is None else not truth


def equal(left: Any, right: Any) -> bool | None:
    """Equality of two facts."""
    return None if left is None or right is None else left == right


def one_of(value: Any, choices: Iterable[Any] | None) -> bool | None:
    """Membership of a fact in a list."""
    return None if value is None or choices is None else value in choices


def more(left: Any, right: Any) -> bool | None:
    """``left > right``."""
    return None if left is None or right is None else left > right


def at_least(left: Any, right: Any) -> bool | None:
    """``left >= right``."""
    return None if left is None or right is None else left >= right


def between(value: Any, first: Any, last: Any) -> bool | None:
    """``first <= value <= last``, each side judged on its own."""
    return all_of(at_least(value, first), at_least(last, value))


def choose(condition: bool | None, yes: Any, no: Any) -> Any:
    """A case of one condition: an unknown condition makes the case unknown."""
    if condition is None:
        return None
    return yes if condition else no


def add(*parts: Any) -> Any:
    """Sum; unknown if any part is."""
    return None if any(part is None for part in parts) else sum(parts)


def less(left: Any, right: Any) -> Any:
    """Difference; unknown if either side is."""
    return None if left is None or right is None else left - right


def times(*factors: Any) -> Any:
    """Product; unknown if any factor is."""
    product: Any = 1
    for factor in factors:
        if factor is None:
            return None
        product *= factor
    return product


def least(left: Any, right: Any) -> Any:
    """The smaller; unknown if either side is."""
    return None if left is None or right is None else min(left, right)


def greatest(left: Any, right: Any) -> Any:
    """The larger; unknown if either side is."""
    return None if left is None or right is None else max(left, right)


def half_away(value: Fraction | int) -> int:
    """The nearest integer, halves away from zero (also below zero)."""
    size = math.floor(abs(Fraction(value)) + Fraction(1, 2))
    return size if value >= 0 else -size


def to_fen(value: Fraction | int | None) -> int | None:
    """Rounded to the fen."""
    return None if value is None else half_away(value)


def to_yuan_down(value: Fraction | int | None) -> int | None:
    """What is below one yuan is dropped."""
    return None if value is None else math.floor(Fraction(value) / FEN_PER_YUAN) * FEN_PER_YUAN


def to_wan(value: Fraction | int | None) -> int | None:
    """Rounded to ten thousand yuan."""
    return None if value is None else half_away(Fraction(value) / FEN_PER_WAN) * FEN_PER_WAN


def largest_remainder(total: int, weights: dict[Any, int | Fraction]) -> dict[Any, int]:
    """Split ``total`` in proportion to ``weights`` in whole units that add up to it.

    Units left over go to the largest remainders, equal remainders to the smaller key. A member
    whose red letters exceed its invoices has no weight: nobody owes the district money.
    """
    weights = {key: max(weight, 0) for key, weight in weights.items()}
    whole = sum(weights.values())
    if whole <= 0:
        return dict.fromkeys(weights, 0)
    exact = {key: Fraction(total) * weight / whole for key, weight in weights.items()}
    shares = {key: math.floor(value) for key, value in exact.items()}
    left = total - sum(shares.values())
    for key in sorted(weights, key=lambda key: (shares[key] - exact[key], key))[:left]:
        shares[key] += 1
    return shares
