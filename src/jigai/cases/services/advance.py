"""Moves a case on: opens steps, gives out tasks, closes it when all is done."""

from __future__ import annotations

import datetime as dt

from jigai.cases import hooks
from jigai.cases.flow.shapes import Step
from jigai.cases.flow.walk import Standing, is_finished, openings
from jigai.cases.models import Case, CaseStep, Task
from jigai.cases.refusal_reason import reason_of_refusal
from jigai.cases.services.deed import CaseResult, CaseState, Deed, StepState, TaskKind, TaskState
from jigai.cases.services.give_tasks import give_tasks
from jigai.cases.services.tell import tell_applicant
from jigai.core.fields.formulas import compiled, rule_row

RUNNING = (CaseState.SUBMITTED, CaseState.OPEN)


def latest_steps(case: Case) -> dict[str, CaseStep]:
    """The latest round of every step, by code."""
    return {step.code: step for step in case.steps.order_by("place", "round")}


def standing_of(steps: dict[str, CaseStep]) -> dict[str, Standing]:
    """How the steps stand, for the step machine."""
    return {code: Standing(s.round, s.state, s.result) for code, s in steps.items()}


def advance(deed: Deed) -> None:
    """Open every step that can be opened now; close the case when nothing is left."""
    case, spec = deed.case, deed.spec
    if case.state not in RUNNING:
        return
    steps = latest_steps(case)
    moves = openings(spec, standing_of(steps), lambda step: _holds(case, step))
    for step in moves.skip:
        steps[step.id] = _row(deed, step, steps, StepState.SKIPPED)
        deed.note("", steps[step.id], verb="skip", condition=step.when)
    for step in moves.start:
        steps[step.id] = _row(deed, step, steps, StepState.ACTIVE)
        give_tasks(deed, steps[step.id], step)
        hooks.run_start_hooks(case, steps[step.id], deed.by)
    if is_finished(spec, standing_of(steps)):
        close(deed, _outcome(deed, steps))


def _holds(case: Case, step: Step) -> bool | None:
    """Whether the condition of a step is true for the case; ``None`` while values are missing."""
    spec = case.release.spec
    rule = compiled(
        spec.fields, step.when, spec.constants, where=f"步骤“{step.name}”", code="step-condition"
    )
    answer = rule.one(rule_row(spec.fields, case.values)).value
    return answer if isinstance(answer, bool) else None


def _row(deed: Deed, step: Step, steps: dict[str, CaseStep], state: str) -> CaseStep:
    before = steps.get(step.id)
    skipped = state == StepState.SKIPPED
    return CaseStep.objects.create(
        case=deed.case, code=step.id, name=step.name, place=deed.spec.steps.index(step),
        round=before.round + 1 if before else 1, state=state, days=step.days,
        started_on=deed.today, done_on=deed.today if skipped else None,
    )  # fmt: skip


def _outcome(deed: Deed, steps: dict[str, CaseStep]) -> str:
    """The result of the last decision; where nothing is decided, done is done."""
    decided = [
        steps[step.id].result for step in deed.spec.steps
        if step.deed == "decision" and steps[step.id].state == StepState.DONE
    ]  # fmt: skip
    refused = bool(decided) and decided[-1] == "disagree"
    return CaseResult.REFUSED if refused else CaseResult.AGREED


def close(deed: Deed, result: str, state: str = CaseState.DONE) -> None:
    """End the case: nothing is left to do, its clock stops today."""
    case = deed.case
    case.state, case.result, case.closed_on = state, result, deed.today
    end_open(deed, StepState.CANCELLED)
    end_pauses(case, deed.today)
    if state == CaseState.DONE:
        deed.note("", verb="close", result=result)
        hooks.run_hooks(case, "closed", deed.by)
        why = reason_of_refusal(case) if result == CaseResult.REFUSED else ""
        told = f"理由：{why}" if why else ""
        tell_applicant(case, f"已办结：{case.get_result_display()}", told)
    else:
        hooks.run_hooks(case, "ended", deed.by)


def end_pauses(case: Case, today: dt.date) -> None:
    """A stopped clock is not paused."""
    case.pauses.filter(ends__isnull=True).update(ends=today)


def end_open(deed: Deed, state: str, codes: frozenset[str] | None = None) -> None:
    """End the active steps (those named) and what was to be done in them; copies stay to read."""
    steps = CaseStep.objects.filter(case=deed.case, state=StepState.ACTIVE)
    tasks = Task.objects.filter(case=deed.case, state=TaskState.OPEN)
    tasks = tasks.exclude(kind=TaskKind.COPY)
    if codes is not None:
        steps = steps.filter(code__in=codes)
        tasks = tasks.filter(step__code__in=codes)
    tasks.update(state=TaskState.CANCELLED)
    steps.update(state=state, done_on=deed.today)
