"""Explains a decision: the plan's own intermediate values in Chinese, never a second computation.

The case is decided with the evaluator that decides everything else; what is shown is read from
its rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from jigai.rules.alternatives import build_evaluator, consortium_answer, project_answer
from jigai.rules.binding import Environment
from jigai.rules.errors import EvaluationError
from jigai.rules.explain_consortium import members_of, split_entry
from jigai.rules.explain_parts import lines_of, status_entry, unverified_facts
from jigai.rules.explain_shares import share_entries
from jigai.rules.explanation import Explanation, MeasureExplanation
from jigai.rules.facts import Row, Rows
from jigai.rules.items import item_measures
from jigai.rules.measure_trace import MeasureTracer
from jigai.rules.missing_facts import Target, is_open, missing_facts
from jigai.rules.model import Model
from jigai.rules.plan import VERDICTS, CheckPlan, MeasurePlan
from jigai.rules.selection_trace import (
    item_cap_entries,
    pooled_entries,
    quota_entries,
    selection_entry,
)
from jigai.rules.single import SUBJECTS, CaseEvaluator
from jigai.rules.trace import Assumed, Tracer
from jigai.rules.wording import SUBJECT_WORDS


def explain_project(
    evaluator: CaseEvaluator, model: Model, env: Environment, rows: Rows, project_key: Any
) -> Explanation:
    """Explain one project of a case (``rows`` as supplied to :meth:`CaseEvaluator.decide`).

    Raises :class:`KeyError` if the case has no such project, :class:`EvaluationError` if the pack
    decides no projects.
    """
    if evaluator.plan.selection is None:
        raise EvaluationError("这个政策包没有按项目计算的措施，或没有写名额与选择（selection）")
    case = Case(evaluator, model, env, rows)
    row = case.row("project", project_key)
    verdict, _, low, high = project_answer(row)
    found = case.start("project", project_key, verdict, row["amount"], low, high)
    found.selected, found.paid = row["selected"], row["paid"]
    measures = [m for m in case.plan.measures if m.subject == "project"]
    found.measures = [case.measures.explain(measure, row) for measure in measures]
    tracks = case.plan.selection.tracks if case.plan.selection else ()
    found.chosen = list(tracks[row["track"] - 1]) if row["track"] else []
    found.entries += quota_entries(case.measures, row)
    found.entries += selection_entry(case.tracer, row, found)
    found.entries += pooled_entries(case.tracer, row, found.chosen)
    found.lines = lines_of(case.tracer, row["#line"])
    target = Target("project", project_key, _project_read)
    columns = [(m.name, m.code) for m in _waiting(measures, row)]
    if row["selected"] is None:
        selection = case.plan.selection
        assert selection is not None
        columns += [("申报名额", name) for name in (selection.quota, *selection.group)]
    case.finish(found, target, case.causes(columns), measures)
    return found


def explain_consortium(
    evaluator: CaseEvaluator, model: Model, env: Environment, rows: Rows, consortium_key: Any
) -> Explanation:
    """Explain one consortium of a case: members kept and removed, pool, shares.

    Raises :class:`KeyError` if the case has no such consortium, :class:`EvaluationError` if the
    pack decides no consortia.
    """
    if not any(measure.subject == "consortium" for measure in evaluator.plan.measures):
        raise EvaluationError("这个政策包没有按共同体计算的措施")
    case = Case(evaluator, model, env, rows)
    row = case.row("consortium", consortium_key)
    measures = [m for m in case.plan.measures if m.subject == "consortium"]
    verdict, amount, low, high = consortium_answer(case.plan, row)
    found = case.start("consortium", consortium_key, verdict, amount, low, high)
    found.paid, found.selected = amount, None
    found.measures = [case.measures.explain(measure, row) for measure in measures]
    found.chosen = [m.id for m in measures if found.measure(m.id).verdict_code == "pay"]
    for measure in measures:
        split = case.plan.splits.get(measure.id)
        if split is not None:
            found.members = members_of(case.measures, split, measure, row)
            found.entries += split_entry(case.measures, split, measure, row, found.members)
    lines = [line for member in row["#member"] for line in member["#line"]]
    found.lines = lines_of(case.tracer, lines)
    target = Target("consortium", consortium_key, lambda r: _consortium_read(case.plan, r))
    columns = [(m.name, m.code) for m in _waiting(measures, row)]
    case.finish(found, target, case.causes(columns), measures)
    return found


def explain_item(
    evaluator: CaseEvaluator, model: Model, env: Environment, rows: Rows, subject: str, key: Any
) -> Explanation:
    """Explain one title, loan, parcel, region or enterprise of a case.

    Raises :class:`KeyError` if the case has no such row, :class:`EvaluationError` if the pack
    decides nothing on that subject.
    """
    measures = item_measures(evaluator.plan, subject)
    if not measures:
        raise EvaluationError(f"这个政策包没有按{SUBJECT_WORDS[subject]}计算的措施")
    case = Case(evaluator, model, env, rows)
    row = case.row(subject, key)
    outcome = row["#outcome"]
    found = case.start(subject, key, outcome.verdict, outcome.amount, outcome.low, outcome.high)
    found.paid, found.selected = outcome.paid, None
    found.measures = [case.measures.explain(measure, row) for measure in measures]
    found.chosen = list(outcome.given)
    found.entries += item_cap_entries(case.tracer, subject, row)
    target = Target(subject, key, _item_read)
    columns = [(m.name, m.code) for m in _waiting(measures, row)]
    case.finish(found, target, case.causes(columns), measures)
    return found


def _item_read(row: Row) -> tuple[int, int, int]:
    outcome = row["#outcome"]
    return outcome.verdict, outcome.low, outcome.high


def _waiting(measures: list[MeasurePlan], row: Row) -> list[MeasurePlan]:
    return [measure for measure in measures if is_open(row[measure.code])]


def _project_read(row: Row) -> tuple[int, int, int]:
    verdict, _, low, high = project_answer(row)
    return verdict, low, high


def _consortium_read(plan: Any, row: Row) -> tuple[int, int, int]:
    verdict, _, low, high = consortium_answer(plan, row)
    return verdict, low, high


class Case:
    """One decided case with everything needed to explain parts of it."""

    def __init__(
        self, evaluator: CaseEvaluator, model: Model, env: Environment, rows: Rows
    ) -> None:
        if not evaluator.plan.items:  # loaded from a cache, which keeps no formulas
            named = [check.id for check in evaluator.plan.checks] or None
            evaluator = build_evaluator(model, env, named)
        self.evaluator, self.model, self.env, self.rows = evaluator, model, env, rows
        self.plan = evaluator.plan
        self.decided = evaluator.decide(rows)
        self.assumed: Assumed = {
            (a.subject, a.key, a.term)
            for subject in SUBJECTS
            for row in rows.get(subject, ())
            for a in evaluator.encoder.assumptions(subject, row)
        }
        self.tracer = Tracer(model, env, self.plan, self.assumed)
        self.measures = MeasureTracer(self.tracer)

    def row(self, subject: str, key: Any) -> Row:
        for row in self.decided[subject]:
            if row["key"] == key:
                return row
        raise KeyError(key)

    def start(
        self, subject: str, key: Any, verdict: int, amount: int | None, low: int, high: int
    ) -> Explanation:
        identity = self.model.pack.identity
        status, entry = status_entry(self.model, self.env)
        found = Explanation(
            identity.id,
            identity.title,
            identity.number or "",
            subject,
            key,
            status.value if status else "未定",
            not (status and status.payable),
            entry.result,
            VERDICTS[verdict],
            amount,
            low,
            high,
            None,
            None,
            [],
        )
        found.entries.append(entry)
        return found

    def causes(self, columns: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """The unknown columns behind an open verdict: a verdict itself is never unknown."""
        plans = {measure.code: measure for measure in self.plan.measures}
        found = []
        for label, column in columns:
            measure = plans.get(column)
            names = (measure.ok, measure.when, measure.effective) if measure else (column,)
            found += [(label, name) for name in names]
        return found

    def finish(
        self,
        found: Explanation,
        target: Target,
        causes: Iterable[tuple[str, str]],
        measures: list[MeasurePlan],
    ) -> None:
        """Fill in missing facts, what was taken on trust, and who pays when."""
        found.entries += share_entries(self.plan, self.model, found)
        found.missing = missing_facts(
            self.evaluator, self.tracer, self.rows, target, causes, self.decided
        )
        alive = self._alive(found.measures)
        bearing = None
        for measure in measures:
            if measure.id in alive:
                declared = self.model.measures[measure.id]
                names = self.tracer.told.bearing(declared).facts
                bearing = names if bearing is None else {**bearing, **names}
        found.unverified = unverified_facts(
            self.tracer,
            target.find(self.decided),
            target.subject,
            list(bearing or {}),
            [m for m in measures if m.id in alive],
        )

    def finish_check(
        self,
        found: Explanation,
        target: Target,
        causes: Iterable[tuple[str, str]],
        plan: CheckPlan,
    ) -> None:
        """Missing facts and what was taken on trust, for a measure without an amount."""
        found.missing = missing_facts(
            self.evaluator, self.tracer, self.rows, target, causes, self.decided
        )
        declared, row = self.model.measures[plan.id], target.find(self.decided)
        facts = list(self.tracer.told.bearing(declared).facts)
        found.unverified = unverified_facts(self.tracer, row, plan.subject, facts, [plan])

    @staticmethod
    def _alive(measures: list[MeasureExplanation]) -> set[str]:
        """Measures worth a remark: those that may pay, or all if none may."""
        open_ = {m.id for m in measures if m.verdict_code not in ("below-threshold", "excluded")}
        return open_ or {m.id for m in measures}
