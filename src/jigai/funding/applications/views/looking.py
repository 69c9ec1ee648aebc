"""The page of an application for both sides, and its files."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_GET

from jigai.core.access import Access, requires
from jigai.core.evidence.serve import serve_evidence
from jigai.core.models import EvidenceFile
from jigai.core.platform_calendar import platform_calendar
from jigai.core.screens.detail_parts import parts_of
from jigai.core.services.log_access import log_access
from jigai.funding.applications.amounts import amounts_of
from jigai.funding.applications.clock import clock_of
from jigai.funding.applications.editing import asked_sections
from jigai.funding.applications.pool import lines_shown
from jigai.funding.applications.selectors import applications_for, is_applicant, seen_by
from jigai.funding.applications.services.fill_form import words_of
from jigai.funding.applications.states import FILLING, WITHDRAWABLE
from jigai.funding.applications.timeline import timeline_of
from jigai.funding.applications.views.filling import materials_of
from jigai.funding.models import Application

SEES = ("application.view", "application.apply")
RECOVER = "recovery.manage"
PAID = (Application.State.PAID, Application.State.RECOVERING)
MOST_LINES = 500


def seen(request: Any, pk: int) -> Application:
    """The application, if this person may open its page; else 404."""
    rows = seen_by(request.access).select_related(
        "round__pack", "round__programme", "measure", "enterprise", "project", "consortium",
        "decision", "case", "submitted_by",
    )  # fmt: skip
    return get_object_or_404(rows.defer("round__pack__files"), pk=pk)


def may_recover(access: Access, row: Application) -> bool:
    """Whether this person may ask for money of it back: it was paid and is in their reach."""
    if row.state not in PAID or not access.can(RECOVER):
        return False
    return applications_for(access, RECOVER).filter(pk=row.pk).exists()


@requires(*SEES)
@require_GET
def detail(request: Any, pk: int) -> HttpResponse:
    """Where it stands: amounts, promise, lines with both figures, materials, course."""
    row = seen(request, pk)
    applicant = is_applicant(request.access, row)
    if not applicant:
        log_access(request=request, action="查看申报", kind="application", key=row.pk,
                   label=row.title, enterprise_id=row.enterprise_id)  # fmt: skip
    lines = list(lines_shown(row)[: MOST_LINES + 1])
    context = {
        "row": row, "applicant": applicant, "amounts": amounts_of(row),
        "clock": clock_of(row, platform_calendar(), timezone.localdate()),
        "values": words_of(row),
        "lines": lines[:MOST_LINES], "more": len(lines) > MOST_LINES,
        "materials": materials_of(row), "course": timeline_of(row, applicant),
        "signatures": row.signatures.select_related("enterprise", "member"),
        "asked": asked_sections(row), "filling": row.state in FILLING,
        "may_withdraw": applicant and row.state in WITHDRAWABLE,
        "may_trace": request.access.can("evaluation.view"),
        "may_recover": may_recover(request.access, row),
        "parts": list(parts_of("application", pk, request.access)),
    }  # fmt: skip
    return render(request, "funding/applications/detail.html", context)


@requires(*SEES)
@require_GET
def file(request: Any, pk: int, file: int) -> HttpResponse:
    """One of its files; the download is logged."""
    row = seen(request, pk)
    if file not in {key for held in row.evidence.values() for key in held}:
        raise Http404
    return serve_evidence(request, get_object_or_404(EvidenceFile, pk=file))


URLS = [
    path("applications/<int:pk>/", detail, name="application-detail"),
    path("applications/<int:pk>/files/<int:file>/", file, name="application-file"),
]
