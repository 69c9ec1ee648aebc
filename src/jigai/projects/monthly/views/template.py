"""Downloading the workbook of a month."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.projects.monthly.access import periods_for
from jigai.projects.monthly.template import write_template


@requires("export.make")
@require_GET
def template(request: Any, pk: int) -> HttpResponse | FileResponse:
    """The form of a month, to be filled in elsewhere and imported again."""
    period = get_object_or_404(periods_for(request.access), pk=pk)
    name = f"月报填报表_{period.year}年{period.month}月.xlsx"
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "form.xlsx"
        write_template(target, period, request.access)
        # The open file outlives its folder.
        return FileResponse(target.open("rb"), as_attachment=True, filename=name)
