"""Work in the background: months that open by schedule, reminders, what a person started."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app

from jigai.core.access import access_of
from jigai.core.jobs import JobContext, Outcome, job
from jigai.core.platform_calendar import platform_calendar
from jigai.core.services.send_notice import send_notice
from jigai.policies.addressees import people_with
from jigai.projects.models import MonthlyPeriod
from jigai.projects.monthly.access import LOCK
from jigai.projects.monthly.due import HELD, LATE, ODD, WORDS, ZERO, system_standing
from jigai.projects.monthly.parameters import cut_off, decided_day, remind_days
from jigai.projects.monthly.services.open_period import put_period
from jigai.projects.monthly.services.remind_unreported import remind_unreported

_TRY = "SELECT pg_try_advisory_xact_lock(hashtext('projects.monthly'))"
STATE = "monthly-state"


@app.periodic(cron="17 6 * * *")
@app.task(name="jigai.projects.monthly", pass_context=False)
def by_the_clock(timestamp: int) -> None:
    """Every morning: open the month that has ended, and remind where the day has come."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TRY)
        if cursor.fetchone()[0]:
            today = timezone.localdate()
            open_next(today)
            remind_on(today)


def open_next(today: dt.date) -> list[MonthlyPeriod]:
    """Open last month wherever the month before it was opened, with the same kind of cut-off day.

    A day approved for the parameter wins; without it the day somebody chose last time is kept. A
    region where nobody ever opened a month is left alone: no day has been decided there.
    """
    last = today.replace(day=1) - dt.timedelta(days=1)
    before = last.replace(day=1) - dt.timedelta(days=1)
    decided, calendar = decided_day(today), platform_calendar()
    opened = []
    rows = MonthlyPeriod.objects.filter(year=before.year, month=before.month).order_by("pk")
    for period in rows:
        place = {"region_code": period.region_code, "year": last.year, "month": last.month}
        if MonthlyPeriod.objects.filter(**place).exists():
            continue
        day = decided.day if decided else min(period.cut_off.day, 28)
        until = cut_off(last.year, last.month, day, calendar)
        opened.append(put_period(period.region_code, last.year, last.month, until, None))
    return opened


def remind_on(today: dt.date) -> int:
    """Remind in every open period whose day it is; once a day. Returns how many periods."""
    periods = MonthlyPeriod.objects.filter(status=MonthlyPeriod.Status.OPEN).order_by("pk")
    done = 0
    for period in periods:
        if (period.cut_off - today).days not in remind_days():
            continue
        if period.reminded_at and timezone.localdate(period.reminded_at) == today:
            continue
        remind_unreported(period=period.pk, by=None, access=None)
        if today > period.cut_off:
            _tell_bureau(period)
        done += 1
    return done


def _tell_bureau(period: MonthlyPeriod) -> None:
    """Late, zero and doubtful reports, to those who lock the month."""
    states = system_standing(period)
    told = [code for code in (LATE, ZERO, ODD, HELD) if states.get(code)]
    parts = [f"{WORDS[code]} {states[code]}" for code in told]
    if not parts:
        return
    title = f"{period.year} 年 {period.month} 月月报已过截止日：{'，'.join(parts)}"
    url = reverse("monthly-period", args=[period.pk])
    for person in people_with(LOCK, period.region_code):
        send_notice(user=person, event=STATE, title=title, url=url)


@job("monthly-remind")
def remind(context: JobContext) -> Outcome:
    """Remind on somebody's request."""
    owner = context.job.owner
    assert owner is not None
    period = context.params["period"]
    context.progress("通知未报的单位", 0.1)
    done = remind_unreported(period=period, by=owner, access=access_of(owner))
    told: list[tuple[str, str | int]] = [
        ("通知人数", done.people), ("涉及项目", done.projects), ("没有可通知的人", done.alone),
    ]  # fmt: skip
    return Outcome({}, reverse("monthly-period", args=[period]), told)
