"""What people do with files on their way in: hand over, correct, commit, take back, give up."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.urls import reverse

from jigai.core.imports.reading import known_unit
from jigai.core.imports.registry import importer_of, importers, spec_of
from jigai.core.jobs import start_job
from jigai.core.models import EvidenceFile, ImportBatch, Job, User
from jigai.errors import JigaiError

Status = ImportBatch.Status
MOST_FILES = 10
_YEARS = range(1990, 2101)


def start_group(
    *, files: Sequence[EvidenceFile], year: int, region_code: str, by: User, kind: str = ""
) -> uuid.UUID:
    """Begin to read files that came together; the number of their group.

    Raises :class:`JigaiError` for no files, for more than ten, and for an impossible year.
    """
    if not files:
        raise JigaiError("import-no-files", "还没有选择文件", "请选择一到十个表格文件")
    if len(files) > MOST_FILES:
        raise JigaiError("import-many-files", f"一次最多导入 {MOST_FILES} 个文件", "请分几次导入")
    if year not in _YEARS:
        raise JigaiError("import-year", f"年份“{year}”不对", "请填写四位年份")
    group = uuid.uuid4()
    with transaction.atomic():
        for file in files:
            batch = ImportBatch.objects.create(
                year=year,
                region_code=region_code,
                file=file,
                group=group,
                kind=kind,
                choices={"kind": kind} if kind else {},
                created_by=by,
            )
            _read(batch, by)
    return group


def reread(
    *,
    batch_id: int,
    by: User,
    year: int | None = None,
    region_code: str | None = None,
    choices: Mapping[str, Any] | None = None,
) -> ImportBatch:
    """Read a batch again, with other choices where given.

    Raises :class:`JigaiError` when it is in the tables already or a job is at work on it.
    """
    with transaction.atomic():
        batch = lock_batch(batch_id)
        _require_open(batch)
        if year is not None:
            if year not in _YEARS:
                raise JigaiError("import-year", f"年份“{year}”不对", "请填写四位年份")
            batch.year = year
        if region_code:
            batch.region_code = region_code
        if choices is not None:
            batch.choices = _checked(choices)
        _read(batch, by)
        return batch


def commit(*, batch_id: int, by: User, repeat: bool = False) -> Job:
    """Start the commit of a batch. Asking twice gives the same job.

    ``repeat`` confirms a file whose very bytes are in the tables already. Raises
    :class:`JigaiError` for a batch that is not ready.
    """
    with transaction.atomic():
        batch = lock_batch(batch_id)
        going = batch.status == Status.COMMITTING and _alive(batch)
        if batch.status == Status.COMMITTED or going:
            assert batch.job is not None
            return batch.job
        if batch.status not in (Status.READY, Status.COMMITTING):
            raise JigaiError(
                "import-not-ready",
                f"文件“{batch.file.name}”{batch.get_status_display()}，不能入库",
                "请等核对完成后再入库",
            )
        _check_repeat(batch, repeat)
        job = start_job(
            kind="import-commit",
            title=f"入库 {batch.file.name}",
            owner=by,
            params={"batch": batch.pk},
        )
        batch.status, batch.job = Status.COMMITTING, job
        batch.save(update_fields=["status", "job"])
        return job


def commit_group(
    *, group: uuid.UUID, by: User, allowed: Sequence[int], repeat: bool = False
) -> Job:
    """Start the commit of every open batch of a group, in the order in which they need each other.

    ``allowed`` are the batches the person may commit. Files refused, given up, in already or
    without anything new are passed over. Raises :class:`JigaiError` while one is still being read.
    """
    with transaction.atomic():
        batches = list(
            ImportBatch.objects.select_for_update()
            .filter(group=group, pk__in=allowed)
            .order_by("pk")
        )  # fmt: skip
        if any(batch.status == Status.READING and _alive(batch) for batch in batches):
            raise JigaiError("import-still-reading", "还有文件正在识别", "请等全部识别完再入库")
        busy = [batch for batch in batches if batch.status == Status.COMMITTING and _alive(batch)]
        if busy and busy[0].job is not None:
            return busy[0].job
        waiting = [b for b in batches if b.status in (Status.READY, Status.WAITING)]
        ready = [b for b in waiting if not writes_nothing(b)]
        if not ready:
            raise JigaiError("import-nothing-ready", "没有可以入库的文件", "请先处理不能识别的文件")
        for batch in ready:
            _check_repeat(batch, repeat)
        ready.sort(key=lambda batch: (importer_of(batch.kind).order, batch.pk))
        job = start_job(
            kind="import-commit-group",
            title=f"入库 {len(ready)} 个文件",
            owner=by,
            params={"batches": [batch.pk for batch in ready], "group": str(group)},
        )
        ImportBatch.objects.filter(pk__in=[batch.pk for batch in ready]).update(
            status=Status.COMMITTING, job=job
        )
        return job


def undo(*, batch_id: int, by: User) -> Job:
    """Start taking a batch back. Asking again while that runs gives the same job."""
    with transaction.atomic():
        batch = lock_batch(batch_id)
        if batch.status != Status.COMMITTED:
            raise JigaiError("import-not-committed", "这个文件还没有入库，无需撤销")
        running = Job.objects.filter(
            kind="import-undo", params__batch=batch.pk,
            status__in=[Job.Status.WAITING, Job.Status.RUNNING],
        ).first()  # fmt: skip
        return running or start_job(
            kind="import-undo",
            title=f"撤销导入 {batch.file.name}",
            owner=by,
            params={"batch": batch.pk},
        )


def discard(*, batch_id: int) -> None:
    """Give a batch up; its file stays in the evidence store."""
    with transaction.atomic():
        batch = lock_batch(batch_id)
        _require_open(batch)
        batch.status = Status.DISCARDED
        batch.save(update_fields=["status"])


def ask_corrected(*, batch_id: int, by: User) -> Job:
    """Start writing the clerk's own file with repairs made and errors marked."""
    batch = ImportBatch.objects.select_related("file").get(pk=batch_id)
    if not batch.kind or batch.is_busy:
        raise JigaiError("import-not-read", "这个文件还没有识别完", "请等识别完成后再生成更正文件")
    return start_job(
        kind="import-corrected",
        title=f"更正文件 {batch.file.name}",
        owner=by,
        params={"batch": batch.pk},
    )


def reread_waiting(batch: ImportBatch) -> None:
    """After a commit or an undo: read again what was matched against the state before.

    Call it inside the transaction, so that the reading sees the new state.
    """
    order = importer_of(batch.kind).order
    later = [item.kind for item in importers() if item.order > order]
    rows = ImportBatch.objects.select_for_update(of=("self",)).filter(
        region_code=batch.region_code, kind__in=later, status__in=[Status.WAITING, Status.READY]
    )
    for other in rows.select_related("file", "created_by").order_by("pk"):
        if other.created_by is not None:
            _read(other, other.created_by)


def earlier_same(batch: ImportBatch) -> ImportBatch | None:
    """A batch with the very same bytes that is in the tables for the same place."""
    return (
        ImportBatch.objects.filter(
            file__sha256=batch.file.sha256, kind=batch.kind, year=batch.year,
            region_code=batch.region_code, status=Status.COMMITTED,
        )
        .exclude(pk=batch.pk)
        .select_related("file", "created_by")
        .order_by("-pk")
        .first()
    )  # fmt: skip


def lock_batch(batch_id: int) -> ImportBatch:
    """The batch, held until the transaction ends."""
    # Nothing joined: after waiting for the lock a join would still show the job of before.
    return ImportBatch.objects.select_for_update().get(pk=batch_id)


def _read(batch: ImportBatch, by: User) -> None:
    job = start_job(
        kind="import-read", title=f"识别 {batch.file.name}", owner=by, params={"batch": batch.pk}
    )
    batch.status, batch.job, batch.problem, batch.hint = Status.READING, job, "", ""
    batch.save()


def writes_nothing(batch: ImportBatch) -> bool:
    """Whether a commit would change nothing: all the file says is stored already."""
    ready = batch.status == Status.READY
    return bool(ready and batch.counts.get("planned", {}).get("writes") == 0)


def _alive(batch: ImportBatch) -> bool:
    return batch.job is not None and not batch.job.is_over


def _require_open(batch: ImportBatch) -> None:
    stuck = batch.is_busy and not _alive(batch)
    if not (batch.is_open or stuck):
        state = batch.get_status_display()
        raise JigaiError("import-closed", f"文件“{batch.file.name}”{state}，不能再改", "请刷新页面")


def _check_repeat(batch: ImportBatch, repeat: bool) -> None:
    before = None if repeat else earlier_same(batch)
    if before is not None:
        raise JigaiError(
            "import-repeat",
            f"内容完全相同的文件已在批次 {before.pk} 入库，再导入不会带来新数据",
            f"确要再导入，请勾选“仍然入库”；原批次见 {reverse('import-detail', args=[before.pk])}",
        )


def _checked(choices: Mapping[str, Any]) -> dict[str, Any]:
    """Only choices that mean something."""
    kind = str(choices.get("kind", ""))
    if not kind:
        return {}
    fields = spec_of(kind).fields
    given = choices.get("fields", {}).items()
    kept = {letter: name for letter, name in given if not name or name in fields}
    named = [name for name in kept.values() if name]
    if len(named) != len(set(named)):
        raise JigaiError("import-columns", "同一个项目指定给了两列", "请给每个项目只指定一列")
    units = {
        name: unit
        for name, unit in choices.get("units", {}).items()
        if name in fields and known_unit(unit)
    }
    sheet = str(choices.get("sheet", ""))
    return {"kind": kind, "sheet": sheet, "fields": kept, "units": units}
