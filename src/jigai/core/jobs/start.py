"""Puts work into the queue."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from jigai.core.jobs.run import run_job
from jigai.core.models.job import Job
from jigai.core.models.user import User


def start_job(
    *, kind: str, title: str, owner: User | None, params: dict[str, Any] | None = None
) -> Job:
    """Record a job and queue it in one transaction: neither exists without the other."""
    with transaction.atomic():
        job = Job.objects.create(kind=kind, title=title, owner=owner, params=params or {})
        queue_id = run_job.configure(queueing_lock=f"job-{job.pk}").defer(job_id=job.pk)
        Job.objects.filter(pk=job.pk).update(queue_id=queue_id)
        job.queue_id = queue_id
    return job
