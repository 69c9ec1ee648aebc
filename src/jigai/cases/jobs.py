"""Long work of the cases room: settling all clocks after the holidays have changed."""

from __future__ import annotations

from jigai.cases.models import Case
from jigai.cases.services.recompute import recompute
from jigai.core.calendar_changes import on_calendar_change
from jigai.core.jobs import JobContext, Outcome, job
from jigai.core.jobs.start import start_job
from jigai.core.models import Job

RECOMPUTE = "cases-recompute"


@job(RECOMPUTE, quiet=True, cancel="已经重算的办件保留新的日期，其余的再次启动后重算。")
def recompute_clocks(context: JobContext) -> Outcome:
    """Settle every running clock by the calendar as it is now."""

    def progress(done: int, of: int) -> None:
        context.progress(f"已重算 {done} / {of} 件", done / max(of, 1))

    found = recompute(progress)
    return Outcome(
        result={"cases": found.cases, "moved": found.moved},
        told=[("重算办件", found.cases), ("应办结日期有变化", found.moved)],
    )


def start_recompute() -> Job | None:
    """Queue it where anything runs; one that waits already will read the newest calendar."""
    if not Case.objects.filter(clock_from__isnull=False, closed_on__isnull=True).exists():
        return None
    waiting = Job.objects.filter(kind=RECOMPUTE, status=Job.Status.WAITING).first()
    return waiting or start_job(kind=RECOMPUTE, title="按新的放假安排重算办件时限", owner=None)


def _changed() -> None:
    start_recompute()


on_calendar_change(_changed)
