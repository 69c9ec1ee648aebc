"""Lets a step last to a day that the case itself fixes."""

from __future__ import annotations

import datetime as dt

from jigai.cases.flow.workdays import index_of
from jigai.cases.models import Case, CaseStep
from jigai.core.platform_calendar import platform_calendar


def last_until(case: Case, row: CaseStep, field: str) -> None:
    """The step lasts to the last working day on or before the day in ``field``, so that the
    reminders of every step escalate it; without a day it keeps its own limit."""
    day = case.values.get(field)
    if not day:
        return
    index = index_of(platform_calendar())
    until = index.number(dt.date.fromisoformat(str(day)).toordinal())
    row.days = max(1, until - index.number(row.started_on.toordinal()))
    row.save(update_fields=["days"])
