"""Writes a list to a file in the background: what its owner may see, exactly as filtered."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import access_of
from jigai.core.jobs import JobContext, Outcome, job
from jigai.core.models import AccessLog, Export
from jigai.core.screens import formats
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_page import ListPage, list_page
from jigai.core.screens.list_state import ListState, state_of
from jigai.errors import JigaiError
from jigai.sheets.csv_writer import write_csv
from jigai.sheets.writer import write_table

CHUNK = 1000


@job("export", cancel="不会留下文件，以后可以再导出。")
def write_export(context: JobContext) -> None:
    """The work of one export. The owner's rights count as they are now, not as they were."""
    params = context.params
    owner = context.job.owner
    if owner is None:
        raise JigaiError("no-owner", "导出的申请人已不存在")
    # A retried job has no export yet.
    export, _ = Export.objects.get_or_create(
        job=context.job,
        defaults={
            "owner": owner,
            "page": params["page"],
            "title": params["title"],
            "state": params["state"],
        },
    )
    access = access_of(owner)
    page, state = list_page(export.page), state_of(export.state)
    access.require("export.make")
    page.require(access)
    columns = [column for column in page.chosen(state) if column.exported]
    rows = page.exported(access, state)
    target = export_path(export)
    target.parent.mkdir(parents=True, exist_ok=True)
    total = rows.order_by().values("pk").count()
    heads = [column.written() for column in columns]
    told = _told(context, page, state, rows, columns, total)
    if target.suffix == ".csv":
        count = write_csv(target, heads, told)
    else:
        note = f"{formats.moment(timezone.now())} 导出，{owner}"
        count = write_table(target, heads, told, title=export.title, note=note)
    _finish(context, export, target, count)


def export_path(export: Export) -> Path:
    """Where an export's file lies; the same for every attempt of its job."""
    form = "csv" if export.state.get("form") == "csv" else "xlsx"
    return Path(settings.DATA_DIR) / "exports" / f"{export.pk}.{form}"


def _told(
    context: JobContext,
    page: ListPage,
    state: ListState,
    rows: Any,
    columns: Sequence[Column],
    total: int,
) -> Iterator[list[Any]]:
    """Values row by row through a server-side cursor, telling the progress between chunks."""
    stream = rows.iterator(chunk_size=CHUNK)
    done = 0
    while chunk := list(islice(stream, CHUNK)):
        page.decorate(chunk, state)
        for row in chunk:
            yield [column.export(row) for column in columns]
        done += len(chunk)
        context.progress(f"已写 {done:,} 行", min(0.99, done / max(total, 1)))


def _finish(context: JobContext, export: Export, target: Path, count: int) -> None:
    digest = hashlib.sha256()
    with target.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    with transaction.atomic():
        export.rows, export.size = count, target.stat().st_size
        export.sha256, export.path = digest.hexdigest(), f"exports/{target.name}"
        export.save(update_fields=["rows", "size", "sha256", "path"])
        AccessLog.objects.create(
            user=export.owner, action="export", kind=export.page, key=str(export.pk),
            label=f"{export.title} {count} 行"[:200],
        )  # fmt: skip
        context.finish(Outcome({"rows": count}, reverse("export-list"), [("行数", count)]))
