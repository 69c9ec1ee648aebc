"""The number a target must meet once its words are read: 以上, 超过, 左右, 达到."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from jigai.metrics.goal import Goal, Words

_REACHED = frozenset(("level", "stock", "cumulative"))
_PERCENT = frozenset(("%", "％", "百分点"))


@dataclass(frozen=True, slots=True)
class Limit:
    """``number`` with a comparison: ``>=``, ``>``, ``<=``, ``<`` or ``=``."""

    symbol: str
    number: Fraction

    def met(self, value: Fraction) -> bool:
        """Whether a value meets it."""
        sign = (value > self.number) - (value < self.number)
        return self.signed(sign)

    def signed(self, sign: int) -> bool:
        """Whether a value on this side of the number (−1, 0, 1) meets it."""
        return {
            ">=": sign >= 0, ">": sign > 0, "<=": sign <= 0, "<": sign < 0, "=": sign == 0
        }[self.symbol]  # fmt: skip

    def short(self, value: Fraction, counted: bool) -> Fraction:
        """What is missing: 0 where it is met; a strict limit misses a whole one of what is counted
        (E18: 25000 of more than 25000 is short by 1)."""
        if self.met(value):
            return Fraction(0)
        distance = abs(self.number - value)
        return distance + 1 if counted and self.symbol in "<>" else distance


def limit_of(goal: Goal, words: Words) -> Limit | str:
    """The limit of a target with a number, or a sentence on what nobody has decided (U3, U4).

    ``左右`` is relaxed only on the side that falls short: 30 个 at five per cent is 28.5.
    """
    assert goal.value is not None
    if goal.comparator == "about":
        return _about(goal, words, goal.value)
    if goal.comparator == ">=" and words.reach == "b" and goal.growth in _REACHED:
        return Limit("=", goal.value)
    return Limit(goal.comparator, goal.value)


def _about(goal: Goal, words: Words, value: Fraction) -> Limit | str:
    symbol = "<=" if goal.better == "down" and goal.growth not in ("change-from-base",) else ">="
    side = 1 if symbol == "<=" else -1
    if words.about == "c":
        return Limit(symbol, value)
    if words.about == "a" and words.about_share is not None:
        return Limit(symbol, value * (1 + side * words.about_share))
    if words.about == "b" and words.about_points is not None:
        if goal.unit not in _PERCENT:
            return f"“左右”按固定百分点读，而“{goal.unit}”不是百分数：改选读法 左右容差"
        return Limit(symbol, value + side * words.about_points)
    return "“左右”差多少还算达到没有定：先选读法 左右容差，并填容差参数"
