"""The work calendar against facts of the yearly notices."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jigai.core.calendar import (
    add_workdays,
    is_provisional,
    is_workday,
    known,
    load_special_days,
    roll_forward,
    workdays_between,
)

days = st.dates(date(2008, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2020-01-24", False),  # the eve of the Spring Festival
        ("2020-01-31", False),  # the extension of 2020
        ("2020-02-02", False),
        ("2020-02-03", True),
        ("2021-02-07", True),  # a Sunday worked
        ("2021-02-20", True),  # a Saturday worked
        ("2021-02-17", False),
        ("2023-01-28", True),
        ("2023-01-29", True),
        ("2023-01-27", False),
        ("2015-09-03", False),  # the one-off holiday of 2015
        ("2019-05-02", False),  # the adjustment of 2019
        ("2019-05-05", True),
        ("2020-08-15", False),  # a plain Saturday
        ("2020-07-13", True),
        ("2026-02-28", True),
        ("2035-10-01", True),  # provisional: a Monday of a year not on record
        ("2035-10-06", False),
    ],
)
def test_known_days(day: str, worked: bool) -> None:
    assert is_workday(date.fromisoformat(day)) is worked


def test_years_on_record_and_years_provisional() -> None:
    assert all(known(year) for year in range(2008, 2027))
    assert not known(2035)
    assert is_provisional(date(2026, 12, 30), date(2027, 1, 5))
    assert not is_provisional(date(2020, 1, 1), date(2020, 12, 31))


def test_a_period_over_the_spring_festival_of_2021() -> None:
    accepted = date(2021, 2, 9)
    assert add_workdays(accepted, 1) == date(2021, 2, 10)
    assert add_workdays(accepted, 2) == date(2021, 2, 18)
    assert add_workdays(accepted, 5) == date(2021, 2, 22)  # Saturday 20 counts, Sunday 21 does not
    assert workdays_between(accepted, date(2021, 2, 22)) == 5


def test_zero_days_stay_and_negative_days_go_back() -> None:
    saturday = date(2020, 8, 15)
    assert add_workdays(saturday, 0) == saturday
    assert add_workdays(date(2020, 2, 3), -1) == date(2020, 1, 23)


@pytest.mark.system("workday-calendar")
def test_a_period_that_ends_on_a_holiday_ends_on_the_next_working_day() -> None:
    assert roll_forward(date(2020, 10, 1)) == date(2020, 10, 9)
    assert roll_forward(date(2020, 9, 30)) == date(2020, 9, 30)


def test_shifted_workdays_fall_on_weekends_and_every_day_from_2011_cites_a_notice() -> None:
    for day in load_special_days().values():
        if day.kind == "workday_shift":
            assert day.on.weekday() >= 5, day
        if day.on.year >= 2011:
            assert day.source, day


def test_the_extension_of_2020_cites_its_own_notice() -> None:
    assert load_special_days()[date(2020, 1, 31)].source == "国办发明电〔2020〕1号"
    assert load_special_days()[date(2020, 1, 30)].source == "国办发明电〔2019〕16号"


@given(day=days, count=st.integers(1, 60))
def test_adding_and_counting_agree(day: date, count: int) -> None:
    end = add_workdays(day, count)
    assert is_workday(end)
    assert workdays_between(day, end) == count
    assert workdays_between(day, end - timedelta(days=1)) == count - 1
