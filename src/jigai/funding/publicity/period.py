"""How long a notice runs: working days after its first day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from jigai.core.calendar import WorkCalendar
from jigai.core.platform_calendar import platform_calendar
from jigai.core.screens import formats
from jigai.funding.models import Publicity, Round

# Taken where a round's timetable has no days for it; no document gives any.
USUAL_DAYS = 5


@dataclass(frozen=True, slots=True)
class Period:
    """From ``starts`` to ``ends``, both included; the first day does not count (民法典 201)."""

    starts: dt.date
    days: int
    ends: dt.date
    provisional: bool


def period_of(round_: Round, starts: dt.date, calendar: WorkCalendar | None = None) -> Period:
    """The period of a notice of a round; ``provisional`` where no calendar of a year is known."""
    return period_from(starts, int(round_.timetable.get("publicity") or USUAL_DAYS), calendar)


def period_from(starts: dt.date, days: int, calendar: WorkCalendar | None = None) -> Period:
    """The period of so many working days."""
    known = calendar or platform_calendar()
    ends = known.add_workdays(starts, days)
    return Period(starts, days, ends, known.is_provisional(starts, ends))


def period_words(notice: Publicity) -> str:
    """``2021-03-01 至 2021-03-08（5个工作日）``, with 待定 where the calendar is not known yet."""
    words = (
        f"{formats.day(notice.starts_on)} 至 {formats.day(notice.ends_on)}（{notice.days}个工作日）"
    )
    return f"{words}，截止日期待定：该年度放假安排尚未公布" if notice.provisional else words
