"""Numbered working days against walking day by day."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from jigai.cases.flow import workdays
from jigai.cases.flow.workdays import WorkdayIndex, index_of
from jigai.core.calendar import DayKind, SpecialDay, WorkCalendar, shipped_calendar

FIRST = date(2025, 1, 1)
kinds: st.SearchStrategy[DayKind] = st.sampled_from(["holiday", "workday_shift"])
named = st.dictionaries(st.dates(FIRST, date(2025, 3, 31)), kinds, max_size=40)


def calendar_of(days: dict[date, DayKind]) -> WorkCalendar:
    return WorkCalendar({day: SpecialDay(day, kind, "示例", None) for day, kind in days.items()})


@given(named, st.integers(0, 120), st.integers(0, 60))
@settings(max_examples=300)
def test_counts_and_finds_as_walking_does(days: dict[date, DayKind], at: int, count: int) -> None:
    calendar = calendar_of(days)
    index = WorkdayIndex(calendar)
    day = FIRST - timedelta(days=15) + timedelta(days=at)
    number = index.number(day.toordinal())
    later = day + timedelta(days=count)
    assert index.number(later.toordinal()) - number == calendar.workdays_between(day, later)
    if count:
        found = date.fromordinal(index.day(number + count))
        assert found == calendar.add_workdays(day, count)


def test_every_day_of_the_shipped_years() -> None:
    calendar = shipped_calendar()
    index = index_of(calendar)
    start = date(2007, 12, 1).toordinal()
    number = index.number(start)
    for ordinal in range(start + 1, date(2028, 1, 31).toordinal()):
        number += calendar.is_workday(date.fromordinal(ordinal))
        assert index.number(ordinal) == number
        if calendar.is_workday(date.fromordinal(ordinal)):
            assert index.day(number) == ordinal


def test_a_calendar_without_named_dates_counts_weekdays() -> None:
    index = WorkdayIndex(WorkCalendar({}))
    friday = date(2026, 11, 20).toordinal()
    assert index.day(index.number(friday) + 1) == friday + 3
    assert index.number(friday + 2) == index.number(friday)


def test_an_index_is_built_once_for_a_calendar_and_never_serves_another() -> None:
    first = calendar_of({date(2025, 1, 1): "holiday"})
    second = calendar_of({date(2025, 1, 2): "holiday"})
    kept = index_of(first)
    assert index_of(second) is not kept
    assert index_of(first) is kept
    for _ in range(10):
        index_of(calendar_of({}))
    assert len(workdays._recent) == workdays._KEPT
    new_year = date(2025, 1, 1).toordinal()
    assert index_of(first).number(new_year) == index_of(first).number(new_year - 1)
    assert index_of(second).number(new_year) == index_of(second).number(new_year - 1) + 1
