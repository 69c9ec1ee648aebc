"""Admission formulas over rows of a register: three values, units, one row and many alike."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pytest

from jigai.rules.errors import EvaluationError, PackError, Place
from jigai.rules.expr import DATE, NUMBER, Type
from jigai.rules.row_rules import RowField, RowRule, compile_row_rule

FIELDS = (
    RowField("invested", "固定资产投资", "money"),
    RowField("direction", "方向", "enum", options={"digital": "信息化", "green": "绿色化"}),
    RowField("filed", "已备案", "bool"),
    RowField("capacity", "设计能力", "number", unit="吨/日"),
    RowField("dust", "烟尘浓度", "number", unit="mg/m³"),
    RowField("share", "中小企业占比", "ratio"),
    RowField("listed_on", "入库日", "date"),
    RowField("place", "所在县", "text"),
)
START = {"入库起点": "200万元及以上"}
ADMITS = "方向 = 信息化 or (达到(固定资产投资, 入库起点) and 已备案)"


def rule(formula: str, **options: Any) -> RowRule:
    return compile_row_rule(FIELDS, formula, **{"constants": START, **options})


def code_of(formula: str, **options: Any) -> str:
    with pytest.raises(PackError) as raised:
        rule(formula, **options)
    return str(raised.value)


@pytest.mark.parametrize(
    ("row", "answer"),
    [
        ({"invested": 200_0000_00, "filed": True, "direction": "green"}, (True, ())),
        ({"invested": 199_9999_99, "filed": True, "direction": "green"}, (False, ())),
        ({"invested": "199.99万元", "filed": "是", "direction": "绿色化"}, (False, ())),
        ({"direction": "信息化"}, (True, ())),
        ({"direction": "green", "filed": False}, (False, ())),
        ({"direction": "green", "filed": True}, (None, ("固定资产投资",))),
        ({"filed": True, "invested": "1元"}, (None, ("方向",))),
        ({"filed": True}, (None, ("方向", "固定资产投资"))),
    ],
)
def test_unknown_is_asked_for_only_where_it_matters(
    row: dict[str, Any], answer: tuple[Any, Any]
) -> None:
    assert rule(ADMITS).one(row)[:2] == answer


def test_a_row_may_be_keyed_by_the_names_people_use() -> None:
    assert rule("已备案").one({"已备案": True}).value is True


def test_a_dropped_field_is_named_with_a_fix_and_its_place() -> None:
    kept = tuple(item for item in FIELDS if item.id != "invested")
    with pytest.raises(PackError) as raised:
        compile_row_rule(
            kept, ADMITS, constants=START, clause="三.一", place=Place("registers.yaml", 12, 3)
        )
    (problem,) = raised.value.problems
    assert (problem.code, problem.place.line, problem.clause) == ("unknown-term", 12, "三.一")
    assert "“固定资产投资”" in problem.message
    assert "入库日" in problem.fix and "把字段加回去" in problem.fix


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        ("固定资产投资 >= 2000000", "number-literal"),
        ("达到(设计能力, 入库起点)", "unit-mismatch"),
        ("烟尘浓度 > 设计能力", "unit-mismatch"),
        ("固定资产投资 + 已备案 > 0", "wrong-type"),
        ("方向 = 智能化", "unknown-term"),
        ("固定资产投资", "wrong-type"),
        ("已备案 and", "formula-syntax"),
    ],
)
def test_a_formula_that_cannot_hold_is_refused(formula: str, code: str) -> None:
    assert f"[{code}]" in code_of(formula)


def test_a_field_may_not_take_the_name_of_a_constant() -> None:
    assert "shadowed-name" in code_of("已备案", constants={"已备案": "1元"})
    with pytest.raises(PackError, match="bad-field"):
        compile_row_rule([RowField("Bad id", "甲", "bool")], "甲")


def test_numbers_keep_their_unit_and_their_decimals() -> None:
    limit = {"排放限值": "10mg/m³及以下", "产能线": "4000吨/日及以上"}
    dust = rule("达到(烟尘浓度, 排放限值)", constants=limit)
    assert dust.one({"dust": 10}).value is True
    assert dust.one({"dust": Decimal("10.000001")}).value is False
    assert dust.one({"dust": "9.5mg/m³"}).value is True
    assert rule("达到(设计能力, 产能线)", constants=limit).one({"capacity": 3999}).value is False


@pytest.mark.parametrize("value", [10.5, "十", Decimal("1.0000001"), True, "10万元"])
def test_a_value_that_does_not_fit_names_its_field(value: Any) -> None:
    limit = {"排放限值": "10mg/m³及以下"}
    with pytest.raises(EvaluationError, match="烟尘浓度"):
        rule("达到(烟尘浓度, 排放限值)", constants=limit).one({"dust": value})


def test_a_rule_may_give_a_date_or_a_number() -> None:
    days = {"甲限": "2015-12-31", "乙限": "2017-12-31", "线": "4000吨/日及以上"}
    due = rule(
        "case when 达到(设计能力, 线) then 甲限 else 乙限 end", constants=days, expected=DATE
    )
    assert due.one({"capacity": 4000}).value == dt.date(2015, 12, 31)
    assert due.one({"capacity": 3999}).value == dt.date(2017, 12, 31)
    assert due.one({}) == (None, ("设计能力",), ())
    half = rule("中小企业占比 + 中小企业占比", expected=NUMBER)
    assert half.one({"share": Decimal("0.25")}).value == Fraction(1, 2)


def test_quotients_compare_exactly_and_are_refused_as_results() -> None:
    guarded = "已知(设计能力) and case when 设计能力 > 0 then {} else 已备案 end"
    per_ton = rule(
        guarded.format("固定资产投资 / 设计能力 >= 每吨投资"), constants={"每吨投资": "3元/(吨/日)"}
    )
    assert per_ton.one({"invested": 1_20, "capacity": Decimal("0.4"), "filed": False}).value is True
    assert per_ton.one({"invested": 1_19, "capacity": "0.4吨/日", "filed": True}).value is False
    assert per_ton.one({"invested": 1_19, "capacity": 0, "filed": True}).value is True
    assert "cannot-compile" in code_of(
        "case when 设计能力 > 0 then 固定资产投资 / 设计能力 else 0 end",
        expected=Type("number", (("day", 1), ("mass", -1), ("money", 1))),
    )


# many rows ---------------------------------------------------------------------------------------


def random_rows(count: int, seed: int) -> list[dict[str, Any]]:
    """Rows with every field unknown now and then, values close to the thresholds."""
    random.seed(seed)

    def maybe(value: Any) -> Any:
        return None if random.random() < 0.2 else value

    return [
        {
            "invested": maybe(random.choice([199_9999_99, 200_0000_00, 0, 10**14])),
            "direction": maybe(random.choice(["digital", "绿色化", "green"])),
            "filed": maybe(random.random() < 0.5),
            "capacity": maybe(Decimal(random.randint(3998, 4001))),
            "dust": maybe(Decimal(random.randint(9_999_999, 10_000_001)).scaleb(-6)),
            "share": maybe(Decimal(random.randint(0, 1000)).scaleb(-3)),
            "listed_on": maybe(dt.date(2020, 1, 1) + dt.timedelta(random.randint(0, 800))),
            "place": maybe(random.choice(["甲县", "乙'县"])),
        }
        for _ in range(count)
    ]


SCHEMA = pa.schema(
    [
        ("invested", pa.int64()), ("direction", pa.string()), ("filed", pa.bool_()),
        ("capacity", pa.decimal128(18, 0)), ("dust", pa.decimal128(18, 6)),
        ("share", pa.decimal128(18, 3)), ("listed_on", pa.date32()), ("place", pa.string()),
    ]
)  # fmt: skip
CONSTANTS = {
    **START, "产能线": "4000吨/日及以上", "排放限值": "10mg/m³及以下", "一半": "50%及以上",
    "起始": "2021-01-01", "每日成本": "500元/吨",
}  # fmt: skip


@pytest.mark.parametrize(
    "formula",
    [
        ADMITS,
        "not (达到(设计能力, 产能线) or 达到(烟尘浓度, 排放限值))",
        "达到(中小企业占比, 一半) and 入库日 >= 起始 and 所在县 = '乙''县'",
        "case when 已备案 then 达到(烟尘浓度, 排放限值) else 入库日 < 起始 end",
        "方向 in (信息化, 绿色化) and 已知(固定资产投资)",
        "固定资产投资 * 中小企业占比 > 固定资产投资 - 固定资产投资 * 中小企业占比",
        "least(固定资产投资, 固定资产投资 * 中小企业占比) = 固定资产投资",
    ],
)
def test_many_rows_get_what_each_row_gets_alone(formula: str) -> None:
    compiled = rule(formula, constants=CONSTANTS)
    rows = random_rows(800, seed=7)
    many = compiled.many(pa.Table.from_pylist(rows, schema=SCHEMA)).to_pylist()
    assert many == [compiled.one(row).value for row in rows]
    assert {True, False, None} <= set(many), "样本没有覆盖三种结果"


def test_a_column_that_is_absent_or_of_another_type_is_named() -> None:
    compiled = rule(ADMITS)
    table = pa.Table.from_pylist(random_rows(3, 1), schema=SCHEMA)
    with pytest.raises(EvaluationError, match="固定资产投资"):
        compiled.many(table.drop_columns(["invested"]))
    floats = table.set_column(0, "invested", pa.array([1.5, 2.0, None]))
    with pytest.raises(EvaluationError, match=r"固定资产投资.*double"):
        compiled.many(floats)
    odd = table.set_column(1, "direction", pa.array(["智能化", None, "green"]))
    with pytest.raises(EvaluationError, match=r"方向.*智能化"):
        compiled.many(odd)


def test_an_empty_table_and_a_column_of_nothing_are_fine() -> None:
    compiled = rule("已备案")
    assert compiled.many(pa.table({"filed": pa.array([], pa.bool_())})).to_pylist() == []
    assert compiled.many(pa.table({"filed": pa.nulls(2)})).to_pylist() == [None, None]
