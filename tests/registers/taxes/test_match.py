"""Tax catalogues by day and name: a lead for people, never a verdict."""

from __future__ import annotations

import datetime as dt

import pytest

from jigai.registers.taxes.calculators import ask
from jigai.registers.taxes.match import (
    EQUIPMENT,
    PROJECTS,
    catalogue_words,
    entries_of,
    match_name,
    told,
)
from tests.registers.content.loaded import load

pytestmark = [pytest.mark.django_db, pytest.mark.system("equipment-tax-credit")]
DAY = dt.date(2020, 6, 1)


@pytest.fixture(autouse=True)
def catalogue() -> None:
    load("tax-catalogs")


def test_names_and_other_words_match_in_the_edition_of_the_day() -> None:
    found = match_name("螺杆空压机", entries_of(EQUIPMENT), DAY)
    assert [(hit.item, hit.edition) for hit in found] == [("空气压缩机", "2017年版")]
    early = match_name("螺杆空压机", entries_of(EQUIPMENT), dt.date(2016, 12, 31))
    assert [hit.edition for hit in early] == ["2008年版"]
    assert match_name("螺杆空压机", entries_of(EQUIPMENT), dt.date(2007, 1, 1)) == []
    assert (
        match_name("螺杆空压机", entries_of(PROJECTS), DAY)
        == []
        == match_name("", entries_of(EQUIPMENT), DAY)
    )


def test_what_is_told_is_a_lead_with_its_requirement() -> None:
    (text, other) = told([("螺杆空压机", DAY), (" ", DAY), ("示例包装机", DAY)], EQUIPMENT)
    assert "能效等级" in text and "达到要求才算" in text and "待核" in text
    assert "登记不全" in other


def test_words_of_a_day() -> None:
    words = catalogue_words(EQUIPMENT, DAY)
    assert "空压机" in words and "变频器" not in words and words == sorted(words)


def test_a_match_by_name_leaves_the_answer_open() -> None:
    asked = ask("credit", {"rows": "1", "r0-name": "螺杆空压机", "r0-bought": "2020-06-01",
                           "r0-price": "100万元"})  # fmt: skip
    result = asked.results[0]
    assert result.state == "unknown" and any("空气压缩机" in text for text in result.why)
    assert any("是否在目录内" in text for text in result.missing)
