"""The analysis on screen: lines lead to their rows, figures to their formula, tables to files."""

from __future__ import annotations

import io
import re

import pytest
from django.test import Client
from openpyxl import load_workbook

from jigai.core.models import AccessLog, User
from jigai.projects.models import Project
from tests.factories import CITY, COUNTY, SIBLING, make_enterprise, make_user
from tests.projects.analysis.made import made_project, report
from tests.query_counts import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.system("retrofit-investment-statistics")]

URL = "/projects/analysis/"


@pytest.fixture
def page(client: Client, everywhere: User, projects: dict[str, Project]) -> Client:
    client.force_login(everywhere)
    return client


def text_of(client: Client, query: str) -> str:
    answer = client.get(f"{URL}?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_lines_drill_down_to_counties_and_their_projects(page: Client) -> None:
    top = text_of(page, "year=2021")
    assert "山东省" in top
    link = re.search(r'href="(\?[^"]*region=370000[^"]*)"', top)
    assert link is not None
    city = page.get(URL + link[1].replace("&amp;", "&")).content.decode()
    assert "济宁市" in city
    county = text_of(page, f"year=2021&region={CITY}")
    rows = re.search(r'href="(/projects/analysis/rows/\?[^"]*key=370812)"', county)
    assert rows is not None
    listed = page.get(rows[1].replace("&amp;", "&")).content.decode()
    assert "共 2 个项目" in listed and ">a</a>" in listed and ">food</a>" not in listed


def test_every_figure_opens_its_formula_and_inputs(page: Client) -> None:
    opened = text_of(page, f"year=2021&region={CITY}&open={SIBLING}")
    assert "任城区：怎么算的" in opened
    for words in ("本部分增量 ÷ 总增量", "本部分增量 ÷ 上年同期总量", "本期 ÷ 上年同期 − 1",
                  "本部分下降，所以是负数", "上年同期总量 5.00 元", "-9.1%"):  # fmt: skip
        assert words in opened, words
    assert "怎么算的" not in text_of(page, f"year=2021&region={CITY}&open=nonsense")


def test_left_out_and_method_are_told(page: Client) -> None:
    shown = text_of(page, "year=2021")
    assert "未入统，不计入" in shown and "未入统项目另列" in shown
    assert "备案的固定资产投资" in text_of(page, "year=2021&statement=filed")
    assert "一个项目有几个方向就在几行里" in text_of(page, "year=2021&by=direction")
    assert "只有年度数，不分月份" in text_of(page, "year=2021&statement=filed&by=month")
    assert "上年同期没有数据" in text_of(page, "year=2020")
    assert "没有符合条件的投资数据" in text_of(page, "year=2015")


@pytest.mark.parametrize("by", ["region", "industry", "direction", "size", "month"])
def test_conditions_survive_every_dimension(page: Client, by: str) -> None:
    shown = text_of(page, f"year=2021&by={by}&industry=34&size=large&direction=direction/智能化")
    assert "条件：" in shown and "去掉" in shown and "0.10" not in shown.partition("jg-list")[0]
    assert f"by={by}" in shown


def test_nonsense_in_the_address_counts_as_not_asked(page: Client) -> None:
    for query in ("year=abc", "by=nothing", "statement=x&month=99", "region=%27--", "industry=zz",
                  "size=%25", "key=%27&page=-3"):  # fmt: skip
        assert page.get(f"{URL}?{query}").status_code == 200
        assert page.get(f"{URL}rows/?{query}").status_code == 200


def test_the_table_goes_to_a_file_as_shown(page: Client, everywhere: User) -> None:
    answer = page.get(f"{URL}?year=2021&region={CITY}&form=csv")
    lines = answer.content.decode("utf-8-sig").strip().splitlines()
    assert len(lines) == 4 and lines[0].startswith("分组")
    assert lines[1].startswith("兖州区,2,1,10.00,4.00,95.2,150,109.1,120,")
    assert "其余部分合计下降" in lines[1]
    assert "filename*=UTF-8''" in answer["Content-Disposition"]
    assert AccessLog.objects.filter(user=everywhere, action="export").count() == 1
    book = load_workbook(io.BytesIO(page.get(f"{URL}?year=2021&form=xlsx").content))
    assert book.active is not None and "2021年技改投资按地区（统计口径）" in str(
        book.active["A1"].value
    )
    rows = page.get(f"{URL}rows/?year=2021&form=csv").content.decode("utf-8-sig")
    assert rows.count("\n") == 5 and "否" in rows


def test_only_who_may_export_gets_a_file(client: Client, projects: dict[str, Project]) -> None:
    tax = make_user("tax", region=COUNTY)
    client.force_login(tax)
    shown = client.get(f"{URL}?year=2021")
    if shown.status_code == 200 and "导出 Excel" not in shown.content.decode():
        assert client.get(f"{URL}?year=2021&form=csv").status_code == 403


def test_a_clerk_sees_only_his_county(client: Client, projects: dict[str, Project]) -> None:
    client.force_login(make_user("section-clerk", region=SIBLING))
    shown = text_of(client, f"year=2021&region={CITY}")
    assert "任城区" in shown and "兖州区</a>" not in shown
    listed = client.get(f"{URL}rows/?year=2021").content.decode()
    assert ">food</a>" in listed and ">a</a>" not in listed


@pytest.mark.parametrize("by", ["region", "industry", "direction", "size", "month"])
def test_the_page_asks_the_same_for_more_projects(page: Client, by: str) -> None:
    for url in (f"{URL}?year=2021&by={by}", f"{URL}rows/?year=2021&by={by}"):
        page.get(url)
        few = len(queries_of(page, url))
        for n in range(8):
            project = made_project(make_enterprise(industry_code="1411", region=COUNTY))
            report(project, 2021, 1 + n, 5 + n)
        assert len(queries_of(page, url)) <= few <= 18
