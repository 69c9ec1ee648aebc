"""Quantiles, classes and concentration: exact, against definitions written out another way."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jigai.metrics.distribution import (
    concentration,
    histogram,
    in_ten_thousandths,
    quantile,
    quantiles,
)

AMOUNTS = st.lists(st.integers(0, 10**13), min_size=1, max_size=40)
HALF = Fraction(1, 2)


@pytest.mark.parametrize(
    ("amounts", "share", "wanted"),
    [
        ([10, 20, 30, 40], HALF, 20),
        ([10, 20, 30], HALF, 20),
        ([10, 20, 30, 40], Fraction(0), 10),
        ([10, 20, 30, 40], Fraction(1), 40),
        ([10, 20, 30, 40], Fraction(1, 4), 10),
        ([10, 20, 30, 40], Fraction(26, 100), 20),
        ([7], Fraction(9, 10), 7),
    ],
)
def test_a_quantile_is_one_of_the_amounts(amounts: list[int], share: Fraction, wanted: int) -> None:
    assert quantile(amounts, share) == wanted


@given(AMOUNTS, st.fractions(0, 1))
def test_a_quantile_covers_its_share_and_no_smaller_amount_does(
    amounts: list[int], share: Fraction
) -> None:
    ordered = sorted(amounts)
    found = quantile(ordered, share)
    assert sum(a <= found for a in ordered) >= share * len(ordered)
    assert found == ordered[0] or sum(a < found for a in ordered) < share * len(ordered)


def test_no_amounts_have_no_quantiles_and_a_wrong_share_is_refused() -> None:
    assert quantiles([]) == []
    for wrong in ([], [1]):
        with pytest.raises(ValueError, match="share"):
            quantile(wrong, Fraction(3, 2))


def test_quantiles_do_not_depend_on_order() -> None:
    assert quantiles([3, 1, 2]) == quantiles([1, 2, 3])


@given(AMOUNTS)
def test_every_amount_lies_in_one_class_and_sums_add_up(amounts: list[int]) -> None:
    found = histogram(amounts, [0, 5, 10, 1000, 10**9])
    assert sum(b.count for b in found) == len(amounts)
    assert sum(b.total for b in found) == sum(amounts)
    for b in found:
        inside = [a for a in amounts if b.low <= a and (b.high is None or a < b.high)]
        assert (b.count, b.total) == (len(inside), sum(inside))


def test_an_edge_belongs_to_the_class_it_begins() -> None:
    low, high = histogram([4, 5], [0, 5])
    assert (low.count, high.count, high.high) == (1, 1, None)


@pytest.mark.parametrize("edges", [[], [5, 5], [5, 1]])
def test_edges_must_ascend(edges: list[int]) -> None:
    with pytest.raises(ValueError, match="ascend"):
        histogram([1], edges)


def test_an_amount_below_the_first_edge_is_refused_not_dropped() -> None:
    with pytest.raises(ValueError, match="below"):
        histogram([-1], [0, 5])


@pytest.mark.parametrize(
    ("amounts", "gini", "hhi"),
    [
        ([5, 5, 5, 5], Fraction(0), Fraction(1, 4)),
        ([0, 0, 0, 8], Fraction(3, 4), Fraction(1)),
        ([1, 3], Fraction(1, 4), Fraction(10, 16)),
        ([9], Fraction(0), Fraction(1)),
    ],
)
def test_known_concentrations(amounts: list[int], gini: Fraction, hhi: Fraction) -> None:
    found = concentration(amounts)
    assert (found.gini, found.hhi) == (gini, hhi)


@given(AMOUNTS)
def test_gini_is_half_the_mean_difference_over_the_mean(amounts: list[int]) -> None:
    """The definition by pairs, which shares nothing with the sorted sum."""
    found = concentration(amounts)
    total, size = sum(amounts), len(amounts)
    if not total:
        assert found.gini is found.hhi is found.top_share is None
        return
    pairs = sum(abs(a - b) for a in amounts for b in amounts)
    assert found.gini == Fraction(pairs, 2 * size * total)
    assert found.hhi == sum((Fraction(a, total) ** 2 for a in amounts), Fraction(0))
    assert Fraction(1, size) <= found.hhi <= 1


@given(AMOUNTS, st.integers(0, 50))
def test_the_greatest_hold_their_share(amounts: list[int], top: int) -> None:
    found = concentration(amounts, top)
    if sum(amounts):
        rest = sorted(amounts, reverse=True)[:top]
        assert found.top_share == Fraction(sum(rest), sum(amounts))


def test_a_negative_amount_is_no_benefit() -> None:
    with pytest.raises(ValueError, match="negative"):
        concentration([5, -1])


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (Fraction(1, 8), 1250),
        (Fraction(12345, 100_000), 1235),
        (Fraction(1, 3), 3333),
        (Fraction(2, 3), 6667),
        (Fraction(1), 10_000),
        (None, None),
    ],
)
def test_shares_are_written_in_ten_thousandths(value: Fraction | None, wanted: int | None) -> None:
    assert in_ten_thousandths(value) == wanted
