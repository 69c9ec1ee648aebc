"""Parts of a formula that are told apart, and how they read."""

from __future__ import annotations

import pytest

from jigai.rules.row_parts import in_words, joined_conditions, reached

LUAN = "规上 and 已备案 and (主方向 in (信息化, 创新化) or 达到(固定资产投资, 起点))"


@pytest.mark.parametrize(
    ("formula", "parts"),
    [
        (LUAN, ["规上", "已备案", "主方向 in (信息化, 创新化) or 达到(固定资产投资, 起点)"]),
        ("甲", ["甲"]),
        ("((甲))", ["甲"]),
        ("(甲) and (乙)", ["甲", "乙"]),
        # What joins by ``or`` at the top is one condition: its halves do not stand alone.
        ("甲 and 乙 or 丙", ["甲 and 乙 or 丙"]),
        ("(甲 or 乙) and 丙", ["甲 or 乙", "丙"]),
        ("甲 between 1 and 2 and 乙", ["甲 between 1 and 2", "乙"]),
        ("case when 甲 and 乙 then 丙 else 丁 end and 戊",
         ["case when 甲 and 乙 then 丙 else 丁 end", "戊"]),
        ("甲 = ' and ' and 乙", ["甲 = ' and '", "乙"]),
        ("甲 AND 乙", ["甲", "乙"]),
    ],
)  # fmt: skip
def test_a_formula_falls_into_its_conditions(formula: str, parts: list[str]) -> None:
    assert joined_conditions(formula) == parts


def test_what_must_reach_what() -> None:
    assert reached("达到(固定资产投资, 起点) or 达到( 设备投资 ,另一起点)") == [
        ("固定资产投资", "起点"), ("设备投资", "另一起点"),
    ]  # fmt: skip
    assert reached("规上") == []


def test_a_condition_in_words() -> None:
    said = in_words("主方向 in (信息化, 创新化) or 达到(固定资产投资, 起点)")
    assert said == "主方向属于信息化、创新化，或者固定资产投资达到起点"
    assert in_words("not 停建") == "不是停建"
