"""下放备案: only outside the catalogue, by the level that handles it, after all five conditions."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from jigai.cases.asked import question_key
from jigai.cases.models import Case
from jigai.errors import JigaiError
from jigai.registers.services.record_event import record
from jigai.workbench.case_links.catalogue import GATE
from jigai.workbench.case_links.five_conditions import FINDINGS, more_than_before
from tests.cases.conftest import CONTENT, publish
from tests.cases.content.town import Town, files, open_tasks, ship
from tests.factories import make_department
from tests.registers.content.shipped import put
from tests.registers.content.shipped import ship as ship_register

pytestmark = [pytest.mark.django_db]
FILING = {"project": "示例技改", "industry": "3411", "foreign": "否", "invest": "800万元",
          "content": "示例内容"}  # fmt: skip
MINE: dict[str, Any] = {
    "project": "示例矿山提质", "kind": "mine", "baseline": "示例核〔2010〕1号",
    "capacity_unit": "万吨/年", "old_capacity": "60", "new_capacity": "60",
    "old_products": "碎石、机制砂", "new_products": "碎石", "benefit": "改造通风",
}  # fmt: skip
ALL_MET = {**dict.fromkeys(FINDINGS, "符合"), "f_words": "逐条看过材料和现场"}


@pytest.fixture
def catalogue(town: Town) -> None:
    ship_register("approval-catalog")


def judged(town: Town, case: Case, manual: str, basis: str = "") -> Case:
    return town.do(case, "agree", "approval", values={"manual": manual, "manual_basis": basis})


@pytest.mark.system("filing-delegation")
def test_inside_the_catalogue_is_refused_with_where_to_go(town: Town, catalogue: None) -> None:
    procedure = ship("filing-delegation")
    with pytest.raises(JigaiError, match=r"稀土冶炼分离”在核准目录内.*请向省级核准机关"):
        town.submit(procedure, {**FILING, "industry": "3232"}, files(procedure))
    assert not Case.objects.exclude(state=Case.State.DRAFT).exists()


@pytest.mark.system("filing-delegation")
def test_what_is_forbidden_is_not_filed_either(town: Town, catalogue: None) -> None:
    procedure = ship("filing-delegation")
    answers = {question_key(GATE, "新增产能"): "yes"}
    with pytest.raises(JigaiError, match="不得备案"):
        town.submit(procedure, {**FILING, "industry": "3011"}, files(procedure), answers=answers)


@pytest.mark.system("filing-delegation")
def test_outside_goes_to_the_county(town: Town, catalogue: None) -> None:
    procedure = ship("filing-delegation")
    case = town.submit(procedure, FILING, files(procedure))
    case = town.do(case, "accept", "approval")
    case = judged(town, case, "agree")
    assert open_tasks(case) == ["file"]
    done = town.do(case, "agree", "approval", values={"filing_no": "示例备1号"})
    assert done.result == Case.Result.AGREED
    assert done.tasks.first().department.region_code == "370812"


@pytest.mark.system("filing-delegation")
def test_what_cannot_be_told_is_a_question_to_a_person_and_never_filed_by_itself(
    town: Town, catalogue: None
) -> None:
    procedure = ship("filing-delegation")
    case = town.submit(procedure, {**FILING, "industry": "3011"}, files(procedure))
    kept = case.records.get(verb="gate", data__moment="submit", reason__startswith="核准目录")
    assert kept.data["state"] == "unknown" and "还要回答：" in kept.reason
    case = town.do(case, "accept", "approval")
    for answer, basis in (("agree", ""), ("outside", ""), ("unsure", "说不准"), ("inside", "是")):
        with pytest.raises(JigaiError, match="人工判断"):
            judged(town, case, answer, basis)
    case = judged(town, case, "outside", "示例：对照原件第几条，不在目录")
    assert open_tasks(case) == ["file"]


@pytest.mark.system("filing-delegation")
def test_a_clerk_who_doubts_stops_what_the_platform_would_let_through(
    town: Town, catalogue: None
) -> None:
    procedure = ship("filing-delegation")
    case = town.do(town.submit(procedure, FILING, files(procedure)), "accept", "approval")
    with pytest.raises(JigaiError, match="不能在县区备案"):
        judged(town, case, "inside", "示例：像是目录第五条")
    given = {"manual": "inside", "manual_basis": "示例：目录第五条"}
    case = town.do(case, "disagree", "approval", values=given, reason="属于目录内")
    assert case.result == Case.Result.REFUSED


@pytest.mark.system("filing-delegation")
def test_without_a_catalogue_nothing_is_taken_for_outside(town: Town) -> None:
    procedure = ship("filing-delegation")
    case = town.do(town.submit(procedure, FILING, files(procedure)), "accept", "approval")
    with pytest.raises(JigaiError, match="没有代号为“approval-catalog”的名录"):
        judged(town, case, "agree")


@pytest.mark.system("approval-item-inventory")
def test_from_the_effective_day_on_the_old_level_takes_nothing(town: Town) -> None:
    today = timezone.localdate()
    ship_register("approval-items")
    put(ship_register("approval-items"), {
        "code": "示例-Z1", "name": "示例审批", "kind": "permit", "level": "county",
        "line": "approval", "department": "审批部门", "basis": "示例目录",
        "effective": "2018-01-01", "checked": "pending"})  # fmt: skip
    make_department(line="market")
    procedure = publish({**CONTENT, "item": "示例-Z1", "gates": ["handling"]})
    values = {"project": "示例", "new_land": "否"}
    papers = {"application": "file", "land_paper": "file"}
    before = town.do(town.submit(procedure, values, papers), "accept", "approval")
    waiting = town.submit(procedure, values, papers)
    put(ship_register("approval-log"), {
        "item": "示例-Z1", "kind": "recall", "before": "county", "after": "city",
        "department": "示例市审批部门", "document": "示例〔2026〕9号", "effective": str(today),
        "checked": "pending"}, since=today)  # fmt: skip
    with pytest.raises(JigaiError, match=r"不由县级受理：自 .* 起由市级示例市审批部门办理"):
        town.submit(procedure, values, papers)
    with pytest.raises(JigaiError, match="不由县级受理"):
        town.do(waiting, "accept", "approval")
    case = town.do(before, "agree", "ecology")
    assert open_tasks(case) == ["joint", "joint"], "已经受理的由原层级办结"


@pytest.mark.system("mine-steel-filing")
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"new_capacity": "60.1"}, "改造后产能超过立项文件的产能"),
        ({"new_products": "碎石、石粉"}, "新增产品品种：石粉"),
        ({"new_products": "精品石料"}, "与示例核〔2010〕1号比，新增产品品种：精品石料"),
    ],
)
def test_more_capacity_or_another_product_is_refused(
    town: Town, changes: dict[str, str], said: str
) -> None:
    procedure = ship("mine-steel-filing")
    with pytest.raises(JigaiError, match=said):
        town.submit(procedure, {**MINE, **changes}, files(procedure))


@pytest.mark.system("mine-steel-filing")
def test_the_comparison_does_not_trip_over_spelling() -> None:
    base = {"old_capacity": "60", "new_capacity": "60.0", "old_products": ["Ｑ235 钢"]}
    assert more_than_before({**base, "new_products": ["Q235钢"]}) == []
    assert more_than_before({**base, "new_products": ["Q345钢"]}) == ["新增产品品种：Q345钢"]
    assert more_than_before({**base, "new_capacity": "60.01", "capacity_unit": "万吨"}) == [
        "产能由 60 万吨 增到 60.01 万吨"
    ]


@pytest.mark.system("mine-steel-filing")
@pytest.mark.parametrize(
    ("finding", "answer"), list(zip(FINDINGS, ("不符合", "缺数据") * 3, strict=False))
)
def test_one_condition_short_is_enough_to_stop(town: Town, finding: str, answer: str) -> None:
    procedure = ship("mine-steel-filing")
    case = town.do(town.submit(procedure, MINE, files(procedure)), "accept", "approval")
    case = town.do(case, "agree", "miit", values={**ALL_MET, finding: answer})
    with pytest.raises(JigaiError, match=f"还没有认定符合：{FINDINGS[finding]}"):
        town.do(case, "agree", "approval", values={"discretion": "示例理由"})
    case = town.do(case, "disagree", "approval", values={"discretion": "条件不齐"},
                   reason="条件不齐")  # fmt: skip
    assert case.result == Case.Result.REFUSED


@pytest.mark.system("mine-steel-filing")
def test_every_condition_has_its_own_finding_and_material(town: Town) -> None:
    procedure = ship("mine-steel-filing")
    assert len(procedure.spec.evidence) == len(FINDINGS) == 5
    for item in procedure.spec.evidence:
        with pytest.raises(JigaiError, match="没有提交"):
            town.submit(procedure, MINE, files(procedure, item.id))
    case = town.do(town.submit(procedure, MINE, files(procedure)), "accept", "approval")
    for finding in FINDINGS:
        given = {k: v for k, v in ALL_MET.items() if k != finding}
        with pytest.raises(JigaiError, match="没有填写"):
            town.do(case, "agree", "miit", values=given)


@pytest.mark.system("mine-steel-filing")
def test_may_is_not_must_and_either_way_needs_its_reason(town: Town) -> None:
    procedure = ship("mine-steel-filing")
    cases = [
        town.do(town.submit(procedure, MINE, files(procedure)), "accept", "approval")
        for _ in range(2)
    ]
    for case in cases:
        town.do(case, "agree", "miit", values=ALL_MET)
    with pytest.raises(JigaiError, match="没有填写：裁量理由"):
        town.do(cases[0], "agree", "approval")
    yes = town.do(cases[0], "agree", "approval", values={"discretion": "提升明显"})
    no = town.do(cases[1], "disagree", "approval", values={"discretion": "周边敏感"},
                 reason="周边敏感")  # fmt: skip
    assert (yes.result, no.result) == (Case.Result.AGREED, Case.Result.REFUSED)
    assert no.values["discretion"] == "周边敏感"


def test_a_change_recorded_for_tomorrow_does_not_count_today(town: Town) -> None:
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    items = ship_register("approval-items")
    entry = put(items, {
        "code": "示例-Z2", "name": "示例备案", "kind": "filing", "level": "county",
        "line": "approval", "department": "审批部门", "basis": "示例目录",
        "effective": "2018-01-01", "checked": "pending"})[0]  # fmt: skip
    make_department(line="market")
    procedure = publish({**CONTENT, "item": "示例-Z2", "gates": ["handling"]})
    record(entry=entry, kind="remove", effective=tomorrow, by=None, reason="取消")
    values, papers = {"project": "示例", "new_land": "否"}, {"application": "file",
                                                           "land_paper": "file"}  # fmt: skip
    assert town.submit(procedure, values, papers).state == Case.State.SUBMITTED
