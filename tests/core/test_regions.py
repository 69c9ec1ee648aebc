"""Regions: dated codes, the tree above them, and the groups policies name."""

from __future__ import annotations

from datetime import date

import pytest

from jigai.core.regions import (
    UnknownRegionError,
    find_regions,
    is_within,
    load_regions,
    region,
    region_groups,
)


def test_yanzhou_became_a_district_in_2013() -> None:
    assert region("370882", date(2012, 6, 1)).name == "兖州市"
    assert region("370812", date(2020, 8, 15)).name == "兖州区"
    with pytest.raises(UnknownRegionError, match=r"370812 在 2012 年.*兖州区\(2013—今\)"):
        region("370812", date(2012, 6, 1))
    with pytest.raises(UnknownRegionError, match="兖州市"):
        region("370882", date(2014, 1, 1))


def test_in_the_year_of_change_both_codes_hold() -> None:
    assert {region(code, date(2013, 7, 1)).name for code in ("370812", "370882")} == {
        "兖州区",
        "兖州市",
    }


def test_a_code_with_two_names_gives_the_name_of_the_date() -> None:
    assert region("130502", date(2019, 1, 1)).name == "桥东区"
    assert region("130502", date(2021, 1, 1)).name == "襄都区"
    assert region("130502").name == "襄都区"


def test_without_a_date_an_abolished_code_still_has_its_last_name() -> None:
    assert region("370882").valid_to == 2013


@pytest.mark.parametrize("code", ["999999", "3708", "", "37081x"])
def test_an_unknown_code_is_an_error_that_says_so(code: str) -> None:
    with pytest.raises(UnknownRegionError, match="请核对六位代码"):
        region(code)


@pytest.mark.parametrize(
    ("code", "ancestor", "expected"),
    [
        ("370812", "370800", True),
        ("370812", "370000", True),
        ("370812", "370812", True),
        ("370800", "370812", False),
        ("370812", "320000", False),
        ("341525", "341500", True),
        ("110105", "110000", True),
        ("429004", "420000", True),
    ],
)
def test_the_tree(code: str, ancestor: str, expected: bool) -> None:
    assert is_within(code, ancestor) is expected


def test_shou_county_left_luan_in_2015() -> None:
    assert is_within("341521", "341500", date(2014, 1, 1))
    assert not is_within("340422", "341500", date(2017, 1, 1))
    assert find_regions("寿县", on=date(2017, 1, 1))[0].parent == "340400"


@pytest.mark.system("region-tree")
def test_sunan_is_five_cities_and_what_lies_in_them() -> None:
    group = region_groups()["sunan"]
    assert [region(code).name for code in group.members] == [
        "南京市",
        "无锡市",
        "常州市",
        "苏州市",
        "镇江市",
    ]
    assert is_within("320583", "sunan")  # 昆山市
    assert is_within("321100", "sunan")
    assert not is_within("320000", "sunan")
    assert not is_within("320600", "sunan")  # 南通市


def test_provinces_of_the_five_documents_are_complete() -> None:
    now = [row for row in load_regions() if row.valid_to is None]

    def count(prefix: str, level: str) -> int:
        return sum(row.code.startswith(prefix) and row.level == level for row in now)

    assert (count("32", "city"), count("32", "county")) == (13, 95)
    assert (count("44", "city"), count("44", "county")) == (21, 122)
    assert (count("3415", "county"), count("3708", "county")) == (7, 11)
    assert sum(row.level == "province" for row in now) == 34


def test_every_parent_exists_in_every_year_since_2010() -> None:
    for year in range(2010, 2027):
        held = {row.code for row in load_regions() if row.holds_in(year)}
        lost = [
            row.code
            for row in load_regions()
            if row.holds_in(year) and row.parent is not None and row.parent not in held
        ]
        assert lost == [], year


def test_no_code_has_two_names_at_the_end_of_2020() -> None:
    held = [row.code for row in load_regions() if row.holds_in(2020)]
    assert len(held) == len(set(held))


def test_a_name_shared_by_cities_is_told_apart_by_place() -> None:
    assert len(find_regions("鼓楼区")) == 4
    assert [row.code for row in find_regions("鼓楼区", within="320100")] == ["320106"]
    assert find_regions("兖州市") == []
    assert find_regions("兖州市", on=date(2010, 1, 1))[0].code == "370882"
