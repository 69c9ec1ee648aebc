"""A whole pack in a few lines, and both executors run on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from jigai.rules.batch import BatchEvaluator
from jigai.rules.binding import Environment
from jigai.rules.compiler import compile_plan
from jigai.rules.emit_python import python_source
from jigai.rules.environment import build_environment
from jigai.rules.facts import UNREADABLE, read_text
from jigai.rules.loader import load_pack
from jigai.rules.model import Model, build_model
from jigai.rules.plan import Plan
from jigai.rules.single import CaseEvaluator
from jigai.rules.snapshot import from_rows

VERDICTS = {1: "pay", 2: "below-threshold", 3: "excluded", 4: "missing", 5: "undetermined"}
YEAR = 2021

# One fact of each kind, for packs that show a construct.
WORDS = """\
terms:
- {term: 甲, id: flag_one, subject: project, type: bool, definition: 是否, source: 企业}
- {term: 乙, id: flag_two, subject: project, type: bool, definition: 是否, source: 企业}
- {term: 金额, id: money_one, subject: project, type: money, minimum: "-1000000000000",
   definition: 金额, source: 企业}
- {term: 金额二, id: money_two, subject: project, type: money, definition: 金额, source: 企业}
- {term: 面积, id: area, subject: project, type: area, definition: 面积, source: 企业}
- {term: 比例, id: share, subject: project, type: ratio, definition: 比例, source: 企业}
- {term: 数量, id: count_one, subject: project, type: number, definition: 个数, source: 企业}
- {term: 日期一, id: day_one, subject: project, type: date, definition: 日期, source: 企业}
- {term: 日期二, id: day_two, subject: project, type: date, definition: 日期, source: 企业}
- {term: 名称, id: label, subject: project, type: text, definition: 文字, source: 企业}
- {term: 申报年, id: year_applied, subject: project, type: number, definition: 年度, source: 台账,
   if_absent: assume 2021}
- term: 等级
  id: grade
  subject: project
  type: enum
  options: {A: A类, B: B类, C: C类}
  definition: 等级
  source: 企业
- {term: 行金额, id: line_amount, subject: line, type: money, minimum: "-1000000000000",
   definition: 金额, source: 税务}
- {term: 行有效, id: line_good, subject: line, type: bool, definition: 是否, source: 平台}
- {term: 企业名额, id: allowed, subject: enterprise, type: number, definition: 名额, source: 台账}
- {term: 企业属实, id: firm_flag, subject: enterprise, type: bool, definition: 是否, source: 企业}
- {term: 成员投资, id: member_amount, subject: member, type: money, definition: 金额, source: 企业}
- {term: 成员算数, id: member_flag, subject: member, type: bool, definition: 是否, source: 企业}
"""

BASE = {
    "pack.yaml": """\
id: tiny
title: 小包
issuer: 某区人民政府
issued: 2020-07-01
effective_from: 2020-08-01
effective_to: 2023-07-31
status: issued
""",
    "clauses.yaml": """\
clauses:
- id: 一
  heading: 设备奖补
  anchor: 一、设备奖补
  summary: 投资到了起点的，按比例补到封顶为止。
  facts:
  - {id: F1, what: 起点, value: 500, unit: 万元, token: 500万元}
  - {id: F2, what: 比例, value: 3, unit: "%", token: "3%"}
  - {id: F3, what: 封顶, value: 100, unit: 万元, token: 100万元}
""",
    "parameters.yaml": """\
parameters:
- id: start
  name: 投资起点
  clause: 一
  facts: [F1]
  kind: threshold
  status: stated
  values: [{from: 2020-08-01, value: 500万元及以上}]
- id: rate
  name: 补助比例
  clause: 一
  facts: [F2]
  kind: rate
  status: stated
  values: [{from: 2020-08-01, value: 3%}]
- id: cap
  name: 补助上限
  clause: 一
  facts: [F3]
  kind: amount
  status: stated
  values: [{from: 2020-08-01, value: 100万元}]
""",
    "vocabulary.yaml": """\
terms:
- {term: 设备投资额, id: invested, subject: project, type: money, definition: 票面数, source: 企业}
- {term: 申报年, id: year_applied, subject: project, type: number, definition: 年度, source: 台账}
- {term: 已备案, id: filed, subject: project, type: bool, definition: 有备案证, source: 审批部门}
""",
    "measures.yaml": """\
gates:
- {id: filed, name: 已备案, clause: 一, subject: project, formula: 已备案, reason: r, missing: m}
measures:
- id: grant
  number: 1
  name: 设备奖补
  clause: 一
  gates: [filed]
  when: 达到(设备投资额, 投资起点)
  amount: 设备投资额 * 补助比例
  caps: [{per: project, amount: 补助上限}]
selection: {clause: 一, quota: "1", group: [申报年]}
""",
}


def write_pack(root: Path, files: Mapping[str, str | None] | None = None) -> Path:
    """Write the base pack with some files replaced (``None`` leaves one out)."""
    for name, text in {**BASE, **(files or {})}.items():
        if text is not None:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
    return root


def tiny_model(root: Path, files: Mapping[str, str | None] | None = None) -> Model:
    """The checked model of a tiny pack."""
    return build_model(load_pack(write_pack(root, files)))


@dataclass
class Answer:
    """Columns of every row by subject, key and name; amounts in fen, numbers exact."""

    plan: Plan
    rows: dict[str, dict[Any, dict[str, Any]]]

    def value(self, subject: str, key: Any, name: str) -> Any:
        """A column in the words of the pack: option words, fractions, ISO dates."""
        value = self.rows[subject][key][name]
        item = next((i for i in self.plan.items if i.id == name), None)
        scale = getattr(item, "scale", 1)
        if isinstance(value, bool) or value is None or isinstance(value, str | dt.date):
            return value
        return Fraction(value, scale) if scale != 1 else value


def run_both(model: Model, env: Environment, rows: Mapping[str, Any]) -> dict[str, Answer]:
    """The same rows through the single-case and the batch executor."""
    return {"case": _case(model, env, rows), "batch": _batch(model, env, rows)}


def environment(model: Model, **run: Any) -> Environment:
    """Constants of a run; the year is :data:`YEAR` unless it says otherwise."""
    return build_environment(model.pack, model.scope, **{"year": YEAR, **run})


def read_rows(model: Model, given: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Rows as written in a construct file: values as text, ``未知`` for unreadable."""
    rows: dict[str, list[dict[str, Any]]] = {
        subject: [] for subject in ("enterprise", "project", "consortium", "member", "line")
    }
    for subject, listed in given.items():
        for number, row in enumerate(listed, start=1):
            stored: dict[str, Any] = {"key": number}
            for name, text in row.items():
                stored[_id(model, name)] = _read(model, name, text)
            rows[subject].append(stored)
    return rows


def _id(model: Model, name: str) -> str:
    return model.scope.names[name][1] if name in model.scope.names else name


def _read(model: Model, name: str, text: str) -> Any:
    if text == "未知":
        return UNREADABLE
    if name == "key" or name.endswith("_key"):
        return int(text)
    return read_text(model.scope.terms[_id(model, name)], text)


def _case(model: Model, env: Environment, rows: Mapping[str, Any]) -> Answer:
    plan = compile_plan(model, env)
    evaluator = CaseEvaluator(plan, compile(python_source(plan), "plan", "exec"))
    stored = evaluator.decide(rows)
    return Answer(plan, {s: {row["key"]: row for row in listed} for s, listed in stored.items()})


def _batch(model: Model, env: Environment, rows: Mapping[str, Any]) -> Answer:
    plan = compile_plan(model, env)
    snapshot = from_rows(rows, plan.inputs)
    evaluator = BatchEvaluator(model, env, snapshot)
    columns = tuple(i.id for i in evaluator.plan.items if i.subject == "project")
    result = evaluator.run(extra=columns)
    found: dict[str, dict[Any, dict[str, Any]]] = {"project": {}, "consortium": {}, "member": {}}
    out = result.projects
    if out is not None:
        for place, key in enumerate(snapshot.keys["project"]):
            row = {name: _plain(out.columns[name][place]) for name in columns}
            verdict = int(out.verdict[place])
            row |= {
                "verdict": verdict,
                "amount": int(out.amount[place]) if verdict in (1, 2, 3) else None,
                "selected": {1: True, 0: False, -1: None}[int(out.selected[place])],
                "low": int(out.low[place]),
                "high": int(out.high[place]),
            }
            row["paid"] = None if row["selected"] is None else int(out.paid[place])
            found["project"][key] = row
    for identifier, consortia in result.consortia.items():
        for place, key in enumerate(snapshot.keys["consortium"]):
            verdict = int(consortia.verdict[place])
            found["consortium"][key] = {
                "verdict": verdict,
                "amount": int(consortia.amount[place]) if verdict in (1, 2, 3) else None,
            }
        for place, key in enumerate(snapshot.keys["member"]):
            member = result.members[identifier]
            share = None if member["open"][place] else int(member["share"][place])
            found["member"][key] = {"share": share}
    return Answer(evaluator.plan, found)


def _plain(value: Any) -> Any:
    if np.ma.is_masked(value):
        return None
    return value.item() if hasattr(value, "item") else value
