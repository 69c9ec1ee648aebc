"""The ledger of a case's clock: what was allowed, what every pause took, what is left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from jigai.cases.due_words import LIGHT_LOOKS, STEP_LOOKS, told
from jigai.cases.flow.clock import LIGHTS, ODD, Reading, read_clock, read_pauses
from jigai.cases.flow.graph import counted_path, sum_of_days, uncounted
from jigai.cases.flow.shapes import PAUSES, Procedure, Step
from jigai.cases.models import Case, CaseStep, Extension, Pause
from jigai.cases.services.clocks import case_clock, light, step_clock, until_of
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
    ended_by: str = ""
    expected_days: int | None = None
    odd: str = ""


@dataclass(frozen=True, slots=True)
class StepRow:
    """The clock of one step in one round. ``due`` and ``shown`` are the day and the light that
    count: for a wait that ends with a day of the case they are that day's, not the reading's.
    ``words`` tells them; empty where nothing is to be kept."""

    step: CaseStep
    reading: Reading
    rows: tuple[Row, ...]
    due: dt.date | None
    shown: str
    words: str

    @property
    def light(self) -> str:
        """The light in words."""
        return LIGHTS[self.shown]

    @property
    def look(self) -> str:
        """The code the light is drawn by."""
        return LIGHT_LOOKS[self.shown]

    @property
    def state_look(self) -> str:
        """The code the state is drawn by."""
        return STEP_LOOKS[self.step.state]


@dataclass(frozen=True, slots=True)
class Way:
    """Where the limit of a procedure comes from, in working days: ``path`` the critical path with
    its steps by name, ``whole`` all steps one after another."""

    path: int
    names: str
    whole: int

    @property
    def saved(self) -> int:
        """What running side by side saves."""
        return self.whole - self.path


@dataclass(frozen=True, slots=True)
class Ledger:
    """The clock of the whole as of a day. ``days`` is the limit as ``origin`` (承诺, 法定 or the
    critical path) sets it, ``total`` includes ``extra``; ``held`` is what all pauses took. Before
    the clock runs (``starts``) what is counted is zero and ``light`` is ``none``."""

    starts: dt.date | None
    days: int
    origin: str
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
    way: Way
    rows: tuple[Row, ...]
    steps: tuple[StepRow, ...]
    ahead: tuple[Step, ...]

    @property
    def pauses(self) -> tuple[Row, ...]:
        """The rows that took days out."""
        return tuple(row for row in self.rows if row.what == "pause")

    @property
    def extensions(self) -> tuple[Row, ...]:
        """The rows that added days."""
        return tuple(row for row in self.rows if row.what == "extension")

    @property
    def light_words(self) -> str:
        """The light in words."""
        return LIGHTS[self.light]


def clock_ledger(case: Case, today: dt.date) -> Ledger:
    """Everything the page of the clock shows, read from the rows and the calendar (5 queries)."""
    calendar = platform_calendar()
    pauses = list(case.pauses.select_related("step", "by", "ended_by").order_by("starts", "id"))
    extensions = list(case.extensions.select_related("by").order_by("id"))
    extra = sum(one.days for one in extensions)
    clock = case_clock(case, pauses, extra)
    steps = tuple(
        _step(case, step, pauses, calendar, today) for step in case.steps.order_by("place", "round")
    )
    rows: list[Row] = []
    reading: Reading | None = None
    if clock is not None:
        reading = read_clock(clock, calendar, today, case.closed_on)
        read = read_pauses(clock, calendar, today, case.closed_on)
        rows = [
            _pause(pause, one.days, one.shared, one.odd)
            for pause, one in zip(pauses, read, strict=True)
        ]
    rows += [_extension(one) for one in extensions]
    spec = case.release.spec
    stated = spec.promise or spec.limit
    skipped = frozenset(row.step.code for row in steps if row.step.state == "skipped")
    begun = {row.step.code for row in steps} if case.closed_on is None else None
    return Ledger(
        starts=case.clock_from, days=case.days, origin=_origin(spec, case.days),
        total=reading.total if reading else 0, extra=extra,
        used=reading.used if reading else 0, held=reading.held if reading else 0,
        left=reading.left if reading else 0, due=reading.due if reading else None,
        light=reading.light if reading else "none", paused=bool(reading and reading.paused),
        provisional=bool(reading and reading.provisional),
        basis=stated.basis if stated else "各步骤时限中最长的一条路径",
        way=_way(spec, skipped), rows=tuple(rows), steps=steps,
        ahead=tuple(s for s in spec.steps if begun is not None and s.id not in begun),
    )  # fmt: skip


def _origin(spec: Procedure, days: int) -> str:
    if spec.promise:
        return "承诺时限"
    if spec.limit:
        return "法定时限"
    return "关键路径" if days else ""


def _way(spec: Procedure, skipped: frozenset[str]) -> Way:
    way, names = counted_path(spec, skipped), {step.id: step.name for step in spec.steps}
    whole = sum_of_days(spec.steps, uncounted(spec) | skipped)
    return Way(way.days, " → ".join(names[one] for one in way.steps), whole)


def _step(
    case: Case, step: CaseStep, pauses: Iterable[Pause], calendar: WorkCalendar, today: dt.date
) -> StepRow:
    own = [p for p in pauses if p.step_id in (None, step.pk)]
    clock = step_clock(step, own)
    read = read_pauses(clock, calendar, today, step.done_on)
    rows = tuple(
        _pause(pause, one.days, one.shared, one.odd)
        for pause, one in zip(own, read, strict=True)
        if one.days or one.shared or pause.step_id == step.pk
    )
    reading, until = read_clock(clock, calendar, today, step.done_on), until_of(case, step)
    due, shown = reading.due, reading.light
    if until is not None:
        due, shown = until, light(until, None, False, today, step.done_on)
    if step.state not in ("active", "done"):
        due, shown = None, "none"
    words = told(shown, due, today, calendar, step.done_on) if shown != "none" else ""
    return StepRow(step, reading, rows, due, shown, words)


def _pause(pause: Pause, days: int, shared: int, odd: str) -> Row:
    return Row(
        "pause", PAUSES[pause.kind], pause.step.name if pause.step else "", pause.starts,
        pause.ends, days, shared, pause.reason, pause.basis, str(pause.by or ""),
        str(pause.ended_by or ""), pause.expected_days, ODD.get(odd, ""),
    )  # fmt: skip


def _extension(one: Extension) -> Row:
    day = timezone.localdate(one.at)
    return Row(
        "extension", "延期", "", day, None, one.days, 0, one.reason, one.basis, str(one.by or "")
    )
