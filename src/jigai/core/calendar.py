"""Working days in mainland China: weekends, national holidays and the shifts that pay for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Literal, cast

from jigai.core.tables import read_table

DayKind = Literal["holiday", "workday_shift"]
_SATURDAY = 5
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A date the State Council's yearly notice names: off, or worked although a weekend."""

    on: date
    kind: DayKind
    name: str
    source: str | None


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Working days by a set of named dates; a year without any is provisional."""

    special: Mapping[date, SpecialDay]
    years: frozenset[int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "years", frozenset(day.year for day in self.special))

    def known(self, year: int) -> bool:
        """Whether the year's holiday arrangement is on record; else answers are provisional."""
        return year in self.years

    def is_workday(self, day: date) -> bool:
        """Whether offices work on this day. In a year not ``known``, weekends alone decide."""
        special = self.special.get(day)
        if special is not None:
            return special.kind == "workday_shift"
        return day.weekday() < _SATURDAY

    def add_workdays(self, start: date, count: int) -> date:
        """The ``count``-th working day after ``start``; before it when negative, itself when zero.

        The day of the event does not count, as periods run from the following day (民法典 201).
        """
        step = _DAY if count > 0 else -_DAY
        day = start
        for _ in range(abs(count)):
            day += step
            while not self.is_workday(day):
                day += step
        return day

    def add_days(self, start: date, count: int) -> date:
        """Where a period of ``count`` natural days ends: rolled forward to a working day.

        Holidays inside the period count, one at its end does not end it (民法典 201, 203).
        """
        return self.roll_forward(start + timedelta(days=count))

    def workdays_between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and including ``end`` (0 if not later)."""
        span = (end - start).days
        return sum(self.is_workday(start + timedelta(days=n)) for n in range(1, span + 1))

    def roll_forward(self, day: date) -> date:
        """The day itself if worked, else the next working day: where a period ends (民法典 203)."""
        while not self.is_workday(day):
            day += _DAY
        return day

    def last_workday(self, year: int, month: int = 12) -> date:
        """The last working day of a month, or of the year: where monthly duties end."""
        after = date(year + month // 12, month % 12 + 1, 1)
        return self.add_workdays(after, -1)

    def is_provisional(self, start: date, end: date) -> bool:
        """Whether a span touches a year without a holiday arrangement on record."""
        return not all(self.known(year) for year in range(start.year, end.year + 1))


@cache
def load_special_days() -> dict[date, SpecialDay]:
    """Every named date of the years that ship with this release."""
    days = (
        SpecialDay(
            date.fromisoformat(row["date"]),
            cast(DayKind, row["kind"]),
            row["name"],
            row["source"] or None,
        )
        for row in read_table("workdays")
    )
    return {day.on: day for day in days}


@cache
def shipped_calendar() -> WorkCalendar:
    """The calendar of this release; on a platform ``platform_calendar`` decides."""
    return WorkCalendar(load_special_days())


def known(year: int) -> bool:
    """:meth:`WorkCalendar.known` of the shipped calendar."""
    return shipped_calendar().known(year)


def is_workday(day: date) -> bool:
    """:meth:`WorkCalendar.is_workday` of the shipped calendar."""
    return shipped_calendar().is_workday(day)


def add_workdays(start: date, count: int) -> date:
    """:meth:`WorkCalendar.add_workdays` of the shipped calendar."""
    return shipped_calendar().add_workdays(start, count)


def workdays_between(start: date, end: date) -> int:
    """:meth:`WorkCalendar.workdays_between` of the shipped calendar."""
    return shipped_calendar().workdays_between(start, end)


def roll_forward(day: date) -> date:
    """:meth:`WorkCalendar.roll_forward` of the shipped calendar."""
    return shipped_calendar().roll_forward(day)


def is_provisional(start: date, end: date) -> bool:
    """:meth:`WorkCalendar.is_provisional` of the shipped calendar."""
    return shipped_calendar().is_provisional(start, end)
