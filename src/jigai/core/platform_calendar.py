"""The working calendar as this platform holds it: the shipped years and those entered on screen."""

from __future__ import annotations

from typing import cast

from jigai.core.calendar import DayKind, SpecialDay, WorkCalendar
from jigai.core.models.workday import Workday

_KINDS = {Workday.Kind.HOLIDAY: "holiday", Workday.Kind.WORKDAY: "workday_shift"}


def platform_calendar() -> WorkCalendar:
    """The stored calendar, read anew (one query, 40 rows a year), so that changes count at once.

    Hold on to it for the length of one calculation.
    """
    rows = Workday.objects.values_list("day", "kind", "name", "source")
    return WorkCalendar(
        {
            day: SpecialDay(day, cast(DayKind, _KINDS[Workday.Kind(kind)]), name, source or None)
            for day, kind, name, source in rows
        }
    )
