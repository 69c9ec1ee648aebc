"""文书查验: whether a paper in hand was issued here, for everybody who has its code."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from jigai.core.access import public
from jigai.core.documents.codes import read_code
from jigai.core.documents.selectors import find_document

_WHY = "拿到文书的人不登录也要能核对真伪；只显示出具时定下的公开摘要"


@public(_WHY)
@require_safe
def check_form(request: Any) -> HttpResponse:
    """A field for the code; a code that was typed leads to its page."""
    typed = request.GET.get("code", "")[:100].strip()
    if code := read_code(typed):
        return redirect("document-check", code=code)
    context = {"typed": typed, "wrong": bool(typed)}
    return _private(render(request, "core/documents/check.html", context, status=_status(typed)))


@public(_WHY)
@require_safe
def check_result(request: Any, code: str) -> HttpResponse:
    """What the paper says, or that there is none with this code."""
    document = find_document(code)
    if document is None:
        context = {"typed": code[:40]}
        return _private(render(request, "core/documents/unknown.html", context, status=404))
    return _private(render(request, "core/documents/checked.html", {"document": document}))


def _status(typed: str) -> int:
    return 422 if typed else 200


def _private(response: HttpResponse) -> HttpResponse:
    """Neither kept by a browser in between (a paper may be revoked) nor listed by search sites."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
