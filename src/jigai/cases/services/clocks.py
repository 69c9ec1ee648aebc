"""Writes what the clocks of a case say: due days, the day they turn amber, whether paused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from jigai.cases.flow.clock import Clock, Span, read_clock
from jigai.cases.flow.graph import counted_path
from jigai.cases.models import Case, CaseStep, Pause, Task
from jigai.cases.services.deed import StepState, TaskState
from jigai.core.calendar import WorkCalendar


def total_days(case: Case, skipped: Iterable[str] = ()) -> int:
    """The limit of the whole: promised, else by law, else the critical path of what is needed."""
    spec = case.release.spec
    stated = spec.promise or spec.limit
    return stated.days if stated else counted_path(spec, frozenset(skipped)).days


def case_clock(case: Case, pauses: Iterable[Pause], extra: int) -> Clock | None:
    """The clock of the whole; ``None`` before it runs."""
    if case.clock_from is None:
        return None
    spans = tuple(Span(p.starts, p.ends) for p in pauses)
    return Clock(case.clock_from, case.days, spans, extra)


def step_clock(step: CaseStep, pauses: Iterable[Pause]) -> Clock:
    """The clock of a step: its own pauses and those of the whole case."""
    spans = tuple(Span(p.starts, p.ends) for p in pauses if p.step_id in (None, step.pk))
    return Clock(step.started_on, step.days, spans)


def settle_clocks(case: Case, calendar: WorkCalendar, today: dt.date) -> bool:
    """Set the days of the case (not saved) and of its active steps and open tasks (saved).

    Returns whether the day the case is due changed.
    """
    steps = list(case.steps.all())
    pauses = list(case.pauses.all())
    extra = sum(case.extensions.values_list("days", flat=True))
    case.days = total_days(case, [s.code for s in steps if s.state == StepState.SKIPPED])
    before = case.due
    clock = case_clock(case, pauses, extra)
    if clock is not None:
        reading = read_clock(clock, calendar, today, case.closed_on)
        case.due, case.amber_from = reading.due, reading.amber_from
        case.paused, case.provisional = reading.paused, reading.provisional
    for step in steps:
        if step.state == StepState.ACTIVE:
            _settle_step(case, step, pauses, calendar, today)
    return before != case.due


def _settle_step(
    case: Case, step: CaseStep, pauses: list[Pause], calendar: WorkCalendar, today: dt.date
) -> None:
    reading = read_clock(step_clock(step, pauses), calendar, today)
    until = until_of(case, step)
    due, amber = (until, None) if until else (reading.due, reading.amber_from)
    if (step.due, step.amber_from) != (due, amber):
        step.due, step.amber_from = due, amber
        step.save(update_fields=["due", "amber_from"])
    Task.objects.filter(step=step, state=TaskState.OPEN).exclude(due=due).update(due=due)


def until_of(case: Case, step: CaseStep) -> dt.date | None:
    """The last day of a wait that ends with a day of the case; ``None`` for any other step."""
    name = next((one.until for one in case.release.spec.steps if one.id == step.code), "")
    value = case.values.get(name) if name else None
    return dt.date.fromisoformat(value) if value else None


def light(
    due: dt.date | None, amber_from: dt.date | None, paused: bool, today: dt.date,
    stopped: dt.date | None = None,
) -> str:  # fmt: skip
    """The light that the stored days give today, as :func:`read_clock` would say."""
    if stopped is not None:
        return "none" if due is None else "met" if stopped <= due else "missed"
    if due is not None and today > due:
        return "red"
    if paused:
        return "paused"
    if due is None:
        return "none"
    return "amber" if amber_from is not None and today >= amber_from else "green"
