"""Settles every running clock anew after the calendar has changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from jigai.cases.flow.clock import read_clock
from jigai.cases.models import (
    Case,
    CaseRecord,
    CaseStep,
    Extension,
    Pause,
    ProcedureVersion,
    Task,
)
from jigai.cases.services.clocks import case_clock, step_clock, until_of
from jigai.cases.services.deed import CaseState, StepState, TaskState
from jigai.core.calendar import WorkCalendar
from jigai.core.platform_calendar import platform_calendar

BATCH = 1000
_RUNNING = (CaseState.SUBMITTED, CaseState.CORRECTION, CaseState.OPEN)
_CASE = ("due", "amber_from", "paused", "provisional")


@dataclass(frozen=True, slots=True)
class Settled:
    """How many cases were read and for how many the last day moved."""

    cases: int
    moved: int


def recompute(progress: Callable[[int, int], None] | None = None) -> Settled:
    """Work out the days of all running cases from the ledger and the calendar as it is now.

    A batch is one transaction; ``progress(done, of)`` is called between them. A case whose last day
    moved gets a line of 流转记录 with the old and the new one.
    """
    pks = list(Case.objects.filter(state__in=_RUNNING).order_by("pk").values_list("pk", flat=True))
    moved = 0
    for start in range(0, len(pks), BATCH):
        if progress is not None:
            progress(start, len(pks))
        moved += _batch(pks[start : start + BATCH])
    return Settled(len(pks), moved)


def _batch(pks: Sequence[int]) -> int:
    with transaction.atomic():
        cases = list(
            Case.objects.select_for_update(of=("self",)).filter(pk__in=pks, state__in=_RUNNING)
            .order_by("pk").defer("words")
        )  # fmt: skip
        releases = ProcedureVersion.objects.in_bulk({case.release_id for case in cases})
        for case in cases:
            case.release = releases[case.release_id]
        # Read within the batch: a second change in the meantime must not be undone by this one.
        calendar = platform_calendar()
        pauses: dict[int, list[Pause]] = defaultdict(list)
        for pause in Pause.objects.filter(case__in=pks):
            pauses[pause.case_id].append(pause)
        sums = Extension.objects.filter(case__in=pks).order_by().values_list("case")
        extra = dict(sums.annotate(days=Sum("days")))
        moved = _cases(cases, pauses, extra, calendar)
        _steps({case.pk: case for case in cases}, pauses, calendar)
    return moved


def _cases(
    cases: list[Case], pauses: dict[int, list[Pause]], extra: dict[int, int],
    calendar: WorkCalendar,
) -> int:  # fmt: skip
    today = timezone.localdate()
    changed: list[Case] = []
    lines: list[CaseRecord] = []
    for case in cases:
        clock = case_clock(case, pauses[case.pk], extra.get(case.pk, 0))
        if clock is None:
            continue
        before = tuple(getattr(case, name) for name in _CASE)
        found = read_clock(clock, calendar, today)
        case.due, case.amber_from = found.due, found.amber_from
        case.paused, case.provisional = found.paused, found.provisional
        if before == tuple(getattr(case, name) for name in _CASE):
            continue
        changed.append(case)
        if before[0] != case.due:
            lines.append(_line(case, before[0]))
    Case.objects.bulk_update(changed, _CASE)
    CaseRecord.objects.bulk_create(lines)
    return len(lines)


def _line(case: Case, before: object) -> CaseRecord:
    return CaseRecord(
        case=case, verb="recompute",
        data={"before": str(before or ""), "after": str(case.due or "")},
        reason=f"放假安排有变化，应办结日期由 {before or '未定'} 改为 {case.due or '未定'}",
    )  # fmt: skip


def _steps(cases: dict[int, Case], pauses: dict[int, list[Pause]], calendar: WorkCalendar) -> None:
    today = timezone.localdate()
    changed: list[CaseStep] = []
    tasks: dict[object, list[int]] = defaultdict(list)
    active = CaseStep.objects.filter(case__in=list(cases), state=StepState.ACTIVE)
    for step in active.order_by("pk"):
        if until_of(cases[step.case_id], step) is not None:
            continue
        found = read_clock(step_clock(step, pauses[step.case_id]), calendar, today)
        if (step.due, step.amber_from) == (found.due, found.amber_from):
            continue
        if step.due != found.due:
            tasks[found.due].append(step.pk)
        step.due, step.amber_from = found.due, found.amber_from
        changed.append(step)
    CaseStep.objects.bulk_update(changed, ["due", "amber_from"])
    for due, steps in tasks.items():
        Task.objects.filter(step__in=steps, state=TaskState.OPEN).update(due=due)
