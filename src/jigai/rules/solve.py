"""Finds the value of one parameter that meets a budget, on the grid of the parameter's step.

The cost is asked for in batches: each pass over the facts prices a few values at once, evenly
spread and around where a straight line meets the budget, so that the passes are few and bounded.
The answer comes with its proof: the cost at the value and at the next step, which exceeds the
budget.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from math import isqrt

# Values of the grid by number → cost in fen.
Cost = Callable[[Sequence[Fraction]], Sequence[int]]
_PAIR = 2
MOST_PASSES = 12


@dataclass(frozen=True, slots=True)
class Grid:
    """The values that may be taken: ``low + k·step`` for k from 0 to ``size``.

    Raises ``ValueError`` for a step that is not positive or ends that it does not connect.
    """

    low: Fraction
    high: Fraction
    step: Fraction

    def __post_init__(self) -> None:
        if self.step <= 0 or self.high < self.low:
            raise ValueError("needs a positive step and ends in order")
        if (self.high - self.low) % self.step:
            raise ValueError("the step does not lead from one end to the other")

    @property
    def size(self) -> int:
        """Number of the last value."""
        return int((self.high - self.low) / self.step)

    def value(self, number: int) -> Fraction:
        """The value with a number."""
        return self.low + number * self.step


@dataclass(frozen=True, slots=True)
class Solution:
    """What was found.

    ``state``: ``found`` (``value`` costs no more than the budget and ``beyond``, the next step in
    the costly direction, costs more), ``unreachable`` (even the cheapest end costs more),
    ``unspent`` (even the costliest end costs no more), ``flat`` (the parameter does not change the
    cost). ``rising`` tells whether greater values cost more; ``monotone`` whether no pair of values
    looked at says otherwise — where it is false, the answer holds between the two values it names
    and there may be others. ``looked`` are all values priced with their cost, in order; ``passes``
    how often the facts were gone through.
    """

    state: str
    budget: int
    value: Fraction | None
    cost: int | None
    beyond: Fraction | None
    cost_beyond: int | None
    rising: bool
    monotone: bool
    passes: int
    looked: tuple[tuple[Fraction, int], ...] = field(default=())


def solve(cost: Cost, grid: Grid, budget: int, near: Fraction | None = None) -> Solution:
    """The value whose cost comes nearest to ``budget`` (fen) without exceeding it.

    ``cost`` prices several values at once and is called at most :data:`MOST_PASSES` times, whatever
    the curve looks like; over the 10,000 steps of a rate it takes four to seven. ``near`` is the
    present value: most budgets lead to one not far from it.
    """
    return _Search(cost, grid, budget, near).run()


class _Search:
    def __init__(self, cost: Cost, grid: Grid, budget: int, near: Fraction | None) -> None:
        self.cost, self.grid, self.budget = cost, grid, budget
        self.start = None
        if near is not None and grid.low < near < grid.high:
            self.start = int((near - grid.low) / grid.step)
        self.known: dict[int, int] = {}
        self.passes = 0
        # One pass for the ends, one for the last few values.
        self.spread = _PAIR
        while (self.spread + 1) ** (MOST_PASSES - 2) < grid.size:
            self.spread += 1

    def _price(self, numbers: Sequence[int]) -> None:
        new = sorted({n for n in numbers if n not in self.known})
        if new:
            self.passes += 1
            found = self.cost([self.grid.value(n) for n in new])
            self.known |= dict(zip(new, map(int, found), strict=True))

    def run(self) -> Solution:
        last = self.grid.size
        self._price([0, last] if self.start is None else [0, self.start, last])
        first, final = self.known[0], self.known[last]
        if first == final:
            # Equal ends may still hide a hump; the middle tells the plain case from that one.
            self._price([last // 3, last // 2, 2 * last // 3])
            if len(set(self.known.values())) == 1:
                return self._ended("flat", 0)
        rising = final >= first
        cheap = 0 if rising else last
        # Usually the other end; over a hump its top.
        dear = max(self.known, key=lambda n: (self.known[n], abs(n - cheap)))
        if self.known[cheap] > self.budget:
            return self._ended("unreachable", cheap)
        if self.known[dear] <= self.budget:
            return self._ended("unspent", dear)
        cheap, dear = self._narrowed(cheap, dear)
        while abs(dear - cheap) > 1:
            self._price(self._probes(cheap, dear))
            cheap, dear = self._narrowed(cheap, dear)
        return self._made("found", cheap, dear)

    def _probes(self, cheap: int, dear: int) -> list[int]:
        """Values to price next: evenly spread, which bounds the passes, and around the guess."""
        low, high = min(cheap, dear), max(cheap, dear)
        width = high - low
        if width <= self.spread + _PAIR + 1:
            return list(range(low + 1, high))
        guess = self._guess(cheap, dear)
        reach = max(1, isqrt(width) // 4)
        near = [min(max(guess + shift, low + 1), high - 1) for shift in (-reach, reach)]
        parts = self.spread + 1
        return [*near, *(low + width * part // parts for part in range(1, parts))]

    def _guess(self, cheap: int, dear: int) -> int:
        """Where the straight line between the ends meets the budget."""
        span = self.known[dear] - self.known[cheap]
        return cheap + round(Fraction(self.budget - self.known[cheap], span) * (dear - cheap))

    def _narrowed(self, cheap: int, dear: int) -> tuple[int, int]:
        """The last value on the cheap side's way that the budget still covers, and the next one
        priced: these two always stand on different sides of it."""
        step = 1 if dear > cheap else -1
        on_way = sorted((n for n in self.known if (n - cheap) * step >= 0), key=lambda n: n * step)
        for one, other in pairwise(on_way):
            if self.known[one] <= self.budget < self.known[other]:
                return one, other
        raise AssertionError("the ends of the bracket lie on different sides of the budget")

    def _ended(self, state: str, number: int) -> Solution:
        return self._made(state, number, None)

    def _made(self, state: str, number: int, beyond: int | None) -> Solution:
        looked = sorted(self.known.items())
        costs = [fen for _number, fen in looked]
        rising = costs[-1] >= costs[0]
        monotone = all(a <= b if rising else a >= b for a, b in pairwise(costs))
        return Solution(
            state, self.budget, self.grid.value(number), self.known[number],
            None if beyond is None else self.grid.value(beyond),
            None if beyond is None else self.known[beyond],
            rising, monotone, self.passes,
            tuple((self.grid.value(n), fen) for n, fen in looked),
        )  # fmt: skip


def grid_around(
    value: Fraction, step: Fraction, low: Fraction | None = None, high: Fraction | None = None
) -> Grid:
    """Values from ``low`` (0) to ``high`` (ten times the value), on whole steps within these ends.

    Raises ``ValueError`` where no step fits between them.
    """
    low = Fraction(0) if low is None else low
    high = max(value * 10, step * 10) if high is None else high
    first, last = -(-low // step), high // step
    return Grid(first * step, last * step, step)
