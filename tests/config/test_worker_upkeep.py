"""What the worker does by the clock: old exports go, and one failure is not the end of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from jigai.config.worker import again
from jigai.core.models import Export, Job
from jigai.core.services.clear_exports import KEPT_FOR
from jigai.funding.models import InvoiceLine
from tests.config.running import until, worker
from tests.factories import make_enterprise, make_line, make_project, make_user


def make_export(folder: Path, name: str, age: timedelta) -> Export:
    """A finished export with its file."""
    owner = make_user()
    done = Job.Status.DONE
    job = Job.objects.create(
        kind="export", title=name, owner=owner, status=done, finished_at=timezone.now() - age
    )
    (folder / name).write_bytes(b"PK")
    return Export.objects.create(job=job, owner=owner, page="enterprises", title=name, path=name)


def test_a_worker_clears_stale_exports_away_and_leaves_the_others(
    own_database: str, tmp_path: Path, settings: Any
) -> None:
    settings.DATA_DIR = tmp_path
    old = make_export(tmp_path, "old.xlsx", KEPT_FOR + timedelta(hours=1))
    new = make_export(tmp_path, "new.xlsx", KEPT_FOR - timedelta(hours=1))
    with worker(own_database):
        until(lambda: not Export.objects.get(pk=old.pk).path, "the old export is cleared away")
    assert [file.name for file in tmp_path.glob("*.xlsx")] == ["new.xlsx"]
    assert Export.objects.get(pk=new.pk).path == "new.xlsx"


def test_a_worker_ties_the_invoices_of_an_older_version_to_their_items(own_database: str) -> None:
    project = make_project(make_enterprise())
    line = make_line(project, invoice_no="00000001", amount_fen=100_00)
    assert line.same_id is None
    with worker(own_database):
        until(lambda: InvoiceLine.objects.get(pk=line.pk).same_id is not None, "the line is tied")


def test_it_is_done_again_even_after_a_failure(caplog: pytest.LogCaptureFixture) -> None:
    calls = []

    def work() -> int:
        calls.append(1)
        if len(calls) == 1:
            raise OSError("disk gone")
        return 3

    async def run() -> None:
        task = asyncio.create_task(again(work, 0.01, "cleared"))
        while len(calls) < 3:
            await asyncio.sleep(0.01)
        task.cancel()

    asyncio.run(asyncio.wait_for(run(), 20))
    assert "disk gone" in caplog.text and "cleared: 3" in caplog.text
