"""Enterprises counted once a year and once for all years, against the register of each year."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jigai.metrics.coverage import coverage

pytestmark = pytest.mark.system("enterprise-coverage-counter")

YEARS = st.dictionaries(
    st.integers(2018, 2022), st.lists(st.integers(0, 12), max_size=15), max_size=5
)


def test_an_enterprise_of_three_years_is_one_enterprise_and_three_turns() -> None:
    """8200, 8300 and 8500 add up to 25000 only if nobody comes twice."""
    found = coverage({2018: [1, 2], 2019: [1, 3], 2020: [1]}, {})
    assert [(c.own, c.new, c.cumulative, c.turns) for c in found] == [
        (2, 2, 2, 2), (2, 1, 3, 4), (1, 0, 3, 5),
    ]  # fmt: skip


def test_several_projects_of_a_year_are_one_enterprise() -> None:
    found = coverage({2020: [7, 7, 7, 8]}, {})
    assert found[0].own == found[0].turns == 2


def test_the_denominator_is_the_register_of_the_year() -> None:
    found = coverage({2019: [1, 2], 2020: [3]}, {2019: [1, 2, 3, 4], 2020: [2, 3, 5, 6, 9]})
    first, second = found
    assert (first.yearly_share, first.cumulative_share) == (Fraction(1, 2), Fraction(1, 2))
    # 1 took part and left the register: no longer in the share, still in the count.
    assert second.cumulative == 3 and second.ever_registered == 2
    assert (second.yearly_share, second.cumulative_share) == (Fraction(1, 5), Fraction(2, 5))


def test_who_is_not_in_the_register_cannot_push_a_share_over_the_whole() -> None:
    found = coverage({2020: [1, 2, 3]}, {2020: [1]})[0]
    assert found.yearly_share == 1 and found.outside == 2


def test_a_year_without_register_or_with_an_empty_one_has_no_share() -> None:
    for registers in ({}, {2020: []}):
        found = coverage({2020: [1]}, registers)[0]
        assert found.yearly_share is None and found.cumulative_share is None and found.own == 1
    assert coverage({}, {2020: [1]}) == []


def test_a_year_in_between_without_any_is_shown() -> None:
    found = coverage({2018: [1], 2020: [2]}, {2019: [1, 2]})
    assert [c.year for c in found] == [2018, 2019, 2020]
    assert found[1].own == 0 and found[1].cumulative == 1
    assert found[1].cumulative_share == Fraction(1, 2)


@given(YEARS, YEARS)
def test_counts_agree_with_each_other(
    took_part: dict[int, list[int]], registers: dict[int, list[int]]
) -> None:
    found = coverage(took_part, registers)
    everybody = {key for keys in took_part.values() for key in keys}
    assert sum(c.new for c in found) == len(everybody)
    if found:
        assert found[-1].cumulative == len(everybody)
        assert found[-1].turns == sum(len(set(keys)) for keys in took_part.values())
    for c in found:
        assert c.cumulative <= c.turns and c.new <= c.own <= c.cumulative
        if c.register:
            assert c.yearly_share is not None and c.cumulative_share is not None
            assert 0 <= c.yearly_share <= c.cumulative_share <= 1
