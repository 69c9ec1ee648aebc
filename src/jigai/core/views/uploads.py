"""Pieces of files, told and answered in JSON."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods, require_POST

from jigai.core.access import requires
from jigai.core.evidence.pieces import (
    OutOfStep,
    begin_upload,
    drop_upload,
    finish_upload,
    take_piece,
)
from jigai.core.evidence.store import clean_name
from jigai.core.imports.reach import CAPABILITIES
from jigai.core.models import Upload
from jigai.errors import JigaiError

View = Callable[..., HttpResponse]


def _answers(view: View) -> View:
    """Domain errors as JSON; a piece out of step is told where to go on."""

    @wraps(view)
    def answer(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except JigaiError as problem:
            content: dict[str, Any] = {
                "code": problem.code,
                "message": problem.message,
                "hint": problem.hint,
            }
            if isinstance(problem, OutOfStep):
                found = Upload.objects.filter(pk=kwargs["pk"], created_by=request.user).first()
                content["received"] = found.received if found else 0
                return JsonResponse(content, status=409)
            return JsonResponse(content, status=422)

    return answer


def _told(upload: Upload) -> JsonResponse:
    return JsonResponse(
        {
            "id": str(upload.pk),
            "received": upload.received,
            "size": upload.size,
            "done": upload.file_id is not None,
        }
    )


@requires(*CAPABILITIES, "evidence.add")
@require_POST
@_answers
def begin(request: Any) -> HttpResponse:
    """Start an upload or take one up again: ``name``, ``size`` in bytes, ``sha256``."""
    size = request.POST.get("size", "")
    if not size.isdigit():
        raise JigaiError("upload-size", "没有说明文件的大小", "请刷新页面后重新上传")
    return _told(
        begin_upload(
            owner=request.user,
            name=request.POST.get("name", ""),
            size=int(size),
            sha256=request.POST.get("sha256", ""),
        )
    )


@requires(*CAPABILITIES, "evidence.add")
@require_http_methods(["PUT", "DELETE"])
@_answers
def piece(request: Any, pk: uuid.UUID) -> HttpResponse:
    """PUT ``?offset=…`` with the bytes as the body; DELETE gives the upload up."""
    if request.method == "DELETE":
        drop_upload(owner=request.user, upload_id=pk)
        return JsonResponse({})
    offset = request.GET.get("offset", "")
    if not offset.isdigit():
        raise OutOfStep("upload-offset", "没有说明分片的位置", "请从平台已收到的位置续传")
    upload = take_piece(
        owner=request.user, upload_id=pk, offset=int(offset), content=request.body
    )  # fmt: skip
    return _told(upload)


@requires(*CAPABILITIES, "evidence.add")
@require_POST
@_answers
def finish(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Check the whole file and keep it."""
    region = request.POST.get("region", "") or request.access.home_region
    file = finish_upload(
        owner=request.user, upload_id=pk, region_code=region[:12], source="导入"
    )  # fmt: skip
    return JsonResponse({"id": str(pk), "file": file.pk, "name": clean_name(file.name)})
