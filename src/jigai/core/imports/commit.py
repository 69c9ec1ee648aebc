"""Writes a batch into the tables in one transaction, with its status, counts and history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from jigai.core.evidence.cite import cite
from jigai.core.imports.findings import count_findings, store_findings
from jigai.core.imports.preview import Progress, place_of
from jigai.core.imports.reading import Reading, read_batch
from jigai.core.imports.registry import importer_of
from jigai.core.models import ImportBatch
from jigai.errors import JigaiError

Status = ImportBatch.Status
NEEDS = "import-needs"
# One commit or undo at a time: they compare against all rows of a place.
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('jigai.imports'))"


def commit_batch(batch_id: int, tell: Progress, finish: Callable[[ImportBatch], None]) -> bool:
    """Commit a batch whose status is ``committing``; ``False`` when that has happened before.

    ``finish`` is called inside the transaction. Raises :class:`JigaiError` when the file no longer
    fits what is stored; then nothing is written and the batch waits for another try.
    """
    batch = ImportBatch.objects.select_related("file").get(pk=batch_id)
    if batch.status != Status.COMMITTING:
        return False
    try:
        tell("读取文件", 0.05)
        reading = read_batch(batch)
        tell("写入数据库", 0.5)
        return _write(batch_id, reading, finish)
    except IntegrityError as error:
        reopen(batch_id)
        raise JigaiError(
            "import-changed-meanwhile",
            "入库时数据被别人改动，本次没有写入",
            "请重新核对后再入库",
        ) from error
    except JigaiError as refused:
        reopen(batch_id, waiting=refused.code == NEEDS)
        raise


def lock_imports(cursor: Any) -> None:
    """Wait until no other commit or undo runs."""
    cursor.execute(_LOCK)


def reopen(batch_id: int, *, waiting: bool = False) -> None:
    """Let a batch whose commit failed be committed again, or wait for what it needs."""
    status = Status.WAITING if waiting else Status.READY
    ImportBatch.objects.filter(pk=batch_id, status=Status.COMMITTING).update(status=status)


def _write(batch_id: int, reading: Reading, finish: Callable[[ImportBatch], None]) -> bool:
    with transaction.atomic(), connection.cursor() as cursor:
        lock_imports(cursor)
        batch = (
            ImportBatch.objects.select_for_update(of=("self",))
            .select_related("file", "created_by")
            .get(pk=batch_id)
        )
        if batch.status != Status.COMMITTING:
            return False
        _fill(cursor, batch, reading)
        finish(batch)
    return True


def _fill(cursor: Any, batch: ImportBatch, reading: Reading) -> None:
    importer = importer_of(reading.importer.kind)
    missing = importer.needs(place_of(batch))
    if missing:
        raise JigaiError(NEEDS, missing, "请先导入前面的表")
    cursor.execute("SELECT now()")
    batch.committed_at = cursor.fetchone()[0]
    batch.status, batch.problem, batch.hint = Status.COMMITTED, "", ""
    # A tracked write through the ORM comes first: it ties the transaction to the job's audit
    # context, which names who asked and why.
    batch.save()
    plan = importer.plan(reading.table, place_of(batch))
    counts = plan.stage(cursor, real=True)
    plan.apply(cursor, batch)
    store_findings(cursor, batch, reading.table)
    batch.counts = {"done": counts.as_dict(), **count_findings(reading.table)}
    batch.save(update_fields=["counts"])
    cite(
        file=batch.file, kind="import", key=batch.pk, purpose="导入来源", by=batch.created_by,
        label=f"{importer.title} {batch.year} 年", url=reverse("import-detail", args=[batch.pk]),
    )  # fmt: skip
