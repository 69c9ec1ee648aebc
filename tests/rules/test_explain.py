"""Explanations: the decision with its intermediate values, traced to clause and parameter."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from jigai.rules import schema
from jigai.rules.alternatives import Evaluators, alternative_readings
from jigai.rules.binding import Environment, ParameterValue
from jigai.rules.compiler import compile_plan
from jigai.rules.environment import build_environment
from jigai.rules.errors import EvaluationError
from jigai.rules.examples import ExampleRunner
from jigai.rules.explain import explain_consortium, explain_project
from jigai.rules.explain_text import HEADER, render_rows, render_text
from jigai.rules.explanation import STAGES, Entry, Explanation
from jigai.rules.facts import UNREADABLE
from jigai.rules.plan import MISSING, VERDICTS, Step
from jigai.rules.program import case_evaluator, load_program, save_program
from jigai.rules.settle import evaluate
from jigai.rules.single import CaseEvaluator
from jigai.rules.trace import Tracer
from tests.rules.harness import evaluate_case, model
from tests.rules.strategies import WAN, random_case
from tests.rules.test_constructs import FILES, built
from tests.rules.test_oracle_examples import A, consortium, district, row
from tests.rules.tiny import environment

GOLDEN = Path(__file__).with_name("golden")


def make(readings: Any = None) -> Environment:
    """The Yanzhou pack for 2021."""
    return build_environment(model().pack, model().scope, year=2021, readings=readings or {})


@cache
def plain() -> Environment:
    """The run itself, built once."""
    return make()


@cache
def evaluator() -> CaseEvaluator:
    """Compiled once for all tests here."""
    return case_evaluator(compile_plan(model(), plain()))


def project(rows: Any, key: int = 1) -> Explanation:
    """Explain one project."""
    return explain_project(evaluator(), model(), plain(), rows, key)


def pool(rows: Any) -> Explanation:
    """Explain the consortium."""
    return explain_consortium(evaluator(), model(), plain(), rows, "C")


def entry(explanation: Explanation, measure: str, label: str) -> Entry:
    """One step of a measure by its label."""
    found = explanation.measure(measure).entries
    return next(e for e in found if e.label == label)


# golden texts -------------------------------------------------------------------------------------


def golden(name: str, text: str) -> None:
    """Compare with the file; rewrite it when asked to (UPDATE_GOLDEN=1)."""
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_text_of_a_capped_award() -> None:
    """Class A, 50 million: 4%, capped, with what the other readings would give."""
    rows = district(firm={**A, "taxpayer_type": None}, equipment=5000 * WAN)
    found = project(rows)
    found.alternatives = alternative_readings(model(), make, rows, 1)
    golden("capped_award", render_text(found))


def test_text_of_a_case_that_waits() -> None:
    """Two facts missing, ranked; a measure that is out of the question gets one line."""
    firm = {"latest_grade": None, "credit_status": None}
    rows = district(firm=firm, equipment=1000 * WAN, robot=310 * WAN)
    golden("missing_facts", render_text(project(rows)))


def test_text_of_a_consortium() -> None:
    """A class D member removed, an odd fen in the split."""
    totals = (1200 * WAN, 1200 * WAN, 1200 * WAN, 90 * WAN)
    rows = consortium(*totals, firms=({}, {}, {}, {"latest_grade": "D"}))
    golden("consortium_split", render_text(pool(rows)))


# the same plan, not a second one ------------------------------------------------------------------


def test_explained_values_are_decided_values() -> None:
    """Two hundred random districts: verdicts, amounts, bounds, selection and shares agree."""
    rng, seen = Random(20210831), 0
    while seen < 200:
        rows = random_case(rng)
        decided = evaluate_case(rows, 2021)
        for key, expected in decided["projects"].items():
            seen += 1
            found = project(rows, key)
            words = {m.id: (m.verdict_code, m.amount) for m in found.measures}
            for identifier, measure in expected["measures"].items():
                code, amount = words[identifier]
                assert code == measure["verdict"]
                assert amount == (measure["amount"] if code == "pay" else _settled(code))
            told = (found.amount, found.low, found.high, found.selected, found.paid)
            names = ("amount", "low", "high", "selected", "paid")
            assert told == tuple(expected[name] for name in names)
            assert tuple(found.chosen) == expected["track"]
        for key, expected in decided["consortia"].items():
            told_pool = explain_consortium(evaluator(), model(), plain(), rows, key)
            assert told_pool.measures[0].verdict_code == expected["verdict"]
            shares = {m.key: m.share for m in told_pool.members}
            assert shares == {k: decided["members"][k]["share"] for k in shares}


def _settled(code: str) -> int | None:
    return 0 if code in ("below-threshold", "excluded") else None


def test_every_formula_shown_gives_the_column() -> None:
    """What is printed as a formula, folded with the row's facts, is the value of its column."""
    rng, env, plan = Random(7), make(), evaluator().plan
    tracer = Tracer(model(), env, plan, set())
    steps = [s for s in plan.items if isinstance(s, Step) and s.node is not None]
    compared = 0
    for _ in range(60):
        decided = evaluator().decide(random_case(rng))
        for step in steps:
            for found in decided[step.subject]:
                value = evaluate(
                    step.node, env, lambda n, r=found, s=step: tracer.value(r, s.subject, n)
                )
                stored = found[step.id]
                if value is None or stored is None:
                    assert value is None and stored is None, (step.id, value, stored)
                    continue
                compared += 1
                assert _same(step, value, stored), (step.id, value, stored)
    assert compared > 5000


def _same(step: Step, value: Any, stored: Any) -> bool:
    if step.node is None or step.node.type.kind == "bool":
        return value is stored
    if step.node.type.kind == "number":
        return abs(value * step.scale - stored) * 2 <= (1 if step.kind in ("raw", "cap") else 0)
    if step.node.type.kind == "enum":
        return bool(step.node.type.options[stored] == value)
    return bool(value == stored)


def examples() -> list[schema.Example]:
    """Examples of the Yanzhou pack."""
    return [e for e in model().pack.examples if not e.profile]


@cache
def explained(name: str) -> tuple[Explanation, ...]:
    """Explanations of an example."""
    found = next(e for e in examples() if e.name == name)
    return tuple(_runner().explain(found))


@cache
def _runner() -> ExampleRunner:
    return ExampleRunner(model())


def without_checks() -> list[str]:
    """Examples that end in an amount."""
    measures = model().measures
    return [e.name for e in examples()
            if e.measure not in measures or measures[e.measure].computable]  # fmt: skip


@pytest.mark.parametrize("name", without_checks())
def test_every_amount_traces_to_clause_and_parameter(name: str) -> None:
    """From the amount through computed inputs one always meets a dated parameter and a clause."""
    for explanation in explained(name):
        json.dumps(explanation.to_json(), ensure_ascii=False)
        for measure in explanation.measures:
            stages = [STAGES.index(e.stage) for e in measure.entries]
            assert stages == sorted(stages)
            assert all(e.clause for e in measure.entries)
            steps = {e.column: e for e in measure.entries if e.column}
            raw = next(e for e in measure.entries if e.label == "封顶前金额")
            assert _parameters(raw, steps, measure.entries), measure.id
            due = measure.entries[-1]
            assert due.label == "应补金额"
            if measure.verdict == "符合":
                assert due.value == measure.amount


def _parameters(start: Entry, steps: dict[str, Entry], entries: list[Entry]) -> set[str]:
    found = {p.id for p in start.parameters if p.clause and p.since}
    for item in start.inputs:
        step = steps.get(item.id)
        if item.computed and step is not None and step is not start:
            found |= _parameters(step, steps, entries)
    return found


# gaps, reasons, lines -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "gap"),
    [
        (500 * WAN - 1, "还差 0.01 元"),
        (500 * WAN - 999_999, "还差 9,999.99 元"),
        (420 * WAN, "还差 80.00 万元"),
        (420 * WAN - 1, "还差 800,000.01 元"),
    ],
)
def test_gap_is_exact(amount: int, gap: str) -> None:
    """万元 only where two places say it all; never a gap of 0.00."""
    found = entry(project(district(equipment=amount)), "equipment", "起点")
    assert found.gap == f"{gap}（设备投资起点 500万元及以上）"
    assert (found.value, found.result) == (False, "不满足")


def test_refusal_names_every_failed_gate_with_its_clause() -> None:
    """Class D and not filed: both, in stage order, and nothing about what is merely unknown."""
    own = row("project", 1, enterprise_key="E", filed=False)
    firm = {"latest_grade": "D", "credit_status": None}
    found = project(district(own, firm=firm, equipment=1000 * WAN))
    reasons = found.measure("equipment").reasons
    assert {(r.code, r.clause) for r in reasons} == {("grade_D", "四.4"), ("not_filed", "五.2")}
    assert found.missing == []


def test_lines_say_why_they_do_not_count() -> None:
    """Status words; a line that cannot be judged names what is missing."""
    rows = district(equipment=600 * WAN)
    more = {"project_key": 1, "amount_excl_tax": WAN, "amount_incl_tax": WAN}
    rows["line"] += [
        row("line", 11, **{**more, "void": True}),
        row("line", 12, **{**more, "leased": True, "lease_confirmed": None}),
        row("line", 13, **{**more, "invoice_date": UNREADABLE}),
        row("line", 14, **{**more, "line_already_paid": True}),
    ]
    lines = {line.key: line for line in project(rows).lines}
    assert [lines[k].status for k in (0, 11, 14)] == ["计入清单", "作废票", "以前已兑付"]
    assert lines[12].missing == ["租赁已核定"]
    assert lines[13].missing == ["开票日期"]
    assert lines[0].counted is True and lines[14].counted is False


# missing facts ------------------------------------------------------------------------------------


def test_the_fact_that_decides_most_comes_first() -> None:
    """The grade decides all of 40; an echelon listing only the last 10 of it."""
    firm = {"latest_grade": "B", "on_echelon_list": None, "credit_status": None}
    found = project(district(firm=firm, equipment=1000 * WAN)).missing
    assert [fact.name for fact in found] == ["信用状况", "列入梯队名单"]
    assert [fact.decides for fact in found] == [40 * WAN, 10 * WAN]
    assert found[0].source == "信用主管部门"
    assert found[0].blocks == ["装备升级奖补（设备投资）"]
    good = found[0].outcomes[0]
    assert (good.value, good.verdict, good.low, good.high) == ("良好", "缺数据", 30 * WAN, 40 * WAN)


def test_missing_facts_are_only_asked_when_they_matter() -> None:
    """A refused project waits for nothing; a date nobody needs is not asked for."""
    below = district(firm={"latest_grade": None}, equipment=1)
    assert project(below).missing == []
    assert project(district(equipment=1000 * WAN)).missing == []


def test_every_ranked_fact_can_change_the_answer() -> None:
    """Random districts with gaps: filling a ranked fact can move verdict or bounds."""
    rng, told = Random(3), 0
    for _ in range(60):
        rows = random_case(rng, missing=0.04)
        for decided in evaluator().decide(rows)["project"]:
            if decided["verdict"] != MISSING:
                continue
            found = project(rows, decided["key"])
            assert found.missing, decided["key"]
            told += len(found.missing)
            spread = [fact.decides for fact in found.missing]
            assert spread == sorted(spread, reverse=True)
            assert max(spread) <= found.high - found.low
    assert told > 20


def test_unmatched_project_asks_for_its_enterprise() -> None:
    """Without an enterprise every gate of it is open."""
    found = project(district(row("project", 1, enterprise_key=None), equipment=1000 * WAN))
    assert found.verdict == "缺数据"
    assert found.missing[0].name == "所属企业"


def test_assumptions_and_open_confirmations_are_listed() -> None:
    """What nobody supplied, grouped, and manual gates answered by an assumption only."""
    rows = district(firm={"well_managed": None, "taxpayer_type": None}, equipment=600 * WAN)
    for line in rows["line"]:
        line["second_hand"] = None
    found = {item.name: item for item in project(rows).unverified}
    assert set(found) == {"管理规范", "纳税人类型", "二手设备"}
    assert (found["管理规范"].what, found["管理规范"].value) == ("manual", "管理规范 是")
    assert found["纳税人类型"].value == "一般纳税人"
    assumed = entry(project(rows), "equipment", "管理规范").inputs[0]
    assert assumed.assumed


# readings -----------------------------------------------------------------------------------------


def test_alternatives_of_the_uplift_order() -> None:
    """Y1: 100 as read, 150 and 133.33 otherwise; each option compiled once."""
    rows, shared = district(firm=A, equipment=5000 * WAN), Evaluators(model(), make)
    found = alternative_readings(model(), make, rows, 1, evaluators=shared)
    uplift = {a.option: a.amount for a in found if a.reading == "uplift_order"}
    assert uplift == {"b": 150 * WAN, "c": 133_333_333}
    differing = [a.differs for a in found]
    assert differing == sorted(differing, reverse=True)
    same = alternative_readings(model(), make, rows, 1, evaluators=shared)
    assert same == found


def test_alternatives_of_a_consortium() -> None:
    """Y24 b: counted by heads the refused consortium would be paid."""
    rows = consortium(260 * WAN, 150 * WAN, 100 * WAN)
    found = alternative_readings(model(), make, rows, "C", "consortium")
    heads = next(a for a in found if a.reading == "sme_share_basis")
    assert (heads.verdict, heads.amount, heads.differs) == ("符合", 15_300_000, True)


def test_entry_names_reading_and_its_alternatives() -> None:
    """The uplift unit is shown at the rate it changes."""
    found = project(district(firm=A, equipment=1000 * WAN))
    rate = entry(found, "equipment", "设备适用比例")
    assert rate.result == "4%"
    unit = next(r for r in rate.readings if r.id == "uplift_unit")
    assert (unit.chosen, unit.alternatives) == ("百分点", ["相对（3%提高到3.03%）"])
    assert [(p.name, p.value, p.since) for p in rate.parameters] == [
        ("设备补助比例", "3%", "2020-08-15")
    ]


# states of the policy and the pack ----------------------------------------------------------------


def test_expired_policy_is_simulated() -> None:
    """The amount is there, and so is the mark."""
    env = build_environment(model().pack, model().scope, year=2024)
    cases = case_evaluator(compile_plan(model(), env))
    rows = district(equipment=1000 * WAN)
    rows["line"][0]["invoice_date"] = None
    found = explain_project(cases, model(), env, rows, 1)
    assert (found.status, found.simulated) == ("已过期", True)
    assert found.entries[0].result == "仅模拟：已过期"
    assert "只作测算，不产生应付" in render_text(found)


@pytest.mark.system("parameter-register")
def test_unset_parameter_is_named_with_who_decides() -> None:
    """未定 is not zero and not missing."""
    env = make()
    env.parameters["equipment_rate"] = ParameterValue("equipment_rate", None, "未定")
    cases = case_evaluator(compile_plan(model(), env))
    found = explain_project(cases, model(), env, district(equipment=1000 * WAN), 1)
    measure = found.measure("equipment")
    assert (measure.verdict, measure.amount) == ("未定", None)
    assert measure.undetermined == ["设备补助比例（四.1）"]
    assert [r.code for r in measure.reasons] == ["undetermined"]
    assert found.missing == []


def test_a_cached_program_is_explained_like_a_fresh_one(tmp_path: Path) -> None:
    """The disk cache keeps no formulas; they are compiled again."""
    save_program(evaluator().plan, tmp_path / "plan")
    cached = load_program(tmp_path / "plan")
    assert cached is not None
    rows = district(equipment=1000 * WAN)
    found = explain_project(cached, model(), make(), rows, 1)
    assert render_text(found, full=True) == render_text(project(rows), full=True)


def test_unknown_key_is_an_error() -> None:
    """Nothing is explained in place of what was asked."""
    with pytest.raises(KeyError):
        project(district(equipment=1), 99)


# rows ---------------------------------------------------------------------------------------------


def test_rows_for_the_sheet() -> None:
    """Six columns, every step, in the order of the stages, no empty step or result."""
    rows = render_rows(project(district(firm=A, equipment=5000 * WAN)))
    assert all(len(line) == len(HEADER) for line in rows)
    assert all(line[0] and line[1] and line[5] for line in rows)
    assert rows[0][1] == "有效期：政策有效期"
    assert rows[-1][1] == "合并封顶：本项目核定金额"
    assert rows[-1][5] == "1,000,000.00元"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_construct_can_be_explained(path: Path) -> None:
    """With no facts at all: no construct is left without words, nothing is made up."""
    found, firm = built(path), {"key": "E"}
    env = environment(found)
    cases = case_evaluator(compile_plan(found, env))
    rows: Any = {"enterprise": [firm], "project": [{"key": 1, "enterprise_key": "E"}]}
    if cases.plan.selection is None:
        with pytest.raises(EvaluationError, match="没有按项目计算的措施"):
            explain_project(cases, found, env, rows, 1)
        return
    told = explain_project(cases, found, env, rows, 1)
    json.dumps(told.to_json(), ensure_ascii=False)
    assert "None" not in render_text(told, full=True)
    for measure in told.measures:
        assert measure.verdict in VERDICTS.values()
