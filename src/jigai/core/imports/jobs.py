"""The work of imports in the queue."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.db import transaction
from django.urls import reverse

from jigai.core.evidence import store_evidence
from jigai.core.imports.commit import commit_batch, reopen
from jigai.core.imports.preview import place_of, preview_batch
from jigai.core.imports.reading import read_batch, readable
from jigai.core.imports.services import reread_waiting
from jigai.core.imports.undo import undo_batch
from jigai.core.jobs import JobContext, Outcome, job
from jigai.core.jobs.registry import Cancelled
from jigai.core.models import ImportBatch
from jigai.errors import JigaiError
from jigai.sheets.corrected import write_corrected_file


def _page(batch_id: int) -> str:
    return reverse("import-detail", args=[batch_id])


@job("import-read", quiet=True, cancel="文件会保留，以后可以重新核对。")
def read(context: JobContext) -> Outcome | None:
    """Read one file and work out what a commit would do."""
    batch_id = context.params["batch"]
    finished = False

    def finish(batch: ImportBatch) -> None:
        nonlocal finished
        finished = True
        context.finish(Outcome({}, _page(batch.pk), [("结果", batch.get_status_display())]))

    preview_batch(batch_id, context.job.pk, context.progress, finish)
    return None if finished else Outcome({}, _page(batch_id))


@job("import-commit", cancel="还没写完的一律不写入，以后可以再入库。")
def commit(context: JobContext) -> Outcome | None:
    """Write one batch."""
    batch_id = context.params["batch"]

    def finish(batch: ImportBatch) -> None:
        reread_waiting(batch)
        context.finish(Outcome({}, _page(batch.pk), [("结果", batch.get_status_display())]))

    written = commit_batch(batch_id, context.progress, finish)
    return None if written else Outcome({}, _page(batch_id))


@job(
    "import-commit-group",
    cancel="已经入库的文件不会退回（可以逐个撤销导入），其余的不再入库。",
)
def commit_group(context: JobContext) -> Outcome:
    """Write batches that came together, each in a transaction of its own.

    One that fails keeps the others: those after it that need it are refused in turn. A run after
    an interruption passes over what is in already.
    """
    batches: list[int] = context.params["batches"]
    failed: dict[str, str] = {}

    for place, batch_id in enumerate(batches):
        share = place / len(batches)
        try:
            context.progress(f"入库第 {place + 1} 个文件，共 {len(batches)} 个", share)
        except Cancelled:
            _reopen_rest(batches[place:])
            raise
        try:
            commit_batch(batch_id, _silent, reread_waiting)
        except JigaiError as problem:
            failed[str(batch_id)] = problem.message
            _note(batch_id, problem)
    done = ImportBatch.objects.filter(pk__in=batches, status=ImportBatch.Status.COMMITTED).count()
    url = reverse("import-group", args=[context.params["group"]])
    return Outcome({"failed": failed}, url, [("已入库文件", done), ("未入库文件", len(failed))])


def _reopen_rest(batches: list[int]) -> None:
    """Files a cancelled group has not come to can go in another time."""
    for batch in ImportBatch.objects.filter(pk__in=batches).order_by("pk"):
        reopen(batch.pk, waiting=not batch.counts.get("planned"))


def _silent(step: str, share: float) -> None:
    """The files of a group are told one by one, not step by step."""


def _note(batch_id: int, problem: JigaiError) -> None:
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch_id)
        batch.problem, batch.hint = problem.message, problem.hint
        batch.save(update_fields=["problem", "hint"])


@job("import-undo", cancel="这批数据会原样留在库里，以后可以再撤销。")
def undo(context: JobContext) -> Outcome | None:
    """Take one batch back."""
    batch_id = context.params["batch"]

    def finish(batch: ImportBatch) -> None:
        reread_waiting(batch)
        context.finish(Outcome({}, _page(batch.pk), [("结果", batch.get_status_display())]))

    return None if undo_batch(batch_id, finish) else Outcome({}, _page(batch_id))


@job("import-corrected", cancel="不会生成更正文件，原文件不变。")
def corrected(context: JobContext) -> Outcome | None:
    """Write the clerk's own file with repairs made, and keep it as evidence."""
    batch = ImportBatch.objects.select_related("file").get(pk=context.params["batch"])
    context.progress("读取文件", 0.1)
    reading = read_batch(batch)
    if not reading.importer.needs(place_of(batch)):
        # Making the plan adds the findings that only the stored rows can tell.
        reading.importer.plan(reading.table, place_of(batch))
    context.progress("写入更正", 0.5)
    with readable(batch.file) as source, tempfile.TemporaryDirectory(dir=source.parent) as folder:
        target = Path(folder) / f"{source.stem}_更正.xlsx"
        write_corrected_file(source, target, reading.table)
        with transaction.atomic(), target.open("rb") as stream:
            file = store_evidence(
                stream=stream,
                name=target.name,
                owner=context.job.owner,
                region_code=batch.region_code,
                source=f"导入批次 {batch.pk} 的更正文件",
            )
            fresh = ImportBatch.objects.select_for_update().get(pk=batch.pk)
            fresh.corrected = file
            fresh.save(update_fields=["corrected"])
            context.finish(Outcome({}, _page(batch.pk), [("更正文件", file.name)]))
    return None
