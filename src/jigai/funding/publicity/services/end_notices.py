"""Once a day: notices whose period is over end, and rows nobody objected to are cleared."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from jigai.core.calendar import WorkCalendar
from jigai.core.platform_calendar import platform_calendar
from jigai.funding.applications.services.move_application import move_many
from jigai.funding.models import Application, Publicity, PublicityLine
from jigai.funding.pending_checks import checks_at_once
from jigai.funding.publicity.period import period_from

Line: Any = PublicityLine.State
S: Any = Application.State


def end_notices(today: dt.date | None = None) -> int:
    """End what is over by ``today``; how many. Each notice in a transaction of its own.

    A period that was counted without the calendar of its year is counted again first, so that it is
    never shorter than promised.
    """
    day, calendar = today or timezone.localdate(), platform_calendar()
    due = Publicity.objects.filter(state=Publicity.State.RUNNING, ends_on__lt=day).order_by("id")
    return sum(_end(pk, day, calendar) for pk in due.values_list("pk", flat=True))


def _end(pk: int, day: dt.date, calendar: WorkCalendar) -> bool:
    with transaction.atomic(), checks_at_once():
        notice = Publicity.objects.select_for_update(of=("self",)).get(pk=pk)
        if notice.state != Publicity.State.RUNNING:
            return False
        if notice.provisional:
            _count_again(notice, calendar)
        if notice.ends_on >= day:
            return False
        rows = PublicityLine.objects.select_for_update().filter(
            publicity=notice, state=Line.RUNNING
        )
        clear_rows(list(rows.order_by("id").values_list("pk", "application_id")), day)
        notice.state = Publicity.State.ENDED
        notice.save(update_fields=["state"])
        archive_if_done(notice)
    return True


def _count_again(notice: Publicity, calendar: WorkCalendar) -> None:
    period = period_from(notice.starts_on, notice.days, calendar)
    notice.ends_on = max(period.ends, notice.ends_on)
    notice.provisional = period.provisional
    notice.save(update_fields=["ends_on", "provisional"])


def clear_rows(rows: list[tuple[int, int]], day: dt.date) -> None:
    """Rows (with their applications) that nobody objects to any more may be paid."""
    if not rows:
        return
    PublicityLine.objects.filter(pk__in=[pk for pk, _ in rows]).update(
        state=Line.CLEARED, cleared_on=day
    )
    move_many(
        applications=[application for _, application in rows], to=S.CLEARED,
        text="公示期满无异议，待拨付", by=None,
    )  # fmt: skip


def archive_if_done(notice: Publicity) -> None:
    """A notice that ended and has no row waiting for an answer goes to the archive."""
    waiting = notice.lines.filter(state__in=(Line.RUNNING, Line.HELD)).exists()
    if notice.state == Publicity.State.ENDED and not waiting:
        notice.state = Publicity.State.ARCHIVED
        notice.save(update_fields=["state"])
