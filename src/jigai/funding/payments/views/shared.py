"""What the pages of this part share: doing a deed once, taking a file."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from jigai.core.evidence import store_evidence
from jigai.core.models import Enterprise, EvidenceFile
from jigai.core.services.send_once import send_once


def once(request: Any, deed: Callable[[], str], told: str) -> str:
    """Do it once a form; the address to go to. ``told`` is said after the first time."""

    def act() -> str:
        url = deed()
        messages.success(request, told)
        return url

    nonce = request.POST.get("nonce", "")
    return send_once(user=request.user, nonce=nonce, path=request.path, act=act)


def kept(
    request: Any, region: str, source: str, *, enterprise: Enterprise | None = None
) -> EvidenceFile | None:
    """The uploaded file in the store of evidence, if there is one."""
    file = request.FILES.get("upload")
    if file is None:
        return None
    return store_evidence(
        stream=file, name=file.name, owner=request.user, region_code=region, source=source,
        enterprise=enterprise,
    )  # fmt: skip


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(write: Callable[[Path], object], name: str) -> HttpResponse:
    """A workbook made for this answer, as a download that nobody keeps on the way."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        write(path)
        return download(path.read_bytes(), XLSX, name)


def download(content: bytes, media: str, name: str) -> HttpResponse:
    """Bytes as a download."""
    response = HttpResponse(content, content_type=media)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    response.headers["Cache-Control"] = "private, no-store"
    return response
