"""The solver: the value it finds meets the budget, the next one does not, in few passes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jigai.rules.solve import MOST_PASSES, Grid, Solution, grid_around, solve

RATES = Grid(Fraction(0), Fraction(1), Fraction(1, 10_000))


class Priced:
    """A cost function that counts how often it is asked."""

    def __init__(self, function: Callable[[Fraction], int]) -> None:
        self.function, self.calls, self.asked = function, 0, list[Fraction]()

    def __call__(self, values: Sequence[Fraction]) -> list[int]:
        self.calls += 1
        self.asked += values
        return [self.function(value) for value in values]


def capped(bases: Sequence[int], cap: int, floor: int = 0) -> Callable[[Fraction], int]:
    """What a rate costs over some investments, capped each, rounded half up to the fen."""
    return lambda rate: floor + sum(min(int(base * rate + Fraction(1, 2)), cap) for base in bases)


def check(found: Solution, cost: Callable[[Fraction], int], grid: Grid, budget: int) -> None:
    """The proof holds: value within, next step beyond."""
    assert found.state == "found"
    assert found.value is not None and found.beyond is not None
    assert abs(found.beyond - found.value) == grid.step
    assert found.cost == cost(found.value) <= budget < cost(found.beyond) == found.cost_beyond


BASES = st.lists(st.integers(10**6, 10**11), min_size=1, max_size=30)


@given(BASES, st.integers(10**5, 10**9), st.integers(0, 1000), st.integers(0, 9_999))
@settings(max_examples=80)
def test_a_rate_meets_the_budget_and_the_next_exceeds_it(
    bases: list[int], cap: int, near: int, permyriad: int
) -> None:
    """Whatever the investments and the cap; the scan of the whole grid finds the same."""
    cost = capped(bases, cap)
    budget = cost(Fraction(permyriad, 10_000))
    priced = Priced(cost)
    found = solve(priced, RATES, budget, Fraction(near, 1000))
    assert priced.calls == found.passes <= MOST_PASSES
    if found.state == "found":
        check(found, cost, RATES, budget)
        assert found.rising and found.monotone
    else:
        assert found.state in ("unspent", "flat") and cost(Fraction(1)) <= budget


def test_the_usual_case_takes_few_passes() -> None:
    """Ten thousand rates: a handful of passes, not ten thousand."""
    cost = capped([k * 10**8 for k in range(1, 60)], 100_000_000)
    priced = Priced(cost)
    found = solve(priced, RATES, cost(Fraction(237, 10_000)) + 7, Fraction(3, 100))
    check(found, cost, RATES, found.budget)
    assert found.value == Fraction(237, 10_000)
    assert priced.calls <= 6 and len(set(priced.asked)) == len(priced.asked) == len(found.looked)


@pytest.mark.parametrize("size", [1, 2, 3, 10, 999, 10**6])
def test_the_worst_curve_stays_within_the_passes(size: int) -> None:
    """A single step at the far end tells the straight line nothing at all."""
    grid = Grid(Fraction(0), Fraction(size), Fraction(1))
    for edge in {1, size // 2 or 1, size}:
        priced = Priced(lambda value, edge=edge: 10 if value >= edge else 0)  # type: ignore[misc]
        found = solve(priced, grid, 5)
        check(found, priced.function, grid, 5)
        assert priced.calls <= MOST_PASSES


def test_a_threshold_costs_less_the_higher_it_is() -> None:
    """The least threshold that the budget covers; one step lower costs more."""
    bases = [k * 10**7 for k in range(1, 200)]
    grid = Grid(Fraction(0), Fraction(2 * 10**9), Fraction(10**6))

    def cost(threshold: Fraction) -> int:
        return sum(base * 3 // 100 for base in bases if base >= threshold)

    found = solve(cost_of(cost), grid, 200_000_000, Fraction(5 * 10**8))
    check(found, cost, grid, 200_000_000)
    assert not found.rising and found.monotone
    assert found.beyond is not None and found.value is not None and found.beyond < found.value


def cost_of(function: Callable[[Fraction], int]) -> Priced:
    return Priced(function)


def test_what_cannot_be_reached_says_so() -> None:
    cost = capped([10**9], 10**8, floor=500)
    found = solve(Priced(cost), RATES, 499)
    assert (found.state, found.value, found.cost, found.beyond) == ("unreachable", 0, 500, None)


def test_more_money_than_can_be_spent_says_so() -> None:
    cost = capped([10**9], 10**8)
    found = solve(Priced(cost), RATES, 10**9)
    assert (found.state, found.value, found.cost) == ("unspent", 1, 10**8)


def test_a_parameter_without_effect_is_flat() -> None:
    found = solve(Priced(lambda _value: 77), RATES, 100)
    assert (found.state, found.cost) == ("flat", 77)


def test_a_budget_met_exactly_is_met() -> None:
    found = solve(Priced(lambda value: int(value * 10_000)), RATES, 4321)
    assert (found.value, found.cost, found.cost_beyond) == (Fraction(4321, 10_000), 4321, 4322)


def test_a_hump_is_told_and_the_answer_still_proved() -> None:
    """Where greater values may cost less, the pair found is right and ``monotone`` says no."""
    grid = Grid(Fraction(0), Fraction(1000), Fraction(1))

    def cost(value: Fraction) -> int:
        return int(value) if value <= 300 else 600 - int(value) if value <= 500 else int(value)

    found = solve(Priced(cost), grid, 250)
    check(found, cost, grid, 250)

    def hump(value: Fraction) -> int:
        return 500 - abs(int(value) - 500)

    found = solve(Priced(hump), grid, 100)
    check(found, hump, grid, 100)
    assert not found.monotone


def test_everything_looked_at_is_told_in_order() -> None:
    cost = capped([10**9, 3 * 10**9], 10**8)
    priced = Priced(cost)
    found = solve(priced, RATES, 5 * 10**7)
    assert [v for v, _fen in found.looked] == sorted(priced.asked)
    assert all(fen == cost(value) for value, fen in found.looked)
    assert all(a <= b for (_v, a), (_w, b) in pairwise(found.looked))


@pytest.mark.parametrize(
    ("low", "high", "step", "said"),
    [(0, 1, 0, "positive"), (2, 1, 1, "order"), (0, 1, Fraction(2, 3), "lead")],
)
def test_a_grid_that_does_not_fit_is_refused(low: int, high: int, step: int, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Grid(Fraction(low), Fraction(high), Fraction(step))


def test_a_grid_around_a_value_lies_on_whole_steps() -> None:
    grid = grid_around(Fraction(3, 100), Fraction(1, 10_000), high=Fraction(1))
    assert (grid.low, grid.high, grid.size) == (0, 1, 10_000)
    grid = grid_around(Fraction(7), Fraction(2))
    assert (grid.low, grid.high) == (0, 70)
    grid = grid_around(Fraction(7), Fraction(2), Fraction(3), Fraction(9))
    assert (grid.low, grid.high) == (4, 8)
