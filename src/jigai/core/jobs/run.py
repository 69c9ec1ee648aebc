"""Runs one job of the queue: exactly once, with its end always recorded."""

from __future__ import annotations

import logging
from typing import Any

import pghistory
from django.db import close_old_connections, connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from jigai.core.jobs.registry import Cancelled, JobContext, Outcome, is_quiet, work_of
from jigai.core.models.job import Job
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError

Status: Any = Job.Status
MAX_ATTEMPTS = 3
log = logging.getLogger(__name__)


@app.task(name="jigai.run_job", pass_context=False)
def run_job(job_id: int) -> None:
    """Do the work of a job unless it is over. Errors end up in the job, not in the queue."""
    _renew_connections()
    try:
        job = _claim(job_id)
        if job is not None:
            _work(job)
    finally:
        _renew_connections()


def _renew_connections() -> None:
    """The worker's threads live long; what broke or is old is replaced, as between requests."""
    if not connection.in_atomic_block:
        close_old_connections()


def _claim(job_id: int) -> Job | None:
    """Take the job; ``None`` when there is nothing left to do."""
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(pk=job_id).first()
        if job is None or job.is_over:
            return None
        if job.attempts >= MAX_ATTEMPTS:
            _close(
                job,
                Status.FAILED,
                "gave-up",
                f"已中断 {job.attempts} 次，不再重试",
                "请查看运行日志后重新提交",
            )
            return None
        job.status, job.attempts = Status.RUNNING, job.attempts + 1
        job.started_at = timezone.now()
        job.save(update_fields=["status", "attempts", "started_at"])
        return job


def _work(job: Job) -> None:
    context = JobContext(job)
    try:
        with pghistory.context(user=job.owner_id, job=job.pk, reason=job.title[:200]):
            outcome = work_of(job.kind)(context)
            if outcome is not None:
                with transaction.atomic():
                    mark_done(job, outcome)
    except Cancelled as stop:
        _close(job, Status.CANCELLED, stop.code, stop.message, "")
    except JigaiError as error:
        _close(job, Status.FAILED, error.code, error.message, error.hint)
    except Exception:
        log.exception("job %s failed", job.pk)
        _close(
            job,
            Status.FAILED,
            "internal",
            "程序出错，任务没有完成",
            f"请把任务编号 {job.pk} 报给维护者",
        )


def mark_done(job: Job, outcome: Outcome) -> None:
    """Record success; the row lock makes a second runner of the same job fail."""
    fresh = Job.objects.select_for_update().get(pk=job.pk)
    if fresh.is_over:
        raise JigaiError("job-over", "任务已经结束，本次结果不再写入")
    fresh.status, fresh.progress, fresh.step = Status.DONE, 1000, "完成"
    fresh.result, fresh.url, fresh.told = outcome.result, outcome.url, list(outcome.told)
    fresh.finished_at = timezone.now()
    fresh.save()
    # In the same transaction: a process killed right after it leaves no finished job untold.
    tell_owner(fresh)


def _close(job: Job, status: str, code: str, message: str, hint: str) -> None:
    done = Job.objects.filter(pk=job.pk, status__in=[Status.WAITING, Status.RUNNING]).update(
        status=status, error_code=code, error=message, hint=hint, finished_at=timezone.now()
    )
    if done:
        tell_owner(Job.objects.get(pk=job.pk))


def tell_owner(job: Job) -> None:
    """A notice to whoever started the job."""
    done_quietly = job.status == Status.DONE and is_quiet(job.kind)
    if job.owner is not None and not done_quietly:
        words = {Status.DONE: "已完成", Status.FAILED: "失败", Status.CANCELLED: "已取消"}
        send_notice(
            user=job.owner,
            event=f"job-{job.status}",
            title=f"{job.title}：{words[Status(job.status)]}",
            body=job.error,
            url=job.url or f"/jobs/{job.pk}/",
        )
