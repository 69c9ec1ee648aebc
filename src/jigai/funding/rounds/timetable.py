"""The timetable of a round: working days by stage, and the days they come to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone

from jigai.core.calendar import WorkCalendar
from jigai.core.platform_calendar import platform_calendar
from jigai.errors import JigaiError
from jigai.funding.models import Round

STAGES = {
    "formal": "形式审查", "review": "部门审核", "decision": "审定", "publicity": "公示",
    "payment": "拨付",
}  # fmt: skip
# None of the documents gives days; these stand in a new round, marked as the platform's.
DEFAULTS = {"formal": 5, "review": 15, "decision": 10, "publicity": 5, "payment": 15}
LONGEST = 250


@dataclass(frozen=True, slots=True)
class Promise:
    """A day promised; ``provisional`` where a year it passes through has no calendar yet."""

    on: dt.date
    provisional: bool


@dataclass(frozen=True, slots=True)
class StageDay:
    """One stage with its working days and when it ends by promise."""

    name: str
    days: int
    until: dt.date


def read_timetable(given: Mapping[str, int]) -> dict[str, int]:
    """Days by stage as kept. Raises :class:`JigaiError` for a stage without days."""
    found = {}
    for stage, name in STAGES.items():
        days = given.get(stage)
        if days is None or not 1 <= days <= LONGEST:
            raise JigaiError(
                "bad-timetable", f"“{name}”要写 1 至 {LONGEST} 个工作日", "按本地办理能力填写"
            )
        found[stage] = days
    return found


def promise_of(round_: Round, calendar: WorkCalendar | None = None) -> Promise:
    """The day by which the money is promised: working days counted from the close."""
    known = calendar or platform_calendar()
    closed = timezone.localdate(round_.closes_at)
    day = known.add_workdays(closed, round_.pay_by_days)
    return Promise(day, known.is_provisional(closed, day))


def stage_days(round_: Round, calendar: WorkCalendar) -> list[StageDay]:
    """Every stage with the day it ends, one after the other from the close."""
    day, found = timezone.localdate(round_.closes_at), []
    for stage, name in STAGES.items():
        days = int(round_.timetable.get(stage, 0))
        day = calendar.add_workdays(day, days)
        found.append(StageDay(name, days, day))
    return found
