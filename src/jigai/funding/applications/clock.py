"""The payment clock of an application: what was promised and how far it is, in working days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from jigai.core.calendar import WorkCalendar
from jigai.core.screens import formats
from jigai.funding.applications.states import FILLING, OVER
from jigai.funding.models import Application


@dataclass(frozen=True, slots=True)
class Clock:
    """``days`` left in working days, negative when overdue; ``tone`` is that of a message."""

    text: str
    days: int
    tone: str


def clock_of(application: Application, calendar: WorkCalendar, today: dt.date) -> Clock | None:
    """What the applicant reads; ``None`` where nothing was promised, or it is over."""
    promised = application.promised_on
    if promised is None or application.state in (*FILLING, *OVER):
        return None
    by = formats.day(promised)
    if application.paid_on is not None:
        days = _between(calendar, application.paid_on, promised)
        how = f"比承诺早 {days} 个工作日" if days > 0 else "如期" if days == 0 else (
            f"比承诺晚 {-days} 个工作日")  # fmt: skip
        text = f"承诺 {by} 前到账，{formats.day(application.paid_on)} 到账，{how}"
        return Clock(text, days, "ok" if days >= 0 else "warn")
    days = _between(calendar, today, promised)
    if days < 0:
        return Clock(f"承诺 {by} 前到账，已超过 {-days} 个工作日", days, "bad")
    return Clock(f"承诺 {by} 前到账，还有 {days} 个工作日", days, "info" if days > 10 else "warn")


def _between(calendar: WorkCalendar, start: dt.date, end: dt.date) -> int:
    """Working days from one day to another, negative when the other lies before."""
    if end >= start:
        return calendar.workdays_between(start, end)
    return -calendar.workdays_between(end, start)
