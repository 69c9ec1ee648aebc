"""规上 by the threshold of the year; 中小 by the class of the year; both with what they rest on."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from jigai.core.above_scale import above_scale
from jigai.core.national import national_value
from jigai.core.services.record_figure import record_figure
from jigai.core.size_class import classify, is_sme, size_class
from jigai.core.stored_register import stored_register
from tests.factories import COUNTY, make_enterprise, make_regions, make_user

pytestmark = pytest.mark.system("enterprise-size-classifier")
WAN = 1_000_000


@pytest.mark.parametrize(
    ("year", "revenue", "above"),
    [
        (2021, 2000 * WAN, True),
        (2021, 2000 * WAN - 1, False),
        (2011, 1999 * WAN, False),  # the first year of the higher threshold
        (2010, 1999 * WAN, True),  # the same revenue a year before
        (2010, 500 * WAN, True),
        (2010, 500 * WAN - 1, False),
        (2006, 500 * WAN - 1, None),  # state-owned ones counted at any revenue
        (2006, 500 * WAN, True),
        (1997, 9000 * WAN, None),  # no threshold on record
        (2021, None, None),
    ],
)
def test_the_threshold_is_that_of_the_year(
    year: int, revenue: int | None, above: bool | None
) -> None:
    found = above_scale("3484", year, revenue)
    assert (found.above, found.year) == (above, year)
    assert found.why and (str(year) in found.why or above is None)


@pytest.mark.parametrize("code", ["5162", "4710", "", None, "9999"])
def test_outside_industry_it_is_open_and_not_below(code: str | None) -> None:
    found = above_scale(code, 2021, 9000 * WAN)
    assert (found.above, found.word, found.threshold) == (None, "未定", "")


def test_the_threshold_names_its_source() -> None:
    found = above_scale("C3484", 2021, 2000 * WAN)
    assert found.threshold == "2000万元及以上" and "国统字" in found.source
    assert national_value("above_scale_threshold", dt.date(1990, 1, 1)) is None
    with pytest.raises(KeyError):
        national_value("no_such_parameter", dt.date(2021, 1, 1))


def test_a_class_names_its_year_its_edition_and_its_figures() -> None:
    found = classify("3484", 2021, employees=300, revenue_fen=2000 * WAN)
    assert (found.size, found.year, found.sme) == ("medium", 2021, True)
    assert found.edition == "统计上大中小微型企业划分办法（2017）" and "213号" in found.source
    assert [(used.measure, used.value, used.bound) for used in found.used] == [
        ("employees", 300, 300), ("revenue", 2000 * WAN, 2000),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "year", "people", "why"),
    [
        ("3484", 2021, None, "缺 2021 年的从业人员"),
        ("8310", 2021, 300, "不在划分办法里"),
        ("3484", 2016, 300, "2016 年适用的划分办法没有登记指标"),
        ("3484", 2010, 300, "2010 年适用的划分办法没有登记指标"),
    ],
)
def test_what_cannot_be_told_says_why(code: str, year: int, people: int | None, why: str) -> None:
    found = classify(code, year, employees=people, revenue_fen=2000 * WAN)
    assert (found.size, found.sme) == (None, None) and why in found.why


def test_a_year_of_another_edition_gives_no_class() -> None:
    figures = {"employees": 300, "revenue_fen": 2000 * WAN}
    assert size_class("3484", year=2017, **figures) == "medium"
    assert size_class("3484", year=2016, **figures) is None


@pytest.mark.parametrize(
    ("size", "sme"),
    [("large", False), ("medium", True), ("small", True), ("micro", True), (None, None)],
)
def test_large_ones_are_no_sme_and_unknown_stays_unknown(
    size: str | None, sme: bool | None
) -> None:
    assert is_sme(size) is sme


@pytest.mark.django_db
def test_figures_of_one_year_never_decide_another() -> None:
    enterprise = make_enterprise(
        industry_code="3484",
        figures={
            2020: {"employees": 1000, "revenue": 40_000 * WAN},
            2021: {"employees": 299, "revenue": 40_000 * WAN},
        },
    )
    sizes = {year: stored_register(COUNTY, year)[0].size_computed for year in (2020, 2021, 2022)}
    assert sizes == {2020: "large", 2021: "small", 2022: None}
    user = make_user()
    record_figure(
        enterprise=enterprise, term="employees", year=2021, value=300, source="更正",
        reason="", user=user, seen=enterprise.figures.get(year=2021, term="employees").pk,
    )  # fmt: skip
    after = {year: stored_register(COUNTY, year)[0].size_computed for year in (2020, 2021)}
    assert after == {2020: "large", 2021: "medium"}


@pytest.mark.django_db
def test_the_page_shows_year_standard_figures_and_both_answers(client: Client) -> None:
    make_regions()
    enterprise = make_enterprise(
        industry_code="3484",
        figures={
            2021: {"employees": 1000, "revenue": 40_000 * WAN, "size_declared": "small"},
            2016: {"employees": 50, "revenue": 1999 * WAN},
            2010: {"revenue": 600 * WAN},
        },
    )
    client.force_login(make_user("section-clerk"))
    page = client.get(f"/enterprises/{enterprise.pk}/").content.decode()
    for words in (
        "2021 年", "否（大型）", "自报小型", "统计上大中小微型企业划分办法（2017）",
        "从业人员（人）：1,000，本档下限 1,000", "2000万元及以上", "500万元及以上",
        "2016 年适用的划分办法没有登记指标", "规下", "规上",
    ):  # fmt: skip
        assert words in page, words
