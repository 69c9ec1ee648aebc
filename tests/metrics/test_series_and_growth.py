"""Figures and growth: exact, floats refused, rates compared by powers instead of rounded roots."""

from __future__ import annotations

import itertools
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jigai.metrics.growth import change, compound_rate, compound_sign, mean_rate, shown
from jigai.metrics.series import Series, exact


@pytest.mark.parametrize("number", [0.1, 12.0, True])
def test_floats_and_truth_values_are_no_figures(number: float) -> None:
    with pytest.raises(TypeError):
        exact(number)  # type: ignore[arg-type]


def test_a_year_without_a_figure_is_not_zero() -> None:
    series = Series.of({2021: "112", 2020: 100, 2022: None})
    assert (series.first, series.last) == (2020, 2022)
    assert series.at(2022) is None
    assert series.at(1999) is None
    assert series.known() == [(2020, Fraction(100)), (2021, Fraction(112))]
    assert Series.of({}).last is None


@pytest.mark.parametrize(
    ("values", "trend"),
    [
        ([1, 2, 2], "up"), ([3, 2, 2], "down"), ([2, 2], "flat"), ([1, 3, 2], "mixed"),
        ([1], ""), ([1, None, 2], "up"), ([None, None], ""),
    ],
)  # fmt: skip
def test_the_trend_of_known_figures(values: list[int | None], trend: str) -> None:
    assert Series.of({2020 + i: value for i, value in enumerate(values)}).trend() == trend


@pytest.mark.system("growth-calculator")
def test_compound_growth_is_neither_the_last_years_nor_the_mean_of_the_rates() -> None:
    """E21: 100, 112, 110, 125, 135, 150 grow 8.447177 % a year; last year 11.1, the mean 8.59."""
    values = [Fraction(n) for n in (100, 112, 110, 125, 135, 150)]
    rates = [b / a - 1 for a, b in itertools.pairwise(values)]
    assert compound_rate(values[0], values[-1], 5) == Decimal("8.447177")
    assert shown(rates[-1] * 100) == Decimal("11.111111")
    assert shown(mean_rate(rates) * 100) == Decimal("8.592352")
    assert compound_sign(values[0], values[-1], 5, Fraction(8, 100)) == 1
    assert compound_sign(values[0], values[-1], 5, Fraction(845, 10000)) == -1


@given(
    st.integers(1, 10**6), st.integers(0, 3000), st.integers(1, 12),
)  # fmt: skip
def test_growing_by_exactly_the_rate_is_exactly_enough(base: int, rate: int, years: int) -> None:
    """A hair less is not, however many years: no root is rounded on the way."""
    step = Fraction(rate, 1000)
    end = base * (1 + step) ** years
    hair = Fraction(1, 10**30)
    assert compound_sign(Fraction(base), end, years, step) == 0
    assert compound_sign(Fraction(base), end - hair, years, step) == -1
    assert compound_sign(Fraction(base), end + hair, years, step) == 1


@given(st.fractions(min_value=1, max_value=10**9), st.fractions(min_value=0, max_value=10**9))
def test_a_fall_is_a_rise_with_its_sign_turned(base: Fraction, value: Fraction) -> None:
    assert change(base, value, "down") == -change(base, value, "up")


def test_exactly_twelve_per_cent_less() -> None:
    """E19: in floats 1 − 0.88 is 0.12 exactly too, yet 1 − 0.9 is not a tenth."""
    assert change(exact("1.000"), exact("0.880"), "down") == Fraction(12, 100)
    assert change(exact("1"), exact("0.9"), "down") == Fraction(1, 10) != Fraction(1 - 0.9)


@pytest.mark.parametrize(
    ("value", "text"),
    [("1/3", "0.333333"), ("-2/3", "-0.666667"), ("0", "0"), ("100", "100"), ("12.50", "12.5")],
)
def test_how_a_number_is_shown(value: str, text: str) -> None:
    assert str(shown(Fraction(value))) == text
