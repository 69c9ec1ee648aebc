"""Units that look alike do not mix: 万元 and 元, % and 百分点, t/d, mg/m³, MW, 千伏."""

from __future__ import annotations

import itertools
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from jigai.rules.environment import build_environment
from jigai.rules.errors import EvaluationError, FormulaError, PackError
from jigai.rules.lint import lint_pack
from jigai.rules.loader import load_pack
from jigai.rules.model import build_model
from jigai.rules.row_rules import RowField, compile_row_rule
from jigai.rules.units import unit
from jigai.rules.values import parse_quantity
from tests.rules.tiny import BASE, write_pack

PACKS = Path(__file__).parents[2] / "packs"
# one of each unit of the documents that may not be added to, or compared with, any other
APART = ["元", "吨/日", "mg/m³", "MW", "千伏", "亩", "吨标准煤", "吨", "人", "月", "%"]


@pytest.mark.system("unit-and-money")
@pytest.mark.parametrize(("one", "other"), list(itertools.permutations(APART, 2)))
def test_no_two_of_them_compare(one: str, other: str) -> None:
    field = RowField("given", "所给", "number", unit=one)
    with pytest.raises(PackError, match="unit-mismatch"):
        compile_row_rule([field], "达到(所给, 起点)", constants={"起点": f"1{other}及以上"})
    with pytest.raises(PackError, match="unit-mismatch"):
        compile_row_rule([field], "所给 + 甲 > 甲", constants={"甲": f"1{other}"})


@pytest.mark.system("unit-and-money")
@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("4000吨/日", "4000t/d"), ("4000吨/日", "4000吨/天"), ("10mg/m³", "10毫克每立方米"),
        ("10mg/m³", "10mg/m3"), ("1000MW", "1000兆瓦"), ("1000千伏", "1000kV"),
        ("2.5万亿元", "25000亿元"), ("1万元", "10000元"), ("0.01元", "1分"), ("3%", "3/100"),
    ],
)  # fmt: skip
def test_the_same_quantity_in_other_words(text: str, same: str) -> None:
    one, other = parse_quantity(text), parse_quantity(same)
    assert (one.value, one.dimension) == (other.value, other.dimension)


@pytest.mark.system("unit-and-money")
def test_a_figure_in_yuan_is_ten_thousand_times_smaller_than_in_wan() -> None:
    """5000000 without a unit is refused where money is wanted; with one it is exact."""
    field = RowField("invested", "投资额", "money")
    rule = compile_row_rule([field], "达到(投资额, 起点)", constants={"起点": "500万元及以上"})
    assert rule.one({"invested": "5000000元"}).value is True
    assert rule.one({"invested": "4999999.99元"}).value is False
    assert rule.one({"invested": "500元"}).value is False
    assert rule.one({"invested": 500_0000_00}).value is True
    with pytest.raises(EvaluationError, match="投资额"):
        rule.one({"invested": "5000000"})
    with pytest.raises(EvaluationError, match="投资额"):
        rule.one({"invested": "0.001元"})
    with pytest.raises(EvaluationError, match="浮点"):
        rule.one({"invested": 5e8})


@pytest.mark.system("unit-and-money")
def test_three_per_cent_and_three_points_do_not_stand_for_each_other(tmp_path: Path) -> None:
    """Both are stored as 0.03; a parameter that is one may not be given the other."""
    assert parse_quantity("3%").value == parse_quantity("3个百分点").value == Fraction(3, 100)
    mixed = BASE["parameters.yaml"].replace(
        "values: [{from: 2020-08-01, value: 3%}]",
        "values: [{from: 2020-08-01, value: 3%}, {from: 2021-08-01, value: 3个百分点}]",
    )
    report = lint_pack(write_pack(tmp_path / "tiny", {"parameters.yaml": mixed}))
    assert [problem.code for problem in report.errors] == ["unit-mismatch"]
    stated = BASE["parameters.yaml"].replace("  kind: rate\n", "  kind: rate\n  unit: 百分点\n")
    report = lint_pack(write_pack(tmp_path / "other", {"parameters.yaml": stated}))
    assert [problem.code for problem in report.errors] == ["unit-mismatch"]


@pytest.mark.system("unit-and-money")
@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [("设备补助比例", "4%", "4个百分点"), ("上浮点数", "2个百分点", "2%")],
)
def test_a_scenario_keeps_points_and_per_cent_apart(name: str, right: str, wrong: str) -> None:
    model = build_model(load_pack(PACKS / "yanzhou-2020"))
    build_environment(model.pack, model.scope, year=2021, overrides={name: right})
    with pytest.raises(EvaluationError, match="不是一回事"):
        build_environment(model.pack, model.scope, year=2021, overrides={name: wrong})


@pytest.mark.parametrize(
    ("growth", "unit_text"), [("average-growth", "百分点"), ("yearly-increase", "%")]
)
def test_a_growth_rate_is_per_cent_and_a_share_rises_by_points(
    growth: str, unit_text: str, tmp_path: Path
) -> None:
    text = f"""\
targets:
- {{id: T1, name: 比重, clause: 一, unit: "{unit_text}", value: "2", comparator: ">=",
   growth: {growth}, better: up, from: 2021-01-01, to: 2023-12-31}}
"""
    report = lint_pack(write_pack(tmp_path / "tiny", {"targets.yaml": text}))
    assert [problem.code for problem in report.errors] == ["unit-mismatch"]
    other = "%" if unit_text == "百分点" else "百分点"
    sound = write_pack(tmp_path / "sound", {"targets.yaml": text.replace(unit_text, other)})
    assert lint_pack(sound).passed


def test_half_or_more_of_a_ratio_has_exactly_one_boundary() -> None:
    """一半以上: 50 % is enough, and reading U1 b makes it strict."""
    field = RowField("part", "占比", "ratio")
    rule = compile_row_rule([field], "达到(占比, 一半)", constants={"一半": "一半以上"})
    assert rule.one({"part": Decimal("0.5")}).value is True
    assert rule.one({"part": Decimal("0.499999")}).value is False


@pytest.mark.parametrize("text", ["mg/m", "吨/", "MV", "元吨", "千", "kv"])
def test_a_unit_nobody_registered_is_refused(text: str) -> None:
    with pytest.raises(FormulaError) as raised:
        unit(text)
    assert raised.value.code == "unknown-unit"
