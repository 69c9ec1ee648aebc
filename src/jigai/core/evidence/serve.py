"""Gives a stored file to a person: as a download, never as a page of ours."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse

from jigai.core.evidence.store import path_of
from jigai.core.models import AccessLog, EvidenceFile

# Even a file that a browser insists on showing can then neither run nor load anything.
_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"


def serve_evidence(request: Any, file: EvidenceFile) -> FileResponse:
    """Stream the bytes and note who took them. The caller has checked that the person may."""
    path = path_of(file)
    AccessLog.objects.create(
        user=request.user,
        action="download",
        kind="evidence",
        key=str(file.pk),
        label=file.name[:200],
        request_id=request.request_id,
        on_behalf=request.access.acting_for[:64],
    )
    response = FileResponse(path.open("rb"), as_attachment=True, filename=file.name)
    response.headers["Content-Type"] = file.media_type
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Cache-Control"] = "private, no-store"
    return response
