"""Tax catalogues by day and name: a lead for people, never a verdict."""

from __future__ import annotations

import datetime as dt

import pytest

from jigai.registers.entry_values import prepare_one
from jigai.registers.selectors import register_by_code
from jigai.registers.services.admit_entries import Admission, admit_entries
from jigai.registers.taxes.calculators import ask
from jigai.registers.taxes.match import (
    EQUIPMENT,
    IMPORTS,
    PROJECTS,
    catalogue_words,
    entries_of,
    match_name,
    refund_entries,
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


@pytest.mark.system("resource-use-tax")
def test_the_refund_catalogue_of_2022_is_registered_in_part_and_waits_for_the_original() -> None:
    rows = refund_entries(dt.date(2022, 3, 1))
    assert {int(row.ratio * 100) for row in rows} == {50, 70, 100}
    assert rows and not any(row.checked for row in rows)
    assert refund_entries(dt.date(2022, 2, 28)) == []


@pytest.mark.system("resource-use-tax")
def test_a_registered_product_is_refunded_and_told_to_be_unchecked() -> None:
    """即征即退 stays apart from 免征: the toy adds them or takes one for the other."""
    asked = {"scheme": "resource", "product": "余热发电", "day": "2023-05-01",
             "revenue": "1000万元", "input_tax": "60万元", "rate": "13%", "standards": "yes",
             "clean": "yes"}  # fmt: skip
    (found,) = ask("resource", asked).results
    assert [stat.text for stat in found.stats] == ["即征即退"]
    assert any("待核" in text for text in found.missing) and "免征" not in found.stats[0].text


@pytest.mark.system("import-exemption")
def test_a_catalogue_loaded_from_a_table_is_matched_from_its_day_on() -> None:
    """Nothing ships; what an office imports is told as a lead, on the days it is in force."""
    register = register_by_code("tax-catalogs")
    assert not entries_of(("excluded",))
    values = {"目录": "进口不予免税", "版本": "示例版", "条目": "示例车床",
              "序号或税则号列": "示例-1",
              "核对": "待核"}  # fmt: skip
    row = prepare_one(register, values)
    admit_entries(register=register, admissions=[Admission(row, dt.date(2020, 1, 1))])
    (hit,) = match_name("示例车床 CK6140", entries_of(IMPORTS), DAY)
    assert "进口不予免税" in hit.text and "待核" in hit.text
    assert match_name("示例车床", entries_of(IMPORTS), dt.date(2019, 12, 31)) == []
