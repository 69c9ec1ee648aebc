"""Asks a job to stop."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from jigai.core.models import Job
from jigai.errors import JigaiError

Status = Job.Status


def cancel_job(*, job: Job) -> Job:
    """A waiting job stops at once; a running one at its next step, and its work is undone.

    Raises :class:`JigaiError` for a job that is already over.
    """
    with transaction.atomic():
        fresh = Job.objects.select_for_update().get(pk=job.pk)
        if fresh.is_over:
            raise JigaiError("job-over", "任务已经结束，不能再取消")
        fresh.cancel_asked = True
        if fresh.status == Status.WAITING:
            fresh.status, fresh.finished_at = Status.CANCELLED, timezone.now()
            fresh.error_code, fresh.error = "cancelled", "已按请求取消"
        fresh.save(update_fields=["cancel_asked", "status", "finished_at", "error_code", "error"])
    return fresh
