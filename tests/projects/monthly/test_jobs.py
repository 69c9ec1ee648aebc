"""By the clock: months open where a day was decided, and late ones are reminded."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from jigai.core.models import Notice, User
from jigai.core.platform_calendar import platform_calendar
from jigai.projects.models import MonthlyPeriod, Project
from jigai.projects.monthly.jobs import by_the_clock, open_next, remind_on
from jigai.projects.monthly.parameters import cut_off
from tests.factories import CITY, make_enterprise, make_regions, make_user
from tests.projects.monthly.kit import fill, period, project

pytestmark = [pytest.mark.django_db, pytest.mark.system("monthly-investment-report")]


@pytest.fixture
def chief(db: None) -> User:
    make_regions()
    return make_user("section-chief")


@pytest.fixture
def row(chief: User) -> Project:
    return project(enterprise=make_enterprise())


@pytest.fixture
def owner(row: Project) -> User:
    return make_user("enterprise-handler", enterprise=row.enterprise)


def test_nothing_opens_where_nobody_decided_a_day(chief: User) -> None:
    """The document only says 按月: without a day there is nothing to be late for."""
    assert open_next(dt.date(2021, 7, 1)) == []
    assert not MonthlyPeriod.objects.exists()


def test_the_next_month_opens_with_the_day_that_was_chosen(chief: User) -> None:
    period(chief, 5, dt.date(2021, 6, 8))
    made = open_next(dt.date(2021, 7, 1))
    assert [(p.month, p.cut_off) for p in made] == [(6, dt.date(2021, 7, 8))]
    assert open_next(dt.date(2021, 7, 2)) == [], "once"


def test_december_opens_in_january(chief: User) -> None:
    period(chief, 11, dt.date(2021, 12, 10))
    made = open_next(dt.date(2022, 1, 4))
    assert [(p.year, p.month, p.cut_off) for p in made] == [(2021, 12, dt.date(2022, 1, 10))]


@pytest.mark.parametrize(
    ("year", "month", "day"), [(2021, 6, dt.date(2021, 7, 12)), (2021, 9, dt.date(2021, 10, 11)),
                               (2021, 12, dt.date(2022, 1, 10))],
)  # fmt: skip
def test_a_day_off_rolls_on_to_a_working_day(
    chief: User, year: int, month: int, day: dt.date
) -> None:
    assert cut_off(year, month, 10, platform_calendar()) == day
    assert cut_off(year, month, 10, None).day == 10


def at(month: MonthlyPeriod, days: int) -> dt.date:
    return month.cut_off - dt.timedelta(days=days)


def test_reminders_before_and_after_the_day_once_a_day(
    row: Project, owner: User, chief: User
) -> None:
    month = period(chief, cut_off=timezone.localdate())
    assert remind_on(at(month, 5)) == 0
    assert remind_on(at(month, 0)) == 1
    assert remind_on(at(month, 0)) == 0, "not twice a day"
    assert Notice.objects.filter(event="monthly-due", user=owner).count() == 1


def test_after_the_day_the_bureau_hears_of_late_zero_and_doubtful_ones(
    row: Project, owner: User, chief: User
) -> None:
    month = period(chief, cut_off=timezone.localdate() - dt.timedelta(days=1))
    zero = project(name="零报的")
    fill(zero, 6, 0, 0, chief)
    assert remind_on(timezone.localdate()) == 1
    told = Notice.objects.get(event="monthly-state", user=chief)
    assert "逾期未报 1" in told.title and "零报 1" in told.title
    assert "已过截止日" in Notice.objects.get(event="monthly-due", user=owner).title
    assert str(month.pk) in told.url


def test_a_locked_month_is_left_alone(row: Project, owner: User, chief: User) -> None:
    month = period(chief, cut_off=timezone.localdate())
    MonthlyPeriod.objects.filter(pk=month.pk).update(status="locked")
    assert remind_on(timezone.localdate()) == 0


def test_a_month_of_the_city_reaches_its_counties(row: Project, owner: User) -> None:
    head = make_user("section-chief", CITY)
    period(head, cut_off=timezone.localdate(), region=CITY)
    by_the_clock(timestamp=0)
    assert Notice.objects.filter(event="monthly-due", user=owner).exists()
