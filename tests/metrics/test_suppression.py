"""Small groups are withheld, and so is what they could be worked out from."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jigai.metrics.suppression import COMPLEMENT, DOMINATED, SMALL, Cell, suppress

pytestmark = pytest.mark.system("investment-release")


def cells(*counts: int) -> list[Cell]:
    return [Cell(f"g{n}", count, count * 100, 10) for n, count in enumerate(counts)]


def test_a_single_small_group_takes_another_with_it() -> None:
    """Withheld alone it would be the total less the others."""
    found = suppress(cells(10, 2, 5), 3)
    assert found.reasons == {"g1": SMALL, "g2": COMPLEMENT} and not found.total


def test_two_small_groups_together_must_hold_k_too() -> None:
    assert suppress(cells(10, 1, 1, 9), 3).reasons == {
        "g1": SMALL, "g2": SMALL, "g3": COMPLEMENT,
    }  # fmt: skip
    assert set(suppress(cells(10, 2, 1, 9), 3).reasons) == {"g1", "g2"}


def test_the_total_goes_where_it_would_tell() -> None:
    assert suppress(cells(2), 3).total
    assert suppress(cells(1, 1), 3).total
    assert suppress(cells(2, 0), 3).total
    assert not suppress(cells(5, 4), 3).total


def test_empty_groups_stay_and_nothing_is_withheld_without_need() -> None:
    assert suppress(cells(0, 3, 8), 3).reasons == {}
    assert suppress([], 3).reasons == {} and not suppress([], 3).total


def test_a_group_that_one_enterprise_is_nearly_all_of_is_withheld() -> None:
    giant = [Cell("giant", 6, 1000, 900), *cells(6, 7)]
    assert suppress(giant, 3, Fraction(17, 20)).reasons["giant"] == DOMINATED
    assert "giant" not in suppress(giant, 3).reasons
    at_limit = [Cell("giant", 6, 1000, 850), *cells(6, 7)]
    assert suppress(at_limit, 3, Fraction(17, 20)).reasons == {}


def test_what_is_public_elsewhere_hides_nothing() -> None:
    """g2 has a release of its own: withheld here it could be added again, so g0 must go too."""
    found = suppress(cells(10, 2, 5), 3, known={"g2"})
    assert found.reasons == {"g1": SMALL, "g0": COMPLEMENT} and not found.total
    assert suppress(cells(2, 5), 3, known={"g1"}).total
    assert suppress(cells(2, 5), 3, known={"g0", "g1"}).total is False


def test_k_of_one_hides_nobody_and_is_refused() -> None:
    with pytest.raises(ValueError, match="hides nobody"):
        suppress([], 1)


@given(st.lists(st.integers(0, 9), max_size=10), st.integers(2, 6))
def test_nothing_published_tells_of_fewer_than_k(counts: list[int], k: int) -> None:
    table = cells(*counts)
    found = suppress(table, k)
    shown = [c for c in table if c.key not in found.reasons]
    assert all(c.enterprises == 0 or c.enterprises >= k for c in shown)
    hidden = [c for c in table if c.key in found.reasons]
    if hidden and not found.total:
        # What subtraction leaves: at least two groups and k enterprises.
        assert len(hidden) > 1 and sum(c.enterprises for c in hidden) >= k
    if found.total:
        assert not [c for c in shown if c.enterprises]
