"""Once a working day: tasks about to fall due or just overdue."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from jigai.core.platform_calendar import platform_calendar
from jigai.projects.work.services.make_tasks import remind

_LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('projects.tasks'))"


@app.periodic(cron="17 7 * * *")
@app.task(name="jigai.projects.tasks", pass_context=False)
def by_the_clock(timestamp: int) -> None:
    """Tell whoever has a task; each task once before its day and once after."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK)
        alone = cursor.fetchone()[0]
        today, calendar = timezone.localdate(), platform_calendar()
        if alone and calendar.is_workday(today):
            remind(today, calendar.add_workdays(today, 1), calendar.add_workdays(today, -1))
