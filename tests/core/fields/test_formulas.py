"""Formulas over fields: one row and many agree, what is unknown stays unknown."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jigai.core.fields.formulas import compiled, many_true, rule_fields, rule_row, rule_value
from jigai.core.fields.shapes import Field
from jigai.errors import JigaiError

# More rows than are answered one by one.
MANY = 65
FIELDS = (
    Field("revenue", "营业收入", "money"),
    Field("area", "用地", "area"),
    Field("power", "功率", "number", unit="kW"),
    Field("since", "认定日期", "date"),
    Field("until", "有效期至", "date"),
    Field("green", "绿色工厂", "flag"),
    Field("level", "级别", "choice", options={"city": "市级", "province": "省级"}),
    Field("firm", "企业", "enterprise"),
    Field("proof", "备案证明", "file"),
    Field("models", "型号", "text", many=True),
)
START = {"起点": "200万元及以上"}
ROW = {
    "revenue": 200_000_000, "area": 13_333_333, "power": "7.5", "since": "2024-03-01",
    "until": "2027-03-01", "green": True, "level": "province", "firm": {"id": None, "name": "甲厂"},
    "proof": {"id": 1, "name": "a.pdf"}, "models": ["Y2", "Y3"],
}  # fmt: skip


def test_stored_values_as_formulas_take_them() -> None:
    assert rule_row(FIELDS, ROW) == {
        "revenue": 200_000_000, "area": 13_333_333, "power": Decimal("7.5"),
        "since": dt.date(2024, 3, 1), "until": dt.date(2027, 3, 1), "green": True,
        "level": "province", "firm": "甲厂", "proof": True, "models": "Y2、Y3",
    }  # fmt: skip
    nothing = rule_row(FIELDS, {})
    # Whether a file is there is always known.
    assert nothing.pop("proof") is False and set(nothing.values()) == {None}
    assert rule_value(FIELDS[7], {"id": 1, "name": ""}) is None
    assert rule_value(FIELDS[5], False) is False


def test_a_unit_formulas_do_not_know_makes_a_plain_number() -> None:
    units = {f.id: f.unit for f in rule_fields(FIELDS)}
    assert units["power"] == ""
    (share,) = rule_fields([Field("share", "占比", "number", unit="%")])
    assert share.unit == "%"


@pytest.mark.parametrize(
    ("formula", "constants", "answer", "without"),
    [
        ("达到(营业收入, 起点)", START, True, None),
        ("功率 > 下限", {"下限": "7.5"}, False, None),
        ("有效期至 >= 认定日期", {}, True, None),
        ("级别 = '市级'", {}, False, None),
        ("绿色工厂", {}, True, None),
        ("备案证明", {}, True, False),
        ("企业 = '甲厂'", {}, True, None),
        ("备案证明 and 达到(营业收入, 起点)", START, True, False),
    ],
)
def test_one_row_and_many(
    formula: str, constants: dict[str, str], answer: bool, without: bool | None
) -> None:
    rows: list[dict[str, Any]] = [ROW, {}]
    assert many_true(FIELDS, formula, rows, constants) == [answer, without]
    told = many_true(FIELDS, formula, rows * MANY, constants)
    assert told == [answer, without] * MANY
    rule = compiled(FIELDS, formula, constants)
    assert [rule.one(rule_row(FIELDS, row)).value for row in rows] == [answer, without]


@settings(max_examples=60)
@given(st.lists(st.none() | st.integers(0, 400_000_000), max_size=6))
def test_a_threshold_holds_for_every_row(figures: list[int | None]) -> None:
    rows = [{} if fen is None else {"revenue": fen} for fen in figures]
    due = [None if fen is None else fen >= 200_000_000 for fen in figures]
    for times in (1, MANY):
        told = many_true(FIELDS, "达到(营业收入, 起点)", rows * times, START)
        assert told == due * times


def test_a_formula_of_constants_alone_answers_every_row() -> None:
    for rows in ([{}, {}], [{}] * MANY):
        told = many_true(FIELDS, "甲 < 乙", rows, {"甲": "1", "乙": "2"})
        assert told == [True] * len(rows)


def test_the_same_formula_follows_its_constants() -> None:
    row = {"power": "5"}
    answers = [many_true(FIELDS, "功率 > 下限", [row], {"下限": low}) for low in ("4", "6")]
    assert answers == [[True], [False]]


def test_what_it_cannot_mean_is_told_with_place_and_fix() -> None:
    with pytest.raises(JigaiError, match=r"^准入规则：.*“产值”") as error:
        compiled(FIELDS, "产值 > 营业收入", where="准入规则")
    assert error.value.code == "register-formula" and error.value.hint
    with pytest.raises(JigaiError, match=r"^公式：") as other:
        many_true(FIELDS, "达到(营业收入, 起点)", [ROW], code="procedure-formula")
    assert other.value.code == "procedure-formula" and "起点" in other.value.message


def test_no_rows_no_answers() -> None:
    assert many_true(FIELDS, "绿色工厂", []) == []
