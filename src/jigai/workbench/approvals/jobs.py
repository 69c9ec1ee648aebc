"""Work in the background: checks of promises whose day has passed."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from jigai.cases.services.schedule_checks import warn_overdue
from jigai.core.platform_calendar import platform_calendar

_LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('cases.fulfilment'))"


@app.periodic(cron="41 6 * * *")
@app.task(name="jigai.workbench.fulfilment", pass_context=False)
def by_the_clock(timestamp: int) -> None:
    """On working days: tell of overdue checks, once a week each."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK)
        today = timezone.localdate()
        if cursor.fetchone()[0] and platform_calendar().is_workday(today):
            warn_overdue(today)
