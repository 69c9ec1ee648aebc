"""计算过程: every step of every decision, from the explanation of the plan itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jigai.rules.explain import explain_consortium, explain_project
from jigai.rules.explain_text import render_rows
from jigai.rules.explanation import Explanation
from jigai.workbench.cases import consortium_case, project_case
from jigai.workbench.decisions import ConsortiumDecision, ProjectDecision
from jigai.workbench.evaluation import Evaluation

Row = tuple[object, ...]


def explain(run: Evaluation, subject: str, key: Any) -> Explanation:
    """Explanation of one project or consortium of a run."""
    if subject == "consortium":
        rows = consortium_case(run.facts, key)
        return explain_consortium(run.evaluator, run.model, run.env, rows, key)
    rows = project_case(run.facts, key)
    return explain_project(run.evaluator, run.model, run.env, rows, key)


def trace_rows(
    run: Evaluation, projects: list[ProjectDecision], consortia: list[ConsortiumDecision]
) -> Iterator[Row]:
    """Rows (object, name, step, clause, formula, values, result) in ledger order."""
    for decision in projects:
        key = decision.project.row
        yield from _rows(explain(run, "project", key), decision.project.project_name)
    for pool in consortia:
        yield from _rows(explain(run, "consortium", pool.key), pool.name)


def _rows(explanation: Explanation, name: str) -> Iterator[Row]:
    for title, step, clause, formula, taken, result in render_rows(explanation):
        yield (title, name, step, clause, formula, taken, result)
