"""Runs a job that failed or was cancelled once more, as a new job."""

from __future__ import annotations

from django.db import transaction

from jigai.core.jobs import start_job
from jigai.core.models import Job, User
from jigai.errors import JigaiError

_AGAIN = frozenset({Job.Status.FAILED, Job.Status.CANCELLED})


def retry_job(*, job: Job, owner: User) -> Job:
    """A new job of the same kind with the same parameters.

    Raises :class:`JigaiError` unless the job failed or was cancelled.
    """
    with transaction.atomic():
        fresh = Job.objects.select_for_update().get(pk=job.pk)
        if fresh.status not in _AGAIN:
            raise JigaiError("job-not-failed", "只有失败或已取消的任务可以重试")
        return start_job(kind=fresh.kind, title=fresh.title, owner=owner, params=fresh.params)
