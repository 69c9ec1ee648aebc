"""What other rooms do when a case moves; they register, cases knows none of them.

A hook runs in the transaction of the deed: when it raises, nothing has happened.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jigai.cases.models import Case, CaseStep
    from jigai.core.models import User

# ``correction``: 补正 was asked for; ``supplied``: it is over, answered or not. ``ended``: without
# a conclusion, or the conclusion lapsed; the state of the case says which.
MOMENTS = ("submitted", "accepted", "correction", "supplied", "closed", "ended")
Hook = Callable[["Case", "User | None"], None]
StepHook = Callable[["Case", "CaseStep", "User | None"], None]
_HOOKS: dict[tuple[str, str], list[Hook]] = {}
_STEPS: dict[tuple[str, str], list[StepHook]] = {}
_UNDONE: dict[tuple[str, str], list[StepHook]] = {}
_STARTS: dict[tuple[str, str], list[StepHook]] = {}


def register_hook(procedure: str, moment: str, hook: Hook) -> None:
    """Call ``hook(case, by)`` at a moment of every case of a procedure (``*``: of all)."""
    if moment not in MOMENTS:
        raise ValueError(f"not a moment: {moment}")
    hooks = _HOOKS.setdefault((procedure, moment), [])
    if hook not in hooks:
        hooks.append(hook)


def run_hooks(case: Case, moment: str, by: User | None) -> None:
    """Every hook of the case's procedure, then those of all procedures."""
    for code in (case.procedure.code, "*"):
        for hook in _HOOKS.get((code, moment), ()):
            hook(case, by)


def register_step_hook(procedure: str, step: str, hook: StepHook) -> None:
    """Call ``hook(case, row, by)`` when a step is done; ``row.result`` says how it was decided."""
    hooks = _STEPS.setdefault((procedure, step), [])
    if hook not in hooks:
        hooks.append(hook)


def register_undone_hook(procedure: str, step: str, hook: StepHook) -> None:
    """Call ``hook(case, row, by)`` when a step that was done is to be done again (退回, 取回)."""
    hooks = _UNDONE.setdefault((procedure, step), [])
    if hook not in hooks:
        hooks.append(hook)


def run_undone_hooks(case: Case, row: CaseStep, by: User | None) -> None:
    """Every hook of a step that is not done any more."""
    for hook in _UNDONE.get((case.procedure.code, row.code), ()):
        hook(case, row, by)


def run_step_hooks(case: Case, row: CaseStep, by: User | None) -> None:
    """Every hook of a step that has just been done."""
    for hook in _STEPS.get((case.procedure.code, row.code), ()):
        hook(case, row, by)


def register_start_hook(procedure: str, step: str, hook: StepHook) -> None:
    """Call ``hook(case, row, by)`` when a step has begun, before its clock is set; a limit that
    depends on the case (a day somebody fixed) may be put into ``row.days`` and saved."""
    hooks = _STARTS.setdefault((procedure, step), [])
    if hook not in hooks:
        hooks.append(hook)


def run_start_hooks(case: Case, row: CaseStep, by: User | None) -> None:
    """Every hook of a step that has just begun."""
    for hook in _STARTS.get((case.procedure.code, row.code), ()):
        hook(case, row, by)
