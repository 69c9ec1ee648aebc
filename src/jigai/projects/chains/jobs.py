"""Once a day: chains of tasks in which something is late."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from jigai.projects.chains.services.warn_chains import warn_chains

_LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('projects.chains'))"


@app.periodic(cron="23 7 * * *")
@app.task(name="jigai.projects.chains", pass_context=False)
def by_the_clock(timestamp: int) -> None:
    """Tell whoever works on a chain with a late task; each task once."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK)
        if cursor.fetchone()[0]:
            warn_chains(timezone.localdate())
