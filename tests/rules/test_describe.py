"""Formulas and packs in Chinese: what is said, and that everything can be said."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from jigai.rules.binding import Environment
from jigai.rules.describe import describe_formula, describe_measure, describe_pack
from jigai.rules.environment import build_environment
from jigai.rules.grammar import parse_formula
from jigai.rules.settle import settle
from tests.rules.harness import model
from tests.rules.test_constructs import FILES, built
from tests.rules.tiny import environment, tiny_model

SAID = [
    (
        "project",
        "设备投资额 * (设备补助比例 + 评价上浮)",
        "设备投资额 ×（设备补助比例 3% ＋ 评价上浮）",
    ),
    ("project", "达到(设备起点额, 设备投资起点)", "设备起点额达到 500万元及以上（设备投资起点）"),
    (
        "consortium",
        "达到(合计设备投资额, 共同体投资起点)",
        "合计设备投资额超过500万元（共同体投资起点）",
    ),
    (
        "project",
        "not 达到(设备起点额, 设备投资起点)",
        "并非设备起点额达到 500万元及以上（设备投资起点）",
    ),
    ("project", "建设性质 <> 新建", "建设性质不为新建"),
    ("project", "not 建设性质 = 新建", "建设性质不为新建"),
    ("project", "建设性质 in (新建, 扩建)", "建设性质属于（新建、扩建）"),
    ("project", "not 建设性质 in (新建, 扩建)", "建设性质不属于（新建、扩建）"),
    ("enterprise", "登记区划 in (辖区代码)", "登记区划属于辖区代码 370812"),
    (
        "project",
        "已入统 and (已备案或核准 or not 疑似同一项目)",
        "已入统 且（已备案或核准 或 “疑似同一项目”为否）",
    ),
    ("project", "not (已入统 and 已备案或核准)", "“已入统 且 已备案或核准”为否"),
    ("enterprise", "加点次序 = 先加点后封顶", "读法“加点次序”取“先加点后封顶”"),
    ("enterprise", "加点次序 <> 先加点后封顶", "读法“加点次序”不取“先加点后封顶”"),
    ("enterprise", "not 已知(评价等级)", "“评价等级”没有数据"),
    (
        "enterprise",
        "greatest(设备补助上限 - 设备奖补往年累计, 0)",
        "设备补助上限 100万元 － 设备奖补往年累计，不足零按零计",
    ),
    (
        "enterprise",
        "least(设备补助上限, 机器人补助上限)",
        "设备补助上限 100万元、机器人补助上限 100万元，取最小者",
    ),
    (
        "enterprise",
        "设备补助上限 - (机器人补助上限 - 信息化补助上限)",
        "设备补助上限 100万元 －（机器人补助上限 100万元 － 信息化补助上限 50万元）",
    ),
    (
        "line",
        "开票日期 between 投资起算日 and 有效期止",
        "开票日期在投资起算日 2020-08-15至有效期止（2023-08-14）之间",
    ),
    ("project", "case when 已入统 then 设备投资额 else 0 end", "若已入统，则设备投资额；否则0元"),
    (
        "project",
        "case when 已入统 then 设备投资额 else 未知 end",
        "若已入统，则设备投资额；否则待核",
    ),
    (None, "加月(申报截止日, 0 - 违法回溯期)", "申报截止日（2021-12-31）前推违法回溯期 3年"),
    (None, "年初(申报截止日)", "申报截止日（2021-12-31）当年的首日"),
    ("project", "天数(开工日期, 竣工日期) > 0", "自开工日期至竣工日期的天数大于0"),
]


def env(readings: Mapping[str, str] | None = None) -> Environment:
    """The Yanzhou pack for 2021."""
    return build_environment(model().pack, model().scope, year=2021, readings=readings)


@pytest.mark.parametrize(("subject", "text", "said"), SAID)
def test_formula_in_chinese(subject: str | None, text: str, said: str) -> None:
    """Names, values as of the date, brackets only where they change the meaning."""
    node = parse_formula(text, model().scope, subject)
    assert describe_formula(node, model(), env()) == said


def test_without_a_date_parameters_keep_their_names() -> None:
    """A formula of the document itself, not of a run."""
    node = parse_formula("设备投资额 * 设备补助比例", model().scope, "project")
    assert describe_formula(node, model()) == "设备投资额 × 设备补助比例"


def test_flipped_quantifier_is_said() -> None:
    """U1 b turns “及以上” into more than."""
    node = parse_formula("达到(设备起点额, 设备投资起点)", model().scope, "project")
    assert "相反" in describe_formula(node, model(), env({"quantifier_inclusive": "b"}))


def test_settled_formula_shows_only_the_reading_taken() -> None:
    """Other branches are gone; the reading itself is listed beside the formula."""
    node = model().formulas["measure", "equipment", "amount"]
    assert describe_formula(settle(node, env()), model(), env()) == "设备计奖基数 × 设备适用比例"
    other = env({"uplift_order": "b"})
    text = describe_formula(settle(node, other), model(), other)
    assert text.startswith("（设备计奖基数 × 设备补助比例 3%、设备可用上限，取最小者）")


def test_a_measure_says_everything_a_clerk_asks() -> None:
    """Who, threshold, base, rate, cap, evidence, payer, parameters, readings, facts."""
    text = describe_measure(model(), "equipment", env())
    for section in (
        "条件",
        "起点",
        "金额",
        "舍入",
        "封顶",
        "申请材料",
        "参数",
        "读法",
        "用到的事实",
    ):
        assert f"## {section}" in text
    for words in (
        "信用状况为良好。证明：公共信用报告",
        "须由区工业和信息化局人工确认",
        "| 设备补助比例 | 3% | 2020-08-15 | 四.1 |",
        "加点部分不封顶（原比例部分封顶，加点部分另计不封顶）",
        "出资：区财政（技改专项资金）",
        "按“一般纳税人”计，列入未核实事项",
        "扣减\n\n- 按选定读法不扣减",
    ):
        assert words in text


def test_consortium_says_its_split() -> None:
    """Members' conditions, weights, odd fen."""
    text = describe_measure(model(), "consortium", env({"consortium_cap_scope": "b"}))
    assert "## 成员须满足" in text
    assert "按此数的比例分：成员设备投资额" in text
    assert "每个成员不超过 共同体补助上限 100万元" in text
    assert "余数相同的企业代码小者先补" in text


def test_readings_shown_are_those_that_decide() -> None:
    """A reading asked only in a branch that is ruled out does not bear on the measure."""
    plain = describe_measure(model(), "robot", env())
    assert "| 机器人基数 |" in plain
    declared = describe_measure(model(), "robot", env({"invoice_amount_basis": "c"}))
    assert "| 发票时间窗 |" in plain
    assert "| 发票时间窗 |" not in declared


def test_pack_names_channels_and_what_is_open() -> None:
    """Measures that cannot be computed say so and whose they are; so do unset parameters."""
    text = describe_pack(model(), env())
    assert "## 措施 6 股权投资与引导基金" in text
    assert "不能计算：属股权与基金" in text
    assert "决定：区财政局；出资：区财政与社会资本" in text
    assert "年度专项资金预算（四）：由区财政局、区工业和信息化局定" in text
    assert "按申报截止日 2021-12-31 判断：有效" in text
    for measure in model().measures.values():
        assert f"措施 {measure.number} {measure.name}" in text


def test_undetermined_parameter_says_who_decides(tmp_path: Path) -> None:
    """A rate nobody has set."""
    files = {
        "parameters.yaml": """\
parameters:
- {id: start, name: 投资起点, clause: 一, kind: threshold, unit: 万元, status: undetermined,
   decides: 区财政局}
- {id: rate, name: 补助比例, clause: 一, kind: rate, status: undetermined, decides: 区财政局}
- {id: cap, name: 补助上限, clause: 一, kind: amount, unit: 万元, status: undetermined}
"""
    }
    tiny = tiny_model(tmp_path, files)
    text = describe_pack(tiny, environment(tiny))
    assert "设备投资额达到 未定（投资起点）" in text
    assert "| 补助比例 | 未定，由区财政局定 |" in text
    assert "补助上限（一）：由有权部门定" in text


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_construct_can_be_described(path: Path) -> None:
    """No construct of the language is left without words."""
    found = built(path)
    text = describe_pack(found, environment(found))
    assert "None" not in text
    for measure in found.measures.values():
        assert measure.name in text
