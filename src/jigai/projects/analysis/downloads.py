"""A small table as a file at once: aggregates only, lists go through the export jobs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.utils import timezone

from jigai.core.models import AccessLog
from jigai.core.screens import formats
from jigai.sheets.csv_writer import write_csv
from jigai.sheets.writer import ExportColumn, write_table

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def wanted(request: Any) -> str:
    """The kind of file asked for (``?form=csv``), if any."""
    form = str(request.GET.get("form", ""))
    return form if form in _TYPES else ""


def download(
    request: Any, title: str, columns: Sequence[ExportColumn], rows: Iterable[Sequence[Any]],
    *, note: str = "",
) -> HttpResponse:  # fmt: skip
    """The table as asked for, noted in the access log. Raises :class:`Denied` without the right
    to export."""
    request.access.require("export.make")
    form = wanted(request)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"table.{form}"
        if form == "csv":
            count = write_csv(target, columns, rows)
        else:
            stamp = f"{formats.moment(timezone.now())} 导出，{request.user}"
            count = write_table(target, columns, rows, title=title, note=f"{note} {stamp}".strip())
        response = HttpResponse(target.read_bytes(), content_type=_TYPES[form])
    name = quote(f"{title}.{form}")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    AccessLog.objects.create(
        user=request.user, action="export", kind=request.resolver_match.url_name, key="",
        label=f"{title} {count} 行"[:200],
    )  # fmt: skip
    return response
