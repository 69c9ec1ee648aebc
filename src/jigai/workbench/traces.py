"""计算过程: every step of every decision, from the explanation of the plan itself."""

from __future__ import annotations

from collections.abc import Iterator

from jigai.policies.explaining import explain
from jigai.rules.explain_text import render_rows
from jigai.rules.explanation import Explanation
from jigai.workbench.decisions import ConsortiumDecision, ProjectDecision
from jigai.workbench.evaluation import Evaluation

Row = tuple[object, ...]


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
