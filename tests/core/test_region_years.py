"""Codes by year: 370882 until 2013, 370812 since; what moved stands where it moved to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jigai.core.region_years import (
    after,
    before,
    below_in,
    code_in,
    codes_of_place,
    name_in,
    path_in,
)
from jigai.core.regions import load_regions

pytestmark = pytest.mark.system("region-tree")
CODES = sorted({row.code for row in load_regions()})


@pytest.mark.parametrize(
    ("code", "year", "found"),
    [
        ("370882", 2012, "370882"),  # 兖州市
        ("370812", 2012, "370882"),
        ("370882", 2013, "370812"),  # the year of the change is the district's
        ("370882", 2020, "370812"),
        ("370812", 2020, "370812"),
        ("370812003", 2020, "370812"),  # a town goes by its county
        ("341500", 2020, "341500"),
        ("341500", 1998, "342400"),  # 六安地区 became 六安市 in 1999
        ("999999", 2020, None),
        ("", 2020, None),
    ],
)
def test_the_code_of_a_year(code: str, year: int, found: str | None) -> None:
    assert code_in(code, year) == found


def test_the_names_of_yanzhou() -> None:
    assert (name_in("370882", 2012), name_in("370812", 2013)) == ("兖州市", "兖州区")
    assert (after("370882"), before("370812")) == ("370812", "370882")
    assert "370882" in below_in("370800", 2012) and "370812" not in below_in("370800", 2012)
    assert "370812" in below_in("370800", 2021) and "370882" not in below_in("370800", 2021)


def test_a_county_that_moved_stands_in_its_new_city() -> None:
    assert path_in("341521", 2010) == ("340000", "341500", "341521")
    assert path_in("341521", 2021) == ("340000", "340400", "340422")


def test_sunan_is_no_division_but_has_five_members() -> None:
    assert below_in("sunan", 2021) == ["320100", "320200", "320400", "320500", "321100"]
    assert path_in("sunan", 2021) == ()
    assert {path_in(code, 2021)[1] for code in codes_of_place("sunan", 2021)} == set(
        below_in("sunan", 2021)
    )


def test_what_stands_at_the_city_itself() -> None:
    own = codes_of_place("=370800", 2021)
    assert "370800" in own and {path_in(code, 2021)[-1] for code in own} == {"370800"}
    assert {"370882", "370812", "370800"} <= set(codes_of_place("370800", 2021))


@given(st.sampled_from(CODES), st.integers(1995, 2024))
def test_every_code_stands_in_at_most_one_place_of_each_level(code: str, year: int) -> None:
    path = path_in(code, year)
    assert len(path) == len(set(path)) <= 3
    if path:
        assert code in codes_of_place(path[0], year)
        assert code in codes_of_place(f"={path[-1]}", year)
        assert code in codes_of_place("?", year)  # known, so not among the unknown
    else:
        assert code not in codes_of_place("?", year)
