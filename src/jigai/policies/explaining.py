"""The explanation of one decision of a run."""

from __future__ import annotations

from typing import Any

from jigai.policies.cases import consortium_case, project_case
from jigai.policies.fact_run import FactRun
from jigai.rules.explain import explain_consortium, explain_project
from jigai.rules.explanation import Explanation


def explain(run: FactRun, subject: str, key: Any) -> Explanation:
    """Explanation of one project or consortium of a run. Raises ``KeyError`` for an unknown one."""
    if subject == "consortium":
        rows = consortium_case(run.facts, key)
        return explain_consortium(run.evaluator, run.model, run.env, rows, key)
    rows = project_case(run.facts, key)
    return explain_project(run.evaluator, run.model, run.env, rows, key)
