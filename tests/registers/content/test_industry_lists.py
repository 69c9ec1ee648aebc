"""Industries by the day they were added: an extension never reaches back."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from jigai.errors import JigaiError
from jigai.registers.special.industry_data import IndustryList, industry_lists
from jigai.registers.special.industry_question import (
    FORMER,
    LATER,
    NO,
    PART,
    YES,
    Listing,
    answer,
    understand,
)
from tests.factories import make_regions, make_user
from tests.registers.content.shipped import put, ship

pytestmark = pytest.mark.system("industry-lists")
D = dt.date
HELD = [
    Listing("水泥", ("3011",), D(2004, 6, 15), None),
    Listing("锌冶炼", ("3212",), D(2006, 10, 1), None, wider=True),
    Listing("造纸", ("22",), D(2010, 1, 1), D(2015, 1, 1)),
]


def said(text: str, day: dt.date) -> str:
    return answer(understand(text), HELD, day).code


@pytest.mark.parametrize(("text", "day", "code"), [
    ("锌冶炼", D(2006, 9, 30), LATER), ("锌冶炼", D(2006, 10, 1), YES),
    ("锌冶炼行业", D(2006, 10, 1), YES), ("3212", D(2006, 10, 1), PART),
    ("3011", D(2004, 6, 14), LATER), ("3011", D(2004, 6, 15), YES), ("C3011", D(2020, 1, 1), YES),
    ("30", D(2020, 1, 1), PART), ("水泥制造", D(2020, 1, 1), YES),
    ("造纸", D(2014, 12, 31), YES), ("造纸", D(2015, 1, 1), FORMER), ("2221", D(2012, 1, 1), YES),
    ("纺织", D(2020, 1, 1), NO), ("没有这个行业名", D(2020, 1, 1), NO),
])  # fmt: skip
def test_the_list_as_it_stood_that_day(text: str, day: dt.date, code: str) -> None:
    assert said(text, day) == code


def test_names_without_a_code_are_told_apart_from_industries_not_listed() -> None:
    assert (
        "不知道它对应哪个行业代码" in answer(understand("没有这个行业名"), HELD, D(2020, 1, 1)).why
    )
    assert answer(understand("纺织"), HELD, D(2020, 1, 1)).why == "清单里没有这个行业"


@pytest.mark.parametrize(("text", "code"), [("", "no-industry"), ("9999", "unknown-industry")])
def test_what_is_no_industry_is_refused(text: str, code: str) -> None:
    with pytest.raises(JigaiError) as caught:
        understand(text)
    assert caught.value.code == code


@pytest.fixture
def lists(db: None) -> list[IndustryList]:
    """The shipped lists."""
    make_regions()
    ship("industry-lists")
    return industry_lists()


def power(lists: list[IndustryList], place: str = "全国") -> IndustryList:
    return next(one for one in lists if (one.code, one.place) == ("power", place))


def test_the_shipped_power_list_grew_from_six_to_eight(lists: list[IndustryList]) -> None:
    held = power(lists).listings
    assert len([each for each in held if each.holds(D(2006, 9, 30))]) == 6
    assert len([each for each in held if each.holds(D(2006, 10, 1))]) == 8
    assert not [each for each in held if each.holds(D(2004, 6, 14))]
    assert all(each.source for one in lists for each in one.listings)


def test_the_page_answers_by_the_day_and_dates_every_line(
    lists: list[IndustryList], client: Client
) -> None:
    client.force_login(make_user("section-clerk"))
    at = "/registers/special/industry/"
    before = client.get(at, {"q": "黄磷", "on": "2006-09-30", "list": "power"}).content.decode()
    after = client.get(at, {"q": "黄磷", "on": "2006-10-01", "list": "power"}).content.decode()
    assert "黄磷 到 2006-10-01 才加入" in before
    assert "黄磷 自 2006-10-01 起在清单内" in after
    assert "2004-06-15" in after
    # An empty list is open, which is not the same as no.
    water = client.get(at, {"q": "造纸", "list": "water"}).content.decode()
    assert "清单未定" in water
    assert "不能当作不在清单" in water
    assert client.get(at, {"q": "9999"}).status_code == 422


def test_an_extension_typed_in_counts_from_its_day(
    lists: list[IndustryList], client: Client
) -> None:
    from jigai.registers.models import Register

    put(
        Register.objects.get(code="industry-lists"),
        {"清单": "差别电价行业", "适用范围": "江苏省", "适用地区": "320000", "行业名称": "示例冶炼",
         "行业代码": ["3240"]},
        since=D(2018, 7, 1),
    )  # fmt: skip
    held = power(industry_lists(), "江苏省").listings
    assert answer(understand("3240"), held, D(2018, 6, 30)).code == LATER
    assert answer(understand("3240"), held, D(2018, 7, 1)).code == YES
