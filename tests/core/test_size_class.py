"""统计上大中小微型企业划分办法（2017）: its own lower bounds, and what is missing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jigai.core.size_class import MICRO, sector_of, size_class, size_sectors

WAN = 1_000_000
ORDER = ["micro", "small", "medium", "large"]


@pytest.mark.parametrize(
    ("people", "revenue", "size"),
    [
        (1000, 40000, "large"),
        (999, 40000, "medium"),
        (1000, 39999, "medium"),
        (300, 2000, "medium"),
        (299, 99999, "small"),
        (5000, 1999, "small"),
        (20, 300, "small"),
        (19, 99999, "micro"),
        (5000, 299, "micro"),
        (0, 0, "micro"),
    ],
)
@pytest.mark.system("enterprise-size-classifier")
def test_industry(people, revenue, size) -> None:
    assert size_class("3484", employees=people, revenue_fen=revenue * WAN) == size


def test_one_fen_below_the_bound_is_below() -> None:
    assert size_class("3484", employees=300, revenue_fen=2000 * WAN - 1) == "small"


@pytest.mark.parametrize(("people", "revenue"), [(None, 5), (5, None), (None, None)])
def test_a_missing_datum_gives_no_class(people, revenue) -> None:
    assert size_class("3484", employees=people, revenue_fen=revenue) is None


@pytest.mark.parametrize(
    ("code", "sector"),
    [("0610", "industry"), ("3484", "industry"), ("4690", "industry"), ("4710", "construction"),
     ("5162", "wholesale"), ("6513", "software"), ("8310", None), (None, None), ("", None)],
)  # fmt: skip
def test_sectors_follow_the_division(code, sector) -> None:
    found = sector_of(code)
    assert (found.id if found else None) == sector


def test_other_sectors_use_their_own_data() -> None:
    wan = WAN
    assert (
        size_class("4710", employees=None, revenue_fen=80000 * wan, assets_fen=80000 * wan)
        == "large"
    )
    assert size_class("4710", employees=None, revenue_fen=80000 * wan) is None
    assert size_class("0111", employees=None, revenue_fen=500 * wan) == "medium"
    assert size_class("7210", employees=300, revenue_fen=None, assets_fen=120000 * wan) == "large"
    assert size_class("8310", employees=10**6, revenue_fen=10**15) is None


def test_no_division_is_in_two_sectors_and_bounds_rise() -> None:
    seen = [division for sector in size_sectors() for division in sector.divisions]
    assert len(seen) == len(set(seen))
    for sector in size_sectors():
        for measure in sector.measures:
            small, medium, large = (sector.bounds[size][measure] for size in ORDER[1:])
            assert 0 < small < medium < large


@given(st.integers(0, 5000), st.integers(0, 10**11), st.integers(0, 500), st.integers(0, 10**10))
def test_growing_never_makes_an_enterprise_smaller(
    people, revenue, more_people, more_revenue
) -> None:
    before = size_class("3484", employees=people, revenue_fen=revenue) or MICRO
    after = size_class("3484", employees=people + more_people, revenue_fen=revenue + more_revenue)
    assert ORDER.index(after or MICRO) >= ORDER.index(before)
