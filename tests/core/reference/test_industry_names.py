"""Everyday names of industries in documents, and the page of the standard."""

from __future__ import annotations

import pytest
from django.test import Client

from jigai.core.industries import load_industries
from jigai.core.industry_names import industries_named, spoken_names
from tests.factories import make_user

pytestmark = pytest.mark.system("industry-taxonomy")


@pytest.mark.parametrize(
    ("name", "codes"),
    [("钢铁", ["31"]), ("家电", ["385"]), ("机械行业", ["34", "35"]), ("民爆", ["2671"]),
     ("装备", ["34", "35", "36", "37", "38", "40"]), ("电解铝", ["3216"]), ("白日梦", [])],
)  # fmt: skip
def test_a_spoken_name_and_its_codes(name: str, codes: list[str]) -> None:
    assert [row.code for row in industries_named(name)] == codes


def test_every_name_cites_a_clause_and_stands_for_entries_of_the_standard() -> None:
    for name in spoken_names().values():
        assert name.source.split()[-1] and name.industries
        assert all(row.code in load_industries() for row in name.industries)


def page(query: str) -> str:
    client = Client()
    client.force_login(make_user("section-clerk"))
    answer = client.get(f"/industries/?{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.django_db
def test_browsing_from_the_top() -> None:
    assert "制造业" in page("") and "采矿业" in page("")
    below = page("code=C")
    assert "通用设备制造业" in below and "全部门类" in below
    assert "这是小类" in page("code=3421")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "found"),
    [("金属切削机床", "3421"), ("3421", "金属切削机床制造"), ("C3421", "金属切削机床制造"),
     ("装备", "由平台整理"), ("没有这个行业", "没有找到"), ("<script>", "没有找到")],
)  # fmt: skip
def test_searching(typed: str, found: str) -> None:
    text = page(f"q={typed}")
    assert found in text and "<script>alert" not in text
