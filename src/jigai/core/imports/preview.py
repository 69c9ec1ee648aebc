"""Reads a batch and works out what a commit would do; writes nothing but the batch itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from jigai.core.imports.findings import count_findings, sample_of, store_findings
from jigai.core.imports.reading import Reading, read_batch
from jigai.core.imports.registry import Place
from jigai.core.models import ImportBatch
from jigai.errors import JigaiError

Progress = Callable[[str, float], None]
Status = ImportBatch.Status


def place_of(batch: ImportBatch) -> Place:
    """Where the rows of a batch belong."""
    return Place(batch.region_code, batch.year)


def preview_batch(
    batch_id: int, job_id: int, tell: Progress, finish: Callable[[ImportBatch], None]
) -> None:
    """Do the reading that a job was started for; a batch read otherwise meanwhile is left alone.

    ``finish`` is called in the transaction that stores the result.
    """
    batch = ImportBatch.objects.select_related("file").get(pk=batch_id)
    if batch.status != Status.READING or batch.job_id != job_id:
        return
    try:
        tell("读取文件", 0.05)
        reading = read_batch(batch)
        tell("核对数据", 0.6)
        _store(batch_id, job_id, reading, finish)
    except JigaiError as refused:
        _refuse(batch_id, job_id, refused, finish)


def _locked(batch_id: int, job_id: int) -> ImportBatch | None:
    found = ImportBatch.objects.select_for_update(of=("self",)).select_related("file")
    return found.filter(pk=batch_id, job_id=job_id, status=Status.READING).first()


def _store(
    batch_id: int, job_id: int, reading: Reading, finish: Callable[[ImportBatch], None]
) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        batch = _locked(batch_id, job_id)
        if batch is None:
            return
        importer, table = reading.importer, reading.table
        missing = importer.needs(place_of(batch))
        planned: dict[str, Any] = {}
        remark: Callable[[int], str] = lambda row: ""  # noqa: E731
        if not missing:
            plan = importer.plan(table, place_of(batch))
            planned = plan.stage(cursor, real=False).as_dict()
            remark = plan.remark
        batch.status = Status.WAITING if missing else Status.READY
        batch.problem, batch.hint = missing, _what_then(missing)
        batch.kind, batch.sheet = importer.kind, "" if table.more else table.sheet[:100]
        batch.sheets, batch.columns = list(reading.sheets), reading.columns
        batch.sample = sample_of(table, remark)
        batch.counts = {"planned": planned, **count_findings(table)}
        batch.corrected = None
        batch.save()
        store_findings(cursor, batch, table)
        finish(batch)


def _what_then(missing: str) -> str:
    return "请先导入前面的表；它入库后本文件会自动重新核对" if missing else ""


def _refuse(
    batch_id: int, job_id: int, refused: JigaiError, finish: Callable[[ImportBatch], None]
) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        batch = _locked(batch_id, job_id)
        if batch is None:
            return
        batch.status = Status.REFUSED
        batch.problem, batch.hint = refused.message, refused.hint
        batch.kind = str(batch.choices.get("kind", ""))
        batch.counts = {"refused": refused.code}
        batch.sample, batch.columns, batch.sheets = [], [], []
        batch.save()
        store_findings(cursor, batch, None)
        finish(batch)
