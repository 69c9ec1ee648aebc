"""What the page of one batch shows, worked out from the stored batch."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet
from django.http import QueryDict
from django.urls import reverse

from jigai.core.imports.reading import FOREIGN, field_choices
from jigai.core.imports.registry import Importer, importer_of, importers, spec_of
from jigai.core.imports.services import earlier_same, writes_nothing
from jigai.core.models import ImportBatch, ImportIssue, Job
from jigai.core.screens.context import region_name
from jigai.core.screens.menu import url_of
from jigai.sheets.issues import codes

Status = ImportBatch.Status
PAGE = 50
# Fields that are read to understand the sheet or its notes, and kept only in the file itself.
_NOT_STORED = frozenset({"serial", "contact", "phone", "note"})
# Their clean value is the row that is repeated: the message says so, nothing is put in the cell.
_POINTERS = frozenset({"E_PROJECT_DUP"})
SEVERITIES = (
    ("error", "错误", "留空或不计入，请更正"),
    ("warning", "提醒", "照常入库，请确认"),
    ("autofix", "已自动修正", "按规范写法入库"),
)
STEPS = ("上传", "核对", "入库", "完成")
_STEP = {
    Status.READING: 2, Status.REFUSED: 2, Status.WAITING: 2, Status.READY: 2, Status.DISCARDED: 2,
    Status.COMMITTING: 3, Status.COMMITTED: 5, Status.UNDONE: 5,
}  # fmt: skip


def shown(batch: ImportBatch, query: QueryDict) -> dict[str, Any]:
    """The context of the page; ``query`` holds the filter of the findings."""
    importer = importer_of(batch.kind) if batch.kind else None
    ready = batch.status == Status.READY
    return {
        "batch": batch,
        "importer": importer,
        "steps": STEPS,
        "step": _STEP[Status(batch.status)],
        "job": running_job(batch),
        "stuck": batch.is_busy and (batch.job is None or batch.job.is_over),
        "sentence": sentence(batch, importer),
        "absent": _planned(batch).get("absent", 0),
        "nothing": writes_nothing(batch),
        "several": bool(batch.kind) and spec_of(batch.kind).several,
        "sheet_note": batch.sheet or (f"{len(batch.sheets)} 个工作表" if batch.sheets else ""),
        "foreign": batch.counts.get("refused") == FOREIGN,
        "region": region_name(batch.region_code) or batch.region_code,
        "same": earlier_same(batch) if ready else None,
        "severities": severities(batch),
        "rows_url": (importer.list_address or url_of(importer.list_url)) if importer else "",
        "siblings": ImportBatch.objects.filter(group=batch.group).count(),
        "group_url": reverse("import-group", args=[batch.group]),
        "preview": _preview(batch),
        "fields": field_choices(spec_of(batch.kind)) if batch.kind else [],
        "kinds": importers(),
        **findings(batch, query),
    }


def running_job(batch: ImportBatch) -> Job | None:
    """The job at work on the batch: its own, or one that takes it back or corrects its file."""
    if batch.is_busy and batch.job is not None and not batch.job.is_over:
        return batch.job
    return (
        Job.objects.filter(
            kind__in=["import-undo", "import-corrected"],
            params__batch=batch.pk,
            status__in=[Job.Status.WAITING, Job.Status.RUNNING],
        )
        .order_by("-id")
        .first()
    )


def failed_job(batch: ImportBatch) -> Job | None:
    """The latest job of the batch, where that one went wrong."""
    last = (
        Job.objects.filter(kind__startswith="import-", params__batch=batch.pk)
        .order_by("-id")
        .first()
    )
    return last if last is not None and last.status == Job.Status.FAILED else None


def _planned(batch: ImportBatch) -> dict[str, int]:
    found: dict[str, int] = batch.counts.get("done") or batch.counts.get("planned") or {}
    return found


def sentence(batch: ImportBatch, importer: Importer | None) -> str:
    """What a commit will do (or did), in one sentence."""
    planned = _planned(batch)
    if importer is None or not planned:
        return ""
    text = importer.sentence(planned)
    cells = 0 if importer.whole_rows else batch.counts.get("cells", 0)
    return f"{text}；{cells:,} 处错误单元格留空" if cells else text


def severities(batch: ImportBatch) -> list[dict[str, Any]]:
    """Numbers of findings by severity, the worst first."""
    counts = batch.counts.get("severity", {})
    return [
        {"code": code, "name": name, "note": note, "count": counts.get(code, 0)}
        for code, name, note in SEVERITIES
    ]


def findings(batch: ImportBatch, query: QueryDict) -> dict[str, Any]:
    """One page of findings under the filter, with the groups to filter by."""
    severity, code = query.get("severity", ""), query.get("code", "")
    rows = ImportIssue.objects.filter(batch=batch)
    groups = _groups(rows)
    if severity in {name for name, _, _ in SEVERITIES}:
        rows = rows.filter(severity=severity)
        groups = [group for group in groups if group["severity"] == severity]
    if code in codes():
        rows = rows.filter(code=code)
    total = rows.count()
    after = query.get("after", "")
    if after.isdigit():
        rows = rows.filter(pk__gt=int(after))
    page = list(rows.order_by("pk")[: PAGE + 1])
    for issue in page:
        if issue.code in _POINTERS:
            issue.clean_value = ""
    more = page[PAGE - 1].pk if len(page) > PAGE else None
    return {
        "issues": page[:PAGE],
        "more": more,
        "total": total,
        "severity": severity,
        "code": code,
        "groups": groups,
        "paged": bool(after),
    }


def _groups(rows: QuerySet[ImportIssue]) -> list[dict[str, Any]]:
    """Findings by code with what the code means; errors first, then by number."""
    order = {name: place for place, (name, _, _) in enumerate(SEVERITIES)}
    counted = rows.order_by().values("code", "severity").annotate(count=Count("id"))
    found = [{**row, "message": codes()[row["code"]].message} for row in counted]
    return sorted(found, key=lambda g: (order.get(g["severity"], 9), -g["count"], g["code"]))


def _preview(batch: ImportBatch) -> dict[str, Any]:
    """The first rows as they will be stored, column by column of the file."""
    columns = [c for c in batch.columns if c["field"] and c["field"] not in _NOT_STORED]
    rows = [
        {
            "row": line["row"],
            "remark": line["remark"],
            "cells": [
                (line["cells"].get(column["field"], ""), column["field"] in line["errors"])
                for column in columns
            ],
        }
        for line in batch.sample
    ]
    return {
        "columns": columns,
        "rows": rows,
        "remarks": any(line["remark"] for line in batch.sample),
    }
