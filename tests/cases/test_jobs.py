"""The job that settles all clocks anew."""

from __future__ import annotations

import datetime as dt

from jigai.cases.jobs import RECOMPUTE, start_recompute
from jigai.cases.models import Case
from jigai.core.jobs import JobContext
from jigai.core.jobs.registry import work_of
from jigai.core.models import Job, Workday
from tests.cases.time_travel import Clock
from tests.cases.time_travel import clock as clock


def test_the_job_moves_the_days_and_tells_how_far_it_is(clock: Clock, opened: Case) -> None:
    assert opened.due == dt.date(2026, 3, 30)
    Workday.objects.create(day=dt.date(2026, 3, 9), kind="holiday", name="示例")
    job = start_recompute()
    assert job is not None
    outcome = work_of(RECOMPUTE)(JobContext(job))
    opened.refresh_from_db()
    assert opened.due == dt.date(2026, 3, 31)
    assert outcome is not None and outcome.result == {"cases": 1, "moved": 1}
    assert Job.objects.get(pk=job.pk).step == "已重算 0 / 1 件"


def test_where_nothing_runs_nothing_is_queued(clock: Clock, submitted: Case) -> None:
    assert start_recompute() is None
