"""Duties on rows: bound or not, due when, done or in breach, and what would have to be known."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from jigai.rules.duties import compile_admission, compile_duty
from jigai.rules.environment import build_environment
from jigai.rules.errors import EvaluationError, PackError
from jigai.rules.examples import example_problems, run_examples
from jigai.rules.lint import lint_pack
from jigai.rules.loader import load_pack
from jigai.rules.model import Model, build_model
from tests.rules.tiny import BASE, write_pack

DUTY = """\
obligations:
- id: O1
  name: 完成改造
  clause: 一
  who: 生产线
  columns:
  - {id: invested, name: 投资额, type: money}
  - {id: running, name: 在役, type: bool}
  - {id: done, name: 已完成, type: bool}
  applies: 在役
  met: 已完成
  dues: [{when: "达到(投资额, 投资起点)", due: 2021年底前}, {when: 投资额 = 0, due: 2022-03-15}]
  due: 2023-12-31
- id: O2
  name: 没有公式的义务
  clause: 一
  who: 企业
  due_text: 长期
"""
BIG, SMALL, NONE = {"invested": "500万元"}, {"invested": "499.99万元"}, {"invested": 0}
OPEN = {"running": True, "done": False}


@pytest.fixture
def model(tmp_path: Path) -> Model:
    return build_model(load_pack(write_pack(tmp_path / "tiny", {"obligations.yaml": DUTY})))


def judged(model: Model, row: dict[str, Any], day: str, **readings: str) -> tuple[Any, ...]:
    env = build_environment(model.pack, model.scope, year=2021, readings=readings)
    duty = compile_duty(model, env, model.pack.obligations[0])
    found = duty.judge(row, dt.date.fromisoformat(day))
    return found.verdict, found.due and found.due.isoformat(), found.missing


@pytest.mark.parametrize(
    ("row", "day", "expected"),
    [
        ({**OPEN, **BIG}, "2021-12-30", ("未到期", "2021-12-31", ())),
        ({**OPEN, **BIG}, "2021-12-31", ("违约", "2021-12-31", ())),
        ({**OPEN, **SMALL}, "2023-12-30", ("未到期", "2023-12-31", ())),
        ({**OPEN, **SMALL}, "2024-01-01", ("违约", "2023-12-31", ())),
        ({**OPEN, **NONE}, "2022-03-15", ("违约", "2022-03-15", ())),
        ({**OPEN, **BIG, "done": True}, "2024-01-01", ("已履行", "2021-12-31", ())),
        ({**OPEN, **BIG, "running": False}, "2024-01-01", ("不适用", None, ())),
        ({**OPEN, **BIG, "running": None}, "2024-01-01", ("缺数据", None, ("在役",))),
        ({**OPEN}, "2024-01-01", ("缺数据", None, ("投资额",))),
        ({**BIG, "running": True}, "2021-12-30", ("未到期", "2021-12-31", ())),
        ({**BIG, "running": True}, "2022-01-01", ("缺数据", "2021-12-31", ("已完成",))),
    ],
)
def test_a_duty_is_in_breach_only_when_it_is_known_not_to_be_done(
    model: Model, row: dict[str, Any], day: str, expected: tuple[Any, ...]
) -> None:
    assert judged(model, row, day) == expected


def test_a_duty_without_date_or_formula_is_never_in_breach(model: Model) -> None:
    env = build_environment(model.pack, model.scope, year=2021)
    duty = compile_duty(model, env, model.pack.obligations[1])
    assert duty.rules == []
    assert duty.judge({}, dt.date(2099, 1, 1)).verdict == "没有期限"


def test_all_faults_of_a_duty_are_told_with_their_places(tmp_path: Path) -> None:
    broken = DUTY.replace("name: 在役", "name: 停用").replace("met: 已完成", "met: 投资额")
    report = lint_pack(write_pack(tmp_path / "tiny", {"obligations.yaml": broken}))
    places = {problem.code: problem.place.line for problem in report.errors}
    assert places == {"unknown-term": 10, "wrong-type": 11}
    (told,) = [p for p in report.errors if p.code == "unknown-term"]
    assert "“在役”" in told.message and "停用" in told.fix and told.clause == "一"


def test_what_a_register_admits_is_compiled_from_its_columns(tmp_path: Path) -> None:
    text = """\
registers:
- id: G1
  name: 项目库
  clause: 一
  columns: [{id: invested, name: 投资额, type: money}]
  admits: 达到(投资额, 投资起点)
- {id: G2, name: 名单, clause: 一}
"""
    tiny = build_model(load_pack(write_pack(tmp_path / "tiny", {"registers.yaml": text})))
    env = build_environment(tiny.pack, tiny.scope, year=2021)
    rule = compile_admission(tiny, env, tiny.pack.registers[0])
    assert [rule.one(row).value for row in (BIG, SMALL, {})] == [True, False, None]
    raised = build_environment(tiny.pack, tiny.scope, year=2021, overrides={"start": "1元及以上"})
    assert compile_admission(tiny, raised, tiny.pack.registers[0]).one(SMALL).value is True
    unset = build_environment(tiny.pack, tiny.scope, year=2021, overrides={"start": None})
    answer = compile_admission(tiny, unset, tiny.pack.registers[0]).one(BIG)
    assert (answer.value, answer.missing, answer.undetermined) == (None, (), ("投资起点",))
    with pytest.raises(EvaluationError, match="名单"):
        compile_admission(tiny, env, tiny.pack.registers[1])


def test_a_parameter_that_only_a_register_asks_for_is_used(tmp_path: Path) -> None:
    extra = BASE["parameters.yaml"] + (
        "- {id: entry, name: 入库起点, clause: 一, kind: threshold, status: local,\n"
        "   values: [{from: 2020-08-01, value: 1元及以上}]}\n"
    )
    text = """\
registers:
- id: G1
  name: 项目库
  clause: 一
  columns: [{id: invested, name: 投资额, type: money}]
  admits: 达到(投资额, 入库起点)
"""
    root = write_pack(tmp_path / "tiny", {"parameters.yaml": extra, "registers.yaml": text})
    assert "unused-parameter" not in {p.code for p in lint_pack(root).problems}
    (root / "registers.yaml").unlink()
    assert "unused-parameter" in {p.code for p in lint_pack(root).problems}


# examples ----------------------------------------------------------------------------------------


def examples(model_files: dict[str, str], text: str, root: Path) -> list[str]:
    """Differences of the examples of a tiny pack with a duty; empty where they pass."""
    files = {"obligations.yaml": DUTY, "examples/programme.yaml": text, **model_files}
    tiny = build_model(load_pack(write_pack(root / "tiny", files)))
    assert bool(example_problems(tiny)) == any(not r.passed for r in run_examples(tiny))
    return [result.difference for result in run_examples(tiny)]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("obligation: O1\n  row: {在役: 是, 投资额: 500万元, 已完成: 否}\n  as_of: 2022-01-01\n"
         "  expect: {verdict: 违约, due: 2021-12-31}", ""),
        ("obligation: O1\n  row: {在役: 是, 投资额: 500万元, 已完成: 否}\n  as_of: 2022-01-01\n"
         "  expect: {verdict: 已履行}", "verdict 应为 已履行，算得 违约"),
        ("obligation: O1\n  row: {停用: 是}\n  expect: {verdict: 违约}", "没有字段“停用”"),
        ("obligation: O1\n  row: {在役: 也许}\n  expect: {verdict: 违约}", "字段“在役”"),
        ("obligation: O9\n  expect: {verdict: 违约}", "没有“O9”"),
        ("obligation: O1\n  measure: grant\n  expect: {verdict: 违约}", "择一"),
        ("obligation: O1\n  expect: {amount: 1元}", "不认识的键“amount”"),
        ("obligation: O1", "没有写 expect"),
        ("admission: O1\n  expect: {admitted: 是}", "没有“O1”"),
        ("target: T1\n  expect: {attained: 达成}", "没有写 series"),
        ("target: T1\n  series: {2021: 十}\n  expect: {attained: 达成}", "不是数"),
    ],
)  # fmt: skip
def test_an_example_says_what_is_wrong_with_it(body: str, told: str, tmp_path: Path) -> None:
    text = f"examples:\n- name: 样例\n  clause: 一\n  {body}\n"
    (difference,) = examples({}, text, tmp_path)
    assert (told in difference) if told else not difference


def test_a_pack_with_faults_cannot_be_compiled_by_half(model: Model) -> None:
    env = build_environment(model.pack, model.scope, year=2021)
    broken = model.pack.obligations[0].model_copy(update={"applies": "停用", "met": "停用"})
    with pytest.raises(PackError) as raised:
        compile_duty(model, env, broken)
    assert len(raised.value.problems) == 2
