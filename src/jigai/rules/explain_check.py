"""Explains a measure that ends in a verdict without an amount: gates, then check by check.

The truth of every check is a column of the plan. Only the quantity beside it, which has no column,
is worked out here, by the folding the compiler itself uses.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jigai.rules import schema
from jigai.rules.bearing import Bearing
from jigai.rules.binding import Environment
from jigai.rules.explain import Case
from jigai.rules.explanation import CheckExplanation, Entry, Explanation, Figure, Reason
from jigai.rules.expr import Node
from jigai.rules.facts import Row, Rows
from jigai.rules.measure_trace import MeasureTracer
from jigai.rules.missing_facts import Target, is_open
from jigai.rules.model import Model
from jigai.rules.plan import (
    BELOW,
    EXCLUDED,
    PAY,
    UNDETERMINED,
    VERDICT_CODES,
    VERDICTS,
    CheckPlan,
)
from jigai.rules.single import CaseEvaluator
from jigai.rules.wording import quantity

STAGE = "核对"
_MET, _UNMET, _OPEN, _MISSING, _SHOWN = "满足", "不满足", "未定", "缺数据", "不作条件"


def explain_check(
    evaluator: CaseEvaluator, model: Model, env: Environment, rows: Rows, measure: str, key: Any
) -> Explanation:
    """Explain one row under a plan compiled for ``measure``; no amount anywhere.

    Raises :class:`KeyError` if the case has no such row or the plan does not check the measure.
    """
    plan = next((c for c in evaluator.plan.checks if c.id == measure), None)
    if plan is None:
        raise KeyError(measure)
    case = Case(evaluator, model, env, rows)
    row = case.row(plan.subject, key)
    found = case.start(plan.subject, key, row[plan.code], None, 0, 0)
    found.entries = [entry for entry in found.entries if entry.stage != "有效期"] + [
        _plain(entry) for entry in found.entries if entry.stage == "有效期"
    ]
    told = _Check(case.measures, plan, row).told()
    found.measures = [told]
    found.chosen = [measure] if told.verdict_code == "pay" else []
    columns = [(plan.name, name) for name in (plan.ok, *plan.checks)] if is_open(
        row[plan.code]) else []  # fmt: skip
    target = Target(plan.subject, key, lambda r: (r[plan.code], 0, 0))
    case.finish_check(found, target, columns, plan)
    return found


def _plain(entry: Entry) -> Entry:
    """A document that is not in force checks only as a trial; nothing is payable anyway."""
    entry.note = "只作测算，不作办理依据" if entry.note else ""
    return entry


class _Check:
    """One checked measure on one decided row."""

    def __init__(self, measures: MeasureTracer, plan: CheckPlan, row: Row) -> None:
        self.measures, self.t, self.plan, self.row = measures, measures.t, plan, row
        self.declared = self.t.model.measures[plan.id]

    def told(self) -> CheckExplanation:
        """Verdict, reasons, entries and figures."""
        plan, code = self.plan, self.row[self.plan.code]
        found = CheckExplanation(
            plan.id, plan.number, plan.name, plan.clause, VERDICTS[code], VERDICT_CODES[code],
            None, 0, 0,
        )  # fmt: skip
        found.note, seen = self.declared.status_note, set[str]()
        found.entries += self.measures.gates_of(plan.gates, plan.subject, self.row, seen)
        for index, check in enumerate(self.declared.checks):
            entries, figure = self._check(index, check, seen)
            found.entries += entries
            found.figures.append(figure)
        found.undetermined = self.measures.undetermined(self.declared)
        found.reasons = list(self._reasons(code, found))
        return found

    def _node(self, index: int, field: str) -> Node | None:
        return self.t.model.formulas.get(("measure", self.plan.id, f"check.{index}.{field}"))

    def _check(self, index: int, check: schema.Check, seen: set[str]) -> tuple[list[Entry], Figure]:
        node, subject = self._node(index, "holds"), self.plan.subject
        assert node is not None
        entries = self.measures.definitions(STAGE, node, self.row, subject, seen)
        entry = self.t.step(STAGE, self.plan.checks[index], self.row, subject, check.name)
        judged = bool(check.limit or check.holds)
        entry.result = self._truth(entry.value, node) if judged else _SHOWN
        value, limit = self._text(index, "value", check), self._limit(index, check, entry)
        entry.gap = self._gap(index, check, entry)
        said = [f"现为 {value}" if value else "", f"标准 {limit}" if limit else ""]
        entry.note = "；".join(part for part in said if part)
        figure = Figure(check.name, value, limit, entry.gap, entry.result, entry.clause,
                        check.compare if check.limit else "")  # fmt: skip
        return [*entries, entry], figure

    def _truth(self, value: Any, node: Node) -> str:
        if value is not None:
            return _MET if value else _UNMET
        asked = Bearing(self.t.model, self.t.env).add([node]).parameters
        open_ = any(self.t.env.parameters[name].value is None for name in asked)
        return _OPEN if open_ else _MISSING

    def _number(self, index: int, field: str) -> Any:
        node = self._node(index, field)
        return None if node is None else self.t.evaluate(node, self.row, self.plan.subject)

    def _text(self, index: int, field: str, check: schema.Check) -> str:
        """A quantity in the unit of the check; empty for a check that has none."""
        node = self._node(index, field)
        if node is None:
            return ""
        value = self._number(index, field)
        if value is None:
            return self._truth(None, node)
        if node.type.kind != "number":
            return str(value)
        return _written(value, node, check.unit)

    def _limit(self, index: int, check: schema.Check, entry: Entry) -> str:
        """What it is held against: the quantity named, or the thresholds of the condition."""
        if check.limit:
            return self._text(index, "limit", check)
        return "、".join(f"{p.name} {p.value}" for p in entry.parameters) if check.value else ""

    def _gap(self, index: int, check: schema.Check, entry: Entry) -> str:
        node = self._node(index, "value")
        value, limit = self._number(index, "value"), self._number(index, "limit")
        if entry.value is not False or node is None or value is None or limit is None:
            return entry.gap if entry.value is False else ""
        short = "还差" if check.compare == "at-least" else "超出"
        return f"{check.name}{short} {_written(abs(limit - value), node, check.unit)}"

    def _reasons(self, code: int, found: CheckExplanation) -> Iterator[Reason]:
        wanted: Any = False if code == EXCLUDED else None
        if code == PAY:
            return
        if code == BELOW:
            for figure in found.figures:
                if figure.result == _UNMET:
                    text = figure.gap or f"{figure.name}：不满足"
                    yield Reason("check_failed", text, figure.clause)
            return
        plan = self.plan
        yield from self.measures.gate_reasons(plan.gates, self.row, plan.subject, wanted)
        if code == UNDETERMINED:
            for name in found.undetermined:
                yield Reason("undetermined", f"{name}未定", plan.clause)
        for figure in found.figures if code != EXCLUDED else ():
            if figure.result == _MISSING:
                yield Reason("check_missing", f"{figure.name}：缺数据", figure.clause)


def _written(value: Any, node: Node, unit: str) -> str:
    """Rates in per cent, money in 元, the rest in the unit of the check."""
    # Without a unit a pure number stays one: a plot ratio of 1.2 is not 120 %.
    return quantity(value, node.type.dimension, unit)
