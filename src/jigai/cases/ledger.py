"""The ledger of a case's clock: what was allowed, what every pause took, what is left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from jigai.cases.flow.clock import LIGHTS, ODD, Reading, read_clock, read_pauses
from jigai.cases.flow.shapes import PAUSES
from jigai.cases.models import Case, CaseStep, Pause
from jigai.cases.services.clocks import case_clock, step_clock
from jigai.core.calendar import WorkCalendar
from jigai.core.platform_calendar import platform_calendar


@dataclass(frozen=True, slots=True)
class Row:
    """One pause or extension. ``days`` are the working days it took out (``pause``) or added
    (``extension``); ``shared`` those it would have taken had another not taken them already."""

    what: str
    kind: str
    step: str
    starts: dt.date
    ends: dt.date | None
    days: int
    shared: int
    reason: str
    basis: str
    by: str
    expected_days: int | None = None
    odd: str = ""


@dataclass(frozen=True, slots=True)
class StepRow:
    """The clock of one step in one round."""

    step: CaseStep
    reading: Reading
    rows: tuple[Row, ...]

    @property
    def light(self) -> str:
        """The light in words."""
        return LIGHTS[self.reading.light]


@dataclass(frozen=True, slots=True)
class Ledger:
    """The clock of the whole as of a day. ``total`` includes ``extra``; ``held`` is what all pauses
    took; before the clock runs everything is zero and ``light`` is ``none``."""

    starts: dt.date | None
    total: int
    extra: int
    used: int
    held: int
    left: int
    due: dt.date | None
    light: str
    paused: bool
    provisional: bool
    basis: str
    rows: tuple[Row, ...]
    steps: tuple[StepRow, ...]

    @property
    def light_words(self) -> str:
        """The light in words."""
        return LIGHTS[self.light]


def clock_ledger(case: Case, today: dt.date) -> Ledger:
    """Everything the page of the clock shows, read from the rows and the calendar (5 queries)."""
    calendar = platform_calendar()
    pauses = list(case.pauses.select_related("step", "by"))
    extensions = list(case.extensions.select_related("by"))
    extra = sum(one.days for one in extensions)
    clock = case_clock(case, pauses, extra)
    steps = tuple(_step(step, pauses, calendar, today) for step in case.steps.all())
    rows: list[Row] = []
    reading: Reading | None = None
    if clock is not None:
        reading = read_clock(clock, calendar, today, case.closed_on)
        read = read_pauses(clock, calendar, today, case.closed_on)
        rows = [
            _pause(pause, one.days, one.shared, one.odd)
            for pause, one in zip(pauses, read, strict=True)
        ]
    rows += [
        Row("extension", "延期", "", one.at.date(), None, one.days, 0, one.reason, one.basis,
            str(one.by or ""))
        for one in extensions
    ]  # fmt: skip
    stated = case.release.spec.promise or case.release.spec.limit
    return Ledger(
        starts=case.clock_from, total=reading.total if reading else 0, extra=extra,
        used=reading.used if reading else 0, held=reading.held if reading else 0,
        left=reading.left if reading else 0, due=reading.due if reading else None,
        light=reading.light if reading else "none", paused=bool(reading and reading.paused),
        provisional=bool(reading and reading.provisional),
        basis=stated.basis if stated else "各步骤时限中最长的一条路径",
        rows=tuple(rows), steps=steps,
    )  # fmt: skip


def _step(
    step: CaseStep, pauses: Iterable[Pause], calendar: WorkCalendar, today: dt.date
) -> StepRow:
    own = [p for p in pauses if p.step_id in (None, step.pk)]
    clock = step_clock(step, own)
    read = read_pauses(clock, calendar, today, step.done_on)
    rows = tuple(
        _pause(pause, one.days, one.shared, one.odd)
        for pause, one in zip(own, read, strict=True)
        if one.days or one.shared or pause.step_id == step.pk
    )
    return StepRow(step, read_clock(clock, calendar, today, step.done_on), rows)


def _pause(pause: Pause, days: int, shared: int, odd: str) -> Row:
    return Row(
        "pause", PAUSES[pause.kind], pause.step.name if pause.step else "", pause.starts,
        pause.ends, days, shared, pause.reason, pause.basis, str(pause.by or ""),
        pause.expected_days, ODD.get(odd, ""),
    )  # fmt: skip
