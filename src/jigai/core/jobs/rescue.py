"""Takes up jobs whose worker died: they run again, or end as failed with the reason."""

from __future__ import annotations

from django.db import connection, transaction

from jigai.core.jobs.run import run_job
from jigai.core.models.job import Job

# How often a worker tells that it lives, and after how long without it counts as dead.
HEARTBEAT_SECONDS = 5
DEAD_AFTER_SECONDS = 20

_LOST = """
    SELECT job.id, queued.id
    FROM core_job AS job
    LEFT JOIN procrastinate_jobs AS queued ON queued.id = job.queue_id
    LEFT JOIN procrastinate_workers AS worker ON worker.id = queued.worker_id
    WHERE job.status IN ('waiting', 'running')
      AND (
        queued.id IS NULL
        OR queued.status NOT IN ('todo', 'doing')
        OR (queued.status = 'doing' AND (
            worker.id IS NULL
            OR worker.last_heartbeat < now() - make_interval(secs => %s)
        ))
      )
      AND job.created_at < now() - interval '1 second'
    ORDER BY job.id
    FOR UPDATE OF job SKIP LOCKED
"""


def rescue_stalled(dead_after: float = DEAD_AFTER_SECONDS) -> int:
    """Queue again every unfinished job that no live worker holds; the number of them.

    ``dead_after`` is in seconds without a sign of life. A job that is taken up too often ends as
    failed (see ``run``), never silently.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOST, [dead_after])
        lost = cursor.fetchall()
        for job_id, queue_id in lost:
            if queue_id is not None:
                cursor.execute(
                    "UPDATE procrastinate_jobs SET status = 'failed' "
                    "WHERE id = %s AND status = 'doing'",
                    [queue_id],
                )
            fresh = run_job.configure(queueing_lock=f"job-{job_id}").defer(job_id=job_id)
            Job.objects.filter(pk=job_id).update(queue_id=fresh, step="执行进程中断，重新排队")
    return len(lost)
