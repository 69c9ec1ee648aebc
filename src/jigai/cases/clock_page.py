"""The clock of a case as people read it: the limit, what did not count, what is left."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from jigai.cases.flow.clock import Reading, read_clock, read_pauses
from jigai.cases.flow.graph import counted_path, sum_of_days, uncounted
from jigai.cases.flow.shapes import Limit
from jigai.cases.models import Case, Extension, Pause
from jigai.cases.services.clocks import case_clock
from jigai.core.platform_calendar import platform_calendar


@dataclass(frozen=True, slots=True)
class PauseLine:
    """One pause. ``days``: working days it took; ``shared``: those another pause took already."""

    row: Pause
    days: int
    shared: int
    where: str


@dataclass(frozen=True, slots=True)
class ClockPage:
    """``reading`` is ``None`` before the clock runs. ``path`` and ``whole`` are the working days of
    the critical path and of all steps one after another; ``saved`` is what lies between."""

    reading: Reading | None
    starts: dt.date | None
    days: int
    stated: Limit | None
    promised: bool
    path: int
    path_names: str
    whole: int
    extra: int
    pauses: tuple[PauseLine, ...]
    extensions: tuple[Extension, ...]
    provisional: bool

    @property
    def saved(self) -> int:
        """Working days that running side by side saves."""
        return self.whole - self.path


def clock_of(case: Case) -> ClockPage:
    """The page of a case, from its rows; the same numbers as its stored days."""
    spec = case.release.spec
    skipped = set(case.steps.filter(state="skipped").values_list("code", flat=True))
    way = counted_path(spec, skipped)
    whole = sum_of_days(spec.steps, uncounted(spec) | skipped)
    pauses = list(case.pauses.select_related("step", "by", "ended_by").order_by("starts", "id"))
    extensions = tuple(case.extensions.select_related("by").order_by("id"))
    extra = sum(one.days for one in extensions)
    clock, today, calendar = (
        case_clock(case, pauses, extra),
        timezone.localdate(),
        platform_calendar(),
    )
    reading = read_clock(clock, calendar, today, case.closed_on) if clock else None
    taken = read_pauses(clock, calendar, today, case.closed_on) if clock else ()
    lines = tuple(
        PauseLine(row, one.days, one.shared, str(row.step) if row.step else "全程")
        for row, one in zip(pauses, taken, strict=False)
    )
    names = {step.id: step.name for step in spec.steps}
    return ClockPage(
        reading, case.clock_from, case.days, spec.promise or spec.limit, spec.promise is not None,
        way.days, " → ".join(names[one] for one in way.steps), whole, extra, lines, extensions,
        bool(reading and reading.provisional),
    )  # fmt: skip
