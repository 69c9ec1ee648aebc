"""Working days in mainland China: weekends, national holidays and the shifts that pay for them."""

from __future__ import annotations

from dataclasses import dataclass
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


@cache
def load_special_days() -> dict[date, SpecialDay]:
    """Every named date of the years on record."""
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
def known(year: int) -> bool:
    """Whether the year's holiday arrangement is on record; otherwise answers are provisional."""
    return any(day.year == year for day in load_special_days())


def is_workday(day: date) -> bool:
    """Whether offices work on this day. In a year not ``known``, weekends alone decide."""
    special = load_special_days().get(day)
    if special is not None:
        return special.kind == "workday_shift"
    return day.weekday() < _SATURDAY


def add_workdays(start: date, count: int) -> date:
    """The ``count``-th working day after ``start``; before it when negative, ``start`` when zero.

    The day of the event does not count, as periods run from the following day (民法典 201).
    """
    step = _DAY if count > 0 else -_DAY
    day = start
    for _ in range(abs(count)):
        day += step
        while not is_workday(day):
            day += step
    return day


def workdays_between(start: date, end: date) -> int:
    """How many working days lie after ``start`` up to and including ``end`` (0 if not later)."""
    span = (end - start).days
    return sum(is_workday(start + timedelta(days=offset)) for offset in range(1, span + 1))


def roll_forward(day: date) -> date:
    """The day itself if worked, else the next working day: where a period ends (民法典 203)."""
    while not is_workday(day):
        day += _DAY
    return day


def is_provisional(start: date, end: date) -> bool:
    """Whether a span touches a year without a holiday arrangement on record."""
    return not all(known(year) for year in range(start.year, end.year + 1))
