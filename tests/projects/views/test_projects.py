"""项目库: reach, doubtful rows, amounts, parts of other pages."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests.factories import CITY, COUNTY, SIBLING, make_enterprise, make_project, make_user
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db


def as_(role: str = "section-clerk", region: str = COUNTY, **options: Any) -> Client:
    client = Client()
    client.force_login(make_user(role, region, **options))
    return client


def names(client: Client, query: str = "") -> set[str]:
    text = client.get("/projects/" + query).content.decode()
    return set(re.findall(r'href="/projects/\d+/">([^<]+)</a>', text))


@pytest.mark.system("role-access")
def test_reach_by_region_and_by_enterprise() -> None:
    own, other = make_enterprise("甲"), make_enterprise("乙", SIBLING)
    mine = make_project(own, "本县项目")
    foreign = make_project(other, "邻县项目")
    make_project(None, "无主项目")
    assert names(as_()) == {"本县项目", "无主项目"}
    assert names(as_(region=CITY)) == {"本县项目", "无主项目", "邻县项目"}
    handler = as_("enterprise-handler", enterprise=own)
    assert names(handler) == {"本县项目"}
    assert handler.get(f"/projects/{mine.pk}/").status_code == 200
    assert handler.get(f"/projects/{foreign.pk}/").status_code == 404
    assert as_().get(f"/enterprises/{other.pk}/projects/").status_code == 404


def test_filters() -> None:
    first = make_project(
        make_enterprise("甲公司"), "焊接线改造", 2021, nature="retrofit", code="2101-370812"
    )
    make_project(None, "喷涂线改造", 2020, filing="yes", cell_errors=["total"])
    make_project(None, "焊接线改造副本", 2021, duplicate_of=first)
    client = as_()
    assert names(client, "?q=喷涂") == {"喷涂线改造"}
    assert names(client, "?q=甲公司") == {"焊接线改造"}
    assert names(client, "?q=2101-370812") == {"焊接线改造"}
    assert names(client, "?year=2020") == {"喷涂线改造"}
    assert names(client, "?filing=yes") == {"喷涂线改造"}
    assert names(client, "?nature=retrofit") == {"焊接线改造"}
    assert names(client, "?doubt=cells") == {"喷涂线改造"}
    assert names(client, "?doubt=repeat") == {"焊接线改造副本"}
    assert names(client, "?doubt=unmatched") == {"喷涂线改造", "焊接线改造副本"}


def test_amounts_are_exact_on_the_page_and_in_ten_thousands_in_the_sum() -> None:
    first = make_project(make_enterprise("甲"), total_fen=33_333_334, equipment_fen=1)
    make_project(None, total_fen=66_666_666)
    make_project(None, total_fen=5_000_000, duplicate_of=first)
    client = as_()
    text = client.get("/projects/").content.decode()
    assert "333,333.34" in text and "总投资合计 100.00 万元，设备投资合计 0.00 万元" in text
    page = client.get(f"/projects/{first.pk}/statements/").content.decode()
    assert "333,333.34" in page and "0.01" in page


def test_page_names_what_is_wrong_with_the_row() -> None:
    first = make_project(None, "先登记的")
    row = make_project(
        None, duplicate_of=first, cell_errors=["total"], start=date(2021, 1, 1),
        start_precision="month", source_row=17,
    )  # fmt: skip
    text = as_().get(f"/projects/{row.pk}/").content.decode()
    for words in ("重复登记", "总投资：台账里填的内容读不出来", "未对应到名录", "只填到月", "17"):
        assert words in text
    assert f"/projects/{first.pk}/" in text


def test_rows_with_missing_amounts_come_last_both_ways() -> None:
    for name, fen in (("无", None), ("小", 100), ("大", 900)):
        make_project(None, name, total_fen=fen)
    client = as_()
    for sort, expected in (("total_fen", ["小", "大", "无"]), ("-total_fen", ["大", "小", "无"])):
        text = client.get(f"/projects/?sort={sort}").content.decode()
        assert re.findall(r'href="/projects/\d+/">([^<]+)</a>', text) == expected


def test_query_counts_do_not_grow() -> None:
    owner = make_enterprise("甲")
    row = make_project(owner)

    def grow(size: int) -> None:
        for _ in range(size):
            make_project(make_enterprise())
            make_project(owner)

    client = as_()
    assert_query_count(client, "/projects/", grow, most=12)
    assert_query_count(client, f"/projects/{row.pk}/", grow, most=11)
    assert_query_count(client, f"/enterprises/{owner.pk}/projects/", grow, most=7)
