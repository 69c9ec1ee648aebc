"""Enters the State Council's notice of a year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pghistory
from django.db import transaction

from jigai.core.access.grants import Access
from jigai.core.calendar_changes import calendar_changed
from jigai.core.models.workday import Workday
from jigai.errors import JigaiError

# Plain Any: without Django's plugin a checker takes members of choices for tuples.
Kind: Any = Workday.Kind
_SATURDAY = 5
Days = Mapping[date, tuple[str, str]]


def enter_workdays(*, by: Access, year: int, days: Days, source: str) -> int:
    """Replace the exceptional days of a year (day to kind and name); returns their number.

    The year is the platform's own from then on: later releases leave it alone. Raises
    ``JigaiError`` for a day of another year, or one worked that is no weekend.
    """
    by.require("calendar.manage")
    _check(year, days, source)
    with transaction.atomic(), pghistory.context(reason=f"录入 {year} 年放假安排：{source}"):
        # Serialises two people who enter the same year.
        list(Workday.objects.select_for_update().filter(day__year=year))
        Workday.objects.filter(day__year=year).delete()
        rows = [
            Workday(day=day, kind=kind, name=name, source=source)
            for day, (kind, name) in sorted(days.items())
        ]
        Workday.objects.bulk_create(rows)
        calendar_changed()
    return len(rows)


def _check(year: int, days: Days, source: str) -> None:
    if not source.strip():
        raise JigaiError("calendar-source", "请写明通知的文号，日历要有依据")
    if not days:
        raise JigaiError("calendar-empty", "至少要有一个放假日")
    for day, (kind, _name) in days.items():
        if day.year != year:
            raise JigaiError("calendar-year", f"{day} 不在 {year} 年内", "请改正日期")
        if kind == Kind.WORKDAY and day.weekday() < _SATURDAY:
            raise JigaiError("calendar-shift", f"{day} 本是工作日，不能作为调休上班日")
