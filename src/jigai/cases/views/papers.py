"""A notice of a case on screen and on paper, its issue, and the file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from jigai.cases.access import APPLY, HANDLE, VIEW
from jigai.cases.papers import OBJECT, kinds, letter_of, may_issue
from jigai.cases.services.issue_paper import issue_paper, organ_of
from jigai.cases.viewer import Viewer
from jigai.cases.views.case_pages import seen
from jigai.core.access import Denied, requires
from jigai.core.documents import document_page, documents_of, draft_page
from jigai.core.documents.context import chinese_day
from jigai.core.evidence.serve import serve_evidence
from jigai.core.models import IssuedDocument
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError


@requires(VIEW, HANDLE, APPLY)
@require_http_methods(["GET", "POST"])
def paper(request: Any, number: str, kind: str) -> HttpResponse:
    """One notice: ``?copy=`` a copy that was issued, else what would be issued now. POST issues it.

    The applicant sees what was issued, never a draft.
    """
    view = seen(request, number)
    if kind not in kinds():
        raise Http404
    if request.method == "POST":
        return _issue(request, view, kind)
    issued = _issued(view, kind)
    wanted = request.GET.get("copy", "")
    chosen = next((row for row in issued if str(row.pk) == wanted), None)
    if wanted and chosen is None:
        raise Http404
    if chosen is None and not may_issue(view):
        chosen = issued[0] if issued else None
        if chosen is None:
            raise Http404
    return _page(request, view, kind, issued, chosen)


def _issued(view: Viewer, kind: str) -> list[IssuedDocument]:
    """With their content, which the page prints."""
    keys = documents_of(OBJECT, view.case.pk).filter(kind=f"case-{kind}").values("pk")
    return list(IssuedDocument.objects.filter(pk__in=keys).select_related("file", "issued_by"))


def _page(
    request: Any, view: Viewer, kind: str, issued: list[IssuedDocument],
    chosen: IssuedDocument | None, problem: JigaiError | None = None,
) -> HttpResponse:  # fmt: skip
    title, page = kinds()[kind]["title"], None
    if chosen is not None:
        page = document_page(chosen)
    elif problem is None:
        try:
            context = letter_of(view, kind, organ_of(view))
            page = draft_page(title=title, context=context,
                              date=chinese_day(timezone.localdate()))  # fmt: skip
        except JigaiError as error:
            problem = error
    context = {
        "view": view, "case": view.case, "kind": kind, "title": title, "letter": page,
        "chosen": chosen, "issued": issued, "may_issue": may_issue(view), "problem": problem,
    }  # fmt: skip
    status = 422 if problem is not None and request.method == "POST" else 200
    return render(request, "cases/paper.html", context, status=status)


def _issue(request: Any, view: Viewer, kind: str) -> HttpResponse:
    case = view.case

    def once() -> str:
        row = issue_paper(case=case.pk, kind=kind, by=request.user, access=request.access)
        messages.success(request, f"已出具{row}")
        return reverse("case-paper", args=[case.number, kind]) + f"?copy={row.pk}"

    nonce = request.POST.get("nonce", "")
    try:
        url = send_once(user=request.user, nonce=nonce, path=request.path, act=once)
    except Denied:
        raise
    except JigaiError as problem:
        return _page(request, view, kind, _issued(view, kind), None, problem)
    return redirect(url)


@requires(VIEW, HANDLE, APPLY)
@require_GET
def paper_file(request: Any, number: str, kind: str, pk: int) -> FileResponse:
    """The Word file of a copy that was issued."""
    view = seen(request, number)
    found = next((row for row in _issued(view, kind) if row.pk == pk), None)
    if found is None:
        raise Http404
    return serve_evidence(request, found.file)


URLS = [
    path("cases/<str:number>/papers/<slug:kind>/", paper, name="case-paper"),
    path("cases/<str:number>/papers/<slug:kind>/<int:pk>/", paper_file, name="case-paper-file"),
]
