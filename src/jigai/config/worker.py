"""The process that does the jobs: ``python -m jigai.config.worker``."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable

from jigai.config import environment, lifeline

# Seconds a job may still run after the request to stop; one that takes longer is taken up again.
FINISH_LIMIT = 15
RESCUE_EVERY = 10.0
CLEAR_EVERY = 3600.0
EXPIRE_EVERY = 3600.0
CASES_EVERY = 600.0
TIE_EVERY = 86400.0
log = logging.getLogger("jigai.worker")


def main() -> None:
    """Work until told to stop, ``JIGAI_JOBS`` jobs at a time (2)."""
    lifeline.hold()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jigai.config.settings")
    import django

    django.setup()
    asyncio.run(_work(environment.number("JIGAI_JOBS", 2)))


async def _work(concurrency: int) -> None:
    from procrastinate.contrib.django import app

    from jigai.cases.services.daily_round import daily_round
    from jigai.core.jobs.rescue import HEARTBEAT_SECONDS, rescue_stalled
    from jigai.core.services.clear_exports import clear_exports
    from jigai.funding.invoices.items import ensure_untied
    from jigai.funding.moved_on import move_on
    from jigai.registers.services.expire_entries import expire_entries

    # A second app that shares the tasks: it waits for work on connections of its own, while what
    # a task itself queues goes through Django's connection and so belongs to its transaction.
    waiting = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with waiting.open_async():
        upkeep = [
            asyncio.create_task(again(rescue_stalled, RESCUE_EVERY, "rescued stalled jobs")),
            asyncio.create_task(again(clear_exports, CLEAR_EVERY, "cleared old exports")),
            asyncio.create_task(again(expire_entries, EXPIRE_EVERY, "register entries ran out")),
            asyncio.create_task(again(daily_round, CASES_EVERY, "cases moved on by time")),
            asyncio.create_task(again(move_on, CASES_EVERY, "rounds and notices moved on by time")),
            asyncio.create_task(again(ensure_untied, TIE_EVERY, "invoice lines tied to items")),
        ]
        try:
            await waiting.run_worker_async(
                concurrency=concurrency,
                shutdown_graceful_timeout=FINISH_LIMIT,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
            )
        finally:
            for task in upkeep:
                task.cancel()


async def again(work: Callable[[], int], every: float, done: str) -> None:
    """Do ``work`` now and every so many seconds; ``done`` says in the log what it counted."""
    from asgiref.sync import sync_to_async

    while True:
        try:
            count = await sync_to_async(_once)(work)
            if count:
                log.warning("%s: %s", done, count)
        except Exception:
            # the database may be starting again; the next round tries anew
            log.exception("%s: failed", done)
        await asyncio.sleep(every)


def _once(work: Callable[[], int]) -> int:
    from django.db import close_old_connections

    close_old_connections()
    try:
        return work()
    finally:
        close_old_connections()


if __name__ == "__main__":
    # Not this copy of the module: the queue warns about an app made in ``__main__``.
    from jigai.config import worker

    worker.main()
