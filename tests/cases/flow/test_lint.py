"""What the check of procedures finds: one bad procedure a code, with its place and its fix."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import jigai.cases.flow
from jigai.cases.flow.lint import ERROR, WARNING, Problem, check
from jigai.cases.flow.shapes import Unit, read_procedure

Content = dict[str, Any]
MIIT, LAND, TAX = ({"line": line} for line in ("miit", "land", "tax"))
# A licence without a fault: 受理 → 用地 ∥ 环评 → 会审, all that can be written in it.
GOOD: Content = {
    "kind": "licensing",
    "fields": [
        {"id": "name", "label": "项目名称", "required": True},
        {"id": "invest", "label": "总投资", "type": "money", "required": True},
        {"id": "plot", "label": "用地意见", "type": "long", "required": True},
        {"id": "noise", "label": "噪声超标", "type": "flag"},
        {"id": "summary", "label": "会审结论", "type": "long"},
    ],
    "title": "name",
    "constants": {"起点": "500万元及以上"},
    "conditions": [{"rule": "达到(总投资, 起点)", "say": "总投资不足 500 万元"}],
    "evidence": [
        {"id": "map", "name": "红线图", "deferrable": True, "days": 5},
        {"id": "report", "name": "投资报告", "when": "达到(总投资, 起点)"},
    ],
    "steps": [
        {"id": "accept", "name": "受理", "who": MIIT, "days": 5, "basis": "示例办法第三条",
         "accepts": True, "pauses": ["correction"]},
        {"id": "land", "name": "用地", "after": ["accept"], "who": LAND, "days": 10,
         "basis": "示例办法第四条", "write": ["plot"]},
        {"id": "noise", "name": "环评", "after": ["accept"], "who": MIIT, "days": 8,
         "basis": "示例办法第五条", "write": ["noise"], "pauses": ["hearing", "expert"]},
        {"id": "meet", "name": "会审", "after": ["land", "noise"], "who": [MIIT, LAND, TAX],
         "mode": "vote", "vote": {"numerator": 2, "denominator": 3, "quorum": 3}, "days": 5,
         "basis": "示例办法第六条", "write": ["summary"], "refuse": "return:noise",
         "when": "not 噪声超标"},
        {"id": "notice", "name": "公示", "deed": "wait", "days": 3, "basis": "示例办法第七条"},
    ],
    "limit": {"days": 20, "basis": "行政许可法第四十二条"},
    "promise": {"days": 18, "basis": "服务承诺"},
    "extension": {"days": 10, "times": 1, "basis": "行政许可法第四十二条"},
}  # fmt: skip


def changed(**parts: Any) -> Callable[[Content], None]:
    """Other values for whole parts of the good procedure."""
    return lambda content: content.update(parts)


def step(place: int, **parts: Any) -> Callable[[Content], None]:
    """Other values for one of its steps."""
    return lambda content: content["steps"][place].update(parts)


def field(place: int, **parts: Any) -> Callable[[Content], None]:
    return lambda content: content["fields"][place].update(parts)


def material(place: int, **parts: Any) -> Callable[[Content], None]:
    return lambda content: content["evidence"][place].update(parts)


def more(part: str, item: Content) -> Callable[[Content], None]:
    return lambda content: content[part].append(item)


def no_land_or_person(unit: Unit) -> str:
    return "本级没有自然资源部门" if unit.line == "land" else ""


a_day = more("fields", {"id": "day", "label": "某日", "type": "date"})
VOTE = {"numerator": 2, "denominator": 3, "quorum": 3}
# code, place, a word of the message, a word of the fix, what was done to the good procedure
LOOK = {"id": "first", "name": "首次核查", "days": 30, "basis": "示例办法"}
BAD: list[tuple[str, str, str, str, Callable[[Content], None]]] = [
    ("check-id", "事后核查“首次核查”", "代号“第一”不能用", "小写字母开头",
     changed(checks=[{**LOOK, "id": "第一"}])),
    ("check-twice", "事后核查“再查”", "代号“first”前面已经用过", "换一个代号",
     changed(checks=[LOOK, {**LOOK, "name": "再查"}])),
    ("check-name", "事后核查“first”", "没有名称", "填写核查什么",
     changed(checks=[{**LOOK, "name": ""}])),
    ("check-days", "事后核查“首次核查”", "没有写几天以后核查", "办结后几个工作日",
     changed(checks=[{**LOOK, "days": 0}])),
    ("check-basis", "事后核查“首次核查”", "30 个工作日没有依据", "写明法规条款",
     changed(checks=[{**LOOK, "basis": ""}])),
    ("promise-unchecked", "承诺书", "没有排核查", "加 checks",
     changed(commitment="承诺", checks=[])),
    ("no-steps", "步骤", "还没有步骤", "至少加一个步骤", changed(steps=[])),
    ("step-id", "步骤“公示”", "代号“Notice”不能用", "小写字母开头", step(4, id="Notice")),
    ("step-twice", "步骤“公示”", "代号“land”前面已经用过", "换一个代号",
     step(4, id="land", after=["meet"])),
    ("step-name", "第 5 个步骤", "没有名称", "填写中文名称", step(4, name="")),
    ("unknown-after", "步骤“用地”", "前置步骤“gone”不存在", "accept、noise、meet、notice",
     step(1, after=["gone"])),
    ("cycle", "步骤“用地”", "“用地”→“会审”→“用地”", "从“用地”的前置步骤里去掉“会审”",
     step(1, after=["accept", "meet"])),
    ("cycle", "步骤“会审”", "“会审”→“会审”", "去掉“会审”", step(3, after=["meet"])),
    ("loose-ends", "步骤", "有 2 个步骤后面没有步骤：“用地”、“公示”", "after: [land, notice]",
     step(3, after=["noise"])),
    ("refuse-word", "步骤“用地”", "“stop”不认识", "end、record、return:accept",
     step(1, refuse="stop")),
    ("refuse-unknown", "步骤“用地”", "退回的步骤“gone”不存在", "return:accept",
     step(1, refuse="return:gone")),
    ("refuse-later", "步骤“用地”", "退回“会审”，但它不在本步骤之前", "return:accept",
     step(1, refuse="return:meet")),
    ("refuse-later", "步骤“用地”", "退回“环评”，但它不在本步骤之前", "return:accept",
     step(1, refuse="return:noise")),
    ("refuse-later", "步骤“用地”", "退回“用地”", "return:accept", step(1, refuse="return:land")),
    ("nobody", "步骤“用地”", "没有办理人", "写明由哪个部门", step(1, who=[])),
    ("unit-unclear", "步骤“用地”", "是空的", "部门条线、申请人", step(1, who={"level": "city"})),
    ("unit-unclear", "步骤“会审”的第 2 个办理单位", "不止一种", "选一种",
     step(3, who=[MIIT, {"line": "tax", "applicant": True}, LAND])),
    ("unit-unknown", "步骤“用地”", "本级没有自然资源部门", "组织机构里补上", changed()),
    ("mode-alone", "步骤“用地”", "方式是会签，办理单位却只有一个", "再加办理单位",
     step(1, mode="all")),
    ("mode-alone", "步骤“用地”", "方式是或签", "单人办理", step(1, mode="any", who=[LAND, LAND])),
    ("mode-one", "步骤“用地”", "写了 2 个办理单位", "会签、或签、票决", step(1, who=[LAND, TAX])),
    ("vote-share", "步骤“会审”的票决", "通过比例 3/2", "三分之二写 2/3",
     step(3, vote={**VOTE, "numerator": 3, "denominator": 2})),
    ("vote-share", "步骤“会审”的票决", "通过比例 0/3", "2/3",
     step(3, vote={**VOTE, "numerator": 0})),
    ("vote-share", "步骤“会审”的票决", "要超过 3/3，永远通不过", "达到",
     step(3, vote={**VOTE, "numerator": 3})),
    ("vote-quorum", "步骤“会审”的票决", "没有写至少几人", "一以上",
     step(3, vote={**VOTE, "quorum": 0})),
    ("vote-quorum", "步骤“会审”的票决", "至少要 4 人投票，办理单位只有 3 个", "减少人数",
     step(3, vote={**VOTE, "quorum": 4})),
    ("wait-days", "步骤“公示”", "没有写等几天", "工作日天数", step(4, days=0)),
    ("wait-who", "步骤“公示”", "自动通过，却写了办理人", "去掉办理人", step(4, who=MIIT)),
    ("apart-who", "步骤“用地”", "回避只用于按权能办理", "去掉回避",
     step(1, who={"line": "land", "apart": "starter"})),
    ("apart-unknown", "步骤“用地”", "回避的“meet”不是本步骤之前的步骤", "accept、starter",
     step(1, who={"capability": "case.handle", "apart": "meet"})),
    ("until-deed", "步骤“用地”", "只有等候的步骤", "改成等候",
     lambda content: (a_day(content), step(1, until="day")(content))),
    ("until-days", "步骤“公示”", "又写了天数又写了截止日", "只写一样",
     lambda content: (a_day(content), step(4, until="day")(content))),
    ("until-field", "步骤“公示”", "“name”不是日期字段", "可以写：day",
     lambda content: (a_day(content), step(4, until="name", days=0, basis="")(content))),
    ("pause-unknown", "步骤“环评”", "没有“nap”这种暂停", "hearing、", step(2, pauses=["nap"])),
    ("licensing-pause", "步骤“环评”", "不能因“公示”暂停计时", "行政许可法第四十五条",
     step(2, pauses=["publicity"])),
    ("licensing-pause", "步骤“环评”", "不能因“补正”暂停计时", "听证、招标、拍卖、检验、检测、检疫",
     step(2, pauses=["hearing", "correction"])),
    ("licensing-correction", "补正", "五个工作日内一次告知", "行政许可法第三十二条",
     changed(correction={"times": 2})),
    ("licensing-acceptance", "受理", "没有受理步骤", "行政许可法第三十二条",
     step(0, accepts=False, pauses=[])),
    ("acceptance-first", "受理", "“用地”、“环评”、“会审”、“公示”不在受理之后", "放在最前",
     lambda content: (step(0, after=["notice"])(content), step(1, after=[])(content),
                      step(2, after=["land"])(content))),
    ("acceptance-twice", "受理", "2 个步骤都作受理：“受理”、“用地”", "只留一个",
     step(1, accepts=True)),
    ("field-label", "字段“plot”", "没有名称", "中文名称", field(2, label="")),
    ("field-id", "字段“会审结论”", "代号“Sum”不能用", "小写字母开头", field(4, id="Sum")),
    ("field-twice", "字段“用地意见”", "重复", "改名", more("fields", {
        "id": "plot2", "label": "用地意见"})),
    ("field-twice", "字段“另一个”", "重复", "删去一个", more("fields", {
        "id": "plot", "label": "另一个"})),
    ("field-type", "字段“会审结论”", "没有“其他名录的条目”这种类型", "可选：text",
     field(4, type="entry")),
    ("field-options", "字段“会审结论”", "还没有选项", "逐行填写", field(4, type="choice")),
    ("field-many", "字段“会审结论”", "多个值", "取消多值", field(4, many=True)),
    ("title-missing", "办件名称", "没有指定", "选择一个文字字段", changed(title="")),
    ("title-missing", "办件名称", "字段“gone”不存在", "加回去", changed(title="gone")),
    ("title-type", "办件名称", "“总投资”不能作办件名称", "文字或企业", changed(title="invest")),
    ("evidence-name", "材料“map”", "没有名称", "填写材料名称", material(0, name="")),
    ("evidence-id", "材料“红线图”", "代号“1”不能用", "小写字母开头", material(0, id="1")),
    ("evidence-twice", "材料“投资报告”", "代号“map”前面已经用过", "换一个", material(1, id="map")),
    ("evidence-days", "材料“红线图”", "可以容缺，却没有补齐期限", "容缺要有补齐期限",
     material(0, days=0)),
    ("write-unknown", "步骤“用地”", "要填写的字段“gone”不存在", "加回去",
     step(1, write=["plot", "gone"])),
    ("hide-unknown", "步骤“用地”", "要隐藏的字段“gone”不存在", "从步骤里去掉",
     step(1, hide=["gone"])),
    ("write-hidden", "步骤“会审”", "“会审结论”既要填写又不显示", "去掉一个",
     step(3, hide=["summary"])),
    ("nobody-writes", "字段“用地意见”", "必填，但步骤“公示”没有人能填它", "有办理人的步骤",
     lambda content: (step(1, write=[])(content), step(4, write=["plot"])(content))),
    ("nobody-writes", "字段“用地意见”", "步骤“用地”没有人能填它", "申请人", step(1, hide=["plot"])),
    ("conflict", "字段“用地意见”", "“用地”和“环评”可能同时办理", "排在另一个之后",
     step(2, write=["noise", "plot"])),
    ("condition-say", "申请条件 1", "没有写不符合时的提示", "一句话",
     changed(conditions=[{"rule": "达到(总投资, 起点)"}])),
    ("formula", "申请条件 1", "“没有这个”不是现有字段", "项目名称",
     changed(conditions=[{"rule": "达到(没有这个, 起点)", "say": "不行"}])),
    ("formula", "步骤“会审”的条件", "写法有误", "括号", step(3, when="噪声超标 and")),
    ("formula", "材料“投资报告”", "“用电量”不是现有字段", "改公式",
     material(1, when="达到(用电量, 起点)")),
    ("formula", "申请条件 1", "这里要是否，公式给出的是数值", "检查公式",
     changed(conditions=[{"rule": "总投资", "say": "不行"}])),
    ("when-later", "步骤“用地”的条件", "用到“噪声超标”，那时还没有人填", "“环评”）排到前面",
     step(1, when="噪声超标")),
    ("when-later", "步骤“环评”的条件", "用到“噪声超标”", "申请人填写", step(2, when="噪声超标")),
    ("when-later", "步骤“受理”的条件", "用到“噪声超标”", "排到前面", step(0, when="not 噪声超标")),
    ("hand-in-later", "申请条件 1", "用到“噪声超标”，申请时还没有人填", "从“环评”去掉",
     changed(conditions=[{"rule": "not 噪声超标", "say": "不行"}])),
    ("hand-in-later", "材料“投资报告”", "用到“噪声超标”", "换一个字段",
     material(1, when="噪声超标")),
    ("step-basis", "步骤“用地”", "10 个工作日没有依据", "法规条款", step(1, basis="")),
    ("limit-basis", "总时限", "20 个工作日没有依据", "法规条款", changed(limit={"days": 20})),
    ("promise-longer", "承诺时限", "承诺 21 个工作日，比法定的 20 个工作日还长", "20 个工作日以内",
     changed(promise={"days": 21})),
    ("extension-half", "延期", "只写了一样", "两样都写", changed(extension={
        "days": 10, "basis": "示例办法"})),
    ("extension-basis", "延期", "没有依据", "法规条款", changed(extension={
        "days": 10, "times": 1})),
    ("limit-short", "总时限",
     "17 个工作日不够：受理之后关键路径要 18 个工作日（用地 10→会审 5→公示 3）",
     "不少于 18 个工作日", changed(limit={"days": 17, "basis": "示例"}, promise=None)),
    ("promise-short", "承诺时限", "12 个工作日不够：受理之后关键路径要 18 个工作日", "改成并行",
     changed(promise={"days": 12})),
]  # fmt: skip
NAMES = [f"{bad[0]}-{number}" for number, bad in enumerate(BAD)]
WARNINGS = {"mode-one", "licensing-correction", "step-basis", "limit-basis", "check-basis",
            "promise-unchecked"}  # fmt: skip


def problems(change: Callable[[Content], Any], **given: Any) -> list[Problem]:
    content = copy.deepcopy(GOOD)
    change(content)
    return check(read_procedure(content), **given)


def test_a_good_procedure_has_no_problem() -> None:
    assert problems(changed()) == []
    assert problems(changed(), units=lambda unit: "") == []


@pytest.mark.parametrize(
    ("code", "where", "message", "fix", "change"), BAD, ids=NAMES
)  # fmt: skip
def test_each_fault_is_found_in_its_place_with_its_fix(
    code: str, where: str, message: str, fix: str, change: Callable[[Content], Any]
) -> None:
    units = no_land_or_person if code == "unit-unknown" else None
    found = [
        one for one in problems(change, units=units) if one.code == code and one.where == where
    ]
    assert len(found) == 1, found
    assert message in found[0].message and fix in found[0].fix
    assert found[0].severity == (WARNING if code in WARNINGS else ERROR)
    assert str(found[0]).startswith(f"{where}：")


# Faults that cannot be without a second one.
COMPANIONS = {
    "licensing-acceptance": {"limit-short", "promise-short"}, "nobody-writes": {"write-hidden"},
    "field-id": {"write-unknown"}, "unknown-after": {"loose-ends"},
}  # fmt: skip


@pytest.mark.parametrize(("code", "change"), [(b[0], b[4]) for b in BAD], ids=NAMES)
def test_a_fault_is_not_told_as_others(code: str, change: Callable[[Content], Any]) -> None:
    units = no_land_or_person if code == "unit-unknown" else None
    found = {one.code for one in problems(change, units=units)}
    assert found - {code} <= COMPANIONS.get(code, set())


def test_every_code_has_its_bad_procedure() -> None:
    folder = Path(jigai.cases.flow.__file__).parent
    text = "".join(path.read_text() for path in sorted(folder.glob("lint*.py")))
    written = set(re.findall(r'Problem\(\s*"([a-z-]+)"', text))
    # Two loops give the code and its words in rows.
    written |= set(re.findall(r'\(\s*"((?:write|hide)-unknown|(?:limit|promise)-short)"', text))
    assert len(re.findall(r"Problem\(\s*code,", text)) == 2
    assert written == {one[0] for one in BAD}


def test_errors_come_first() -> None:
    found = problems(lambda content: (step(1, basis="")(content), changed(title="")(content)))
    assert [one.severity for one in found] == [ERROR, WARNING]


def test_the_law_binds_licences_only() -> None:
    def free(content: Content) -> None:
        content.update(kind="subsidy", correction={"times": 3, "pauses": False})
        step(2, pauses=["publicity", "correction", "other"])(content)
        step(0, accepts=False)(content)
        content.update(limit={"days": 23, "basis": "示例办法"}, promise=None)

    assert problems(free) == []


@pytest.mark.system("parallel-approval")
def test_the_sum_may_be_longer_than_the_limit_but_not_the_critical_path() -> None:
    # 10 ∥ 8, then 5 and 3: 18 in parallel, 26 one after another.
    assert problems(changed(limit={"days": 18, "basis": "示例办法"})) == []
    in_a_row = problems(step(2, after=["land"]), units=None)
    assert {one.code for one in in_a_row} == {"limit-short", "promise-short"}
    assert "要 26 个工作日（用地 10→环评 8→会审 5→公示 3）" in in_a_row[0].message


@pytest.mark.system("tolerance-approval")
def test_what_may_come_later_needs_a_day_to_come_by() -> None:
    (found,) = problems(material(0, days=0))
    assert found.severity == ERROR and found.where == "材料“红线图”"
    assert problems(material(0, days=0, deferrable=False)) == []


def test_a_pool_may_vote_alone_and_answers_for_many() -> None:
    experts = {"who": {"pool": "expert"}, "vote": {"numerator": 2, "denominator": 3, "quorum": 7}}
    assert problems(step(3, **experts)) == []


def test_two_pens_one_after_the_other_are_no_conflict() -> None:
    assert problems(step(3, write=["summary", "plot"])) == []


def test_a_step_may_fill_in_for_steps_behind_it() -> None:
    assert problems(step(4, when="not 噪声超标")) == []


def test_units_are_asked_once_each_and_only_where_they_make_sense() -> None:
    asked: list[Unit] = []

    def told(unit: Unit) -> str:
        asked.append(unit)
        return ""

    problems(step(1, who={"level": "city"}), units=told)
    assert [unit.line for unit in asked] == ["miit", "miit", "miit", "land", "tax"]


def test_a_thousand_steps_are_checked() -> None:
    row = [
        {"id": f"s{at}", "name": f"第{at}步", "who": MIIT, "days": 1, "basis": "示例"}
        for at in range(1000)
    ]
    found = check(read_procedure({**GOOD, "kind": "service", "steps": row}))
    assert {one.code for one in found} == {"limit-short", "promise-short"}
