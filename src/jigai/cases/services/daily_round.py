"""Once a day: what time itself does to cases. Days on which nothing ran are caught up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection
from django.utils import timezone

from jigai.cases.models import CaseRound
from jigai.cases.services.daily.acceptances import accept_by_silence
from jigai.cases.services.daily.answers import end_unanswered
from jigai.cases.services.daily.lapses import lapse_promises
from jigai.cases.services.daily.mergers import follow_mergers
from jigai.cases.services.daily.reminders import remind
from jigai.cases.services.daily.waits import pass_waits

_DAY = dt.timedelta(days=1)
_CATCH_UP = dt.timedelta(days=30)
_LOCK = "SELECT pg_try_advisory_lock(hashtext('cases.daily'))"
_UNLOCK = "SELECT pg_advisory_unlock(hashtext('cases.daily'))"
# Departments first, so that steps which open today find the department that stands.
PARTS: tuple[Callable[[dt.date], int], ...] = (
    follow_mergers, accept_by_silence, end_unanswered, pass_waits, lapse_promises, remind,
)  # fmt: skip


def daily_round(today: dt.date | None = None) -> int:
    """Do what is due for every day without a round; the number of cases touched.

    A day is done once. Each case is locked only while it is worked on, so people are not kept
    waiting; the lock of the round is one of the session. A case that cannot be moved on is
    reported to who oversees it and tried again the next day.
    """
    with _alone() as alone:
        if not alone:
            return 0
        return sum(_do(day) for day in _days_due(today or timezone.localdate()))


def _do(day: dt.date) -> int:
    count = sum(part(day) for part in PARTS)
    CaseRound.objects.create(day=day)
    return count


def _days_due(day: dt.date) -> list[dt.date]:
    """Days without a round up to this one; after a long stop only the last month's."""
    last = CaseRound.objects.values_list("day", flat=True).first()
    begin = max(last + _DAY, day - _CATCH_UP) if last else day
    return [begin + dt.timedelta(days=n) for n in range((day - begin).days + 1)]


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether no other process is at it; holds the others off meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        alone = bool(cursor.fetchone()[0])
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute(_UNLOCK)
