"""What is wrong with a procedure, before anybody can publish it: every problem with its fix."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from jigai.cases.flow.lint_apart import apart_problems, until_problems
from jigai.cases.flow.lint_checks import check_problems
from jigai.cases.flow.lint_data import evidence_problems, field_problems, title_problems
from jigai.cases.flow.lint_formulas import formula_problems
from jigai.cases.flow.lint_limits import limit_problems, path_problems
from jigai.cases.flow.lint_steps import order_problems, return_problems, shape_problems
from jigai.cases.flow.lint_who import acceptance_problems, law_problems, who_problems
from jigai.cases.flow.lint_writing import conflict_problems, write_problems
from jigai.cases.flow.problems import ERROR, WARNING, Problem
from jigai.cases.flow.shapes import Procedure, Unit

__all__ = ["ERROR", "WARNING", "Problem", "check"]


def check(
    procedure: Procedure, *, units: Callable[[Unit], str] | None = None
) -> list[Problem]:  # fmt: skip
    """Every problem, errors first; a procedure without errors may be published.

    ``units`` says why nobody stands behind a unit (no such department or role here), or nothing.
    Names of ``gates`` are for the rooms that declare them. What needs the order of the steps or the
    ids of the fields is only looked at once these are sound.
    """
    shape = list(shape_problems(procedure))
    if not _among(shape, "step-twice"):
        shape += order_problems(procedure)
    found = [
        *shape, *who_problems(procedure, units), *law_problems(procedure),
        *field_problems(procedure), *title_problems(procedure), *evidence_problems(procedure),
        *write_problems(procedure), *limit_problems(procedure), *until_problems(procedure),
        *check_problems(procedure),
    ]  # fmt: skip
    ordered = bool(procedure.steps) and not _among(shape, "step-twice", "unknown-after", "cycle")
    if ordered:
        found += [
            *return_problems(procedure), *conflict_problems(procedure), *path_problems(procedure),
            *acceptance_problems(procedure), *apart_problems(procedure),
        ]  # fmt: skip
    if not _among(found, "field-id", "field-twice"):
        found += formula_problems(procedure, ordered=ordered)
    return sorted(found, key=lambda problem: problem.severity != ERROR)


def _among(found: Iterable[Problem], *codes: str) -> bool:
    return any(problem.code in codes for problem in found)
