"""One application under review: materials, opinions, doubts, both figures line by line."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from jigai.cases.models import CaseStep
from jigai.core.access import requires
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError
from jigai.funding.applications.selectors import is_applicant
from jigai.funding.elsewhere.findings import double_findings
from jigai.funding.models import Application
from jigai.funding.review.auditors import audits_now
from jigai.funding.review.forms import CorrectionForm, read_figures, read_marks
from jigai.funding.review.selectors import amounts_of, checklist, may_look, opinions_of
from jigai.funding.review.services.audit_lines import audit_lines
from jigai.funding.review.services.check_evidence import check_evidence
from jigai.funding.review.services.correct_application import ask_correction
from jigai.funding.review.views.listing import LOOKS
from jigai.funding.review.words import AUDITS, FORMAL, REVIEW, VIEW
from jigai.policies.addressees import reaches
from jigai.policies.words import VERDICT_CODES, VERDICT_WORDS

# More lines than this are looked at in the workbook.
MOST_LINES = 1000


def _application(request: Any, pk: int) -> Application:
    rows = Application.objects.select_related(
        "round__programme", "measure", "enterprise", "project", "consortium", "case__procedure",
        "decision",
    )  # fmt: skip
    row = rows.filter(pk=pk).first()
    if row is None or not may_look(row, request.access):
        raise Http404
    return row


@requires(VIEW, AUDITS)
@require_GET
def application(request: Any, pk: int) -> HttpResponse:
    """The page; an applicant is sent to the own one."""
    own = Application.objects.filter(pk=pk).first()
    if own is not None and request.access.can(VIEW) and is_applicant(request.access, own):
        return redirect("application-detail", pk=pk)
    return _page(request, _application(request, pk), 200)


def _page(
    request: Any, row: Application, status: int, problem: JigaiError | None = None,
    form: CorrectionForm | None = None,
) -> HttpResponse:  # fmt: skip
    reviews = reaches(request.access, REVIEW, row.region_code)
    audits = audits_now(row, request.access)
    lines = list(
        row.lines.select_related("line", "audited_by").order_by("id")[: MOST_LINES + 1]
    )  # fmt: skip
    for line in lines:
        line.typed = request.POST.get(f"fen:{line.pk}", "") if problem else ""
        line.said = request.POST.get(f"reason:{line.pk}", "") if problem else line.audit_reason
    verdict = row.decision.verdict if row.decision else None
    context = {
        "row": row, "look": LOOKS.get(row.state, "info"), "amounts": amounts_of(row),
        "cut": _less(row.claimed_fen, row.audited_fen),
        "gap": _less(row.computed_fen, row.reviewed_fen),
        "verdict": (VERDICT_CODES[verdict], VERDICT_WORDS[verdict]) if verdict else None,
        "reasons": row.decision.reasons if row.decision else [],
        "items": checklist(row), "opinions": opinions_of(row),
        "findings": double_findings(row) if request.access.can(VIEW) else [],
        "lines": lines[:MOST_LINES], "more": len(lines) > MOST_LINES,
        "audits": audits, "may_check": reviews and row.state in ("submitted", "review"),
        "may_correct": reviews and _corrects(row), "form": form or CorrectionForm(),
        "problem": problem, "sees_all": request.access.can(VIEW),
        "sees_trace": request.access.can("evaluation.view"),
        "sees_round": reviews, "sees_gates": request.access.can("gate.view"),
    }  # fmt: skip
    return render(request, "funding/review/application.html", context, status=status)


def _less(before: int | None, now: int | None) -> int | None:
    return None if before is None or now is None else before - now


def _corrects(row: Application) -> bool:
    """Whether 补正 is the next thing: the formal check is being done."""
    if row.case_id is None or row.state != "submitted":
        return False
    return CaseStep.objects.filter(case=row.case_id, code=FORMAL, state="active").exists()


@requires(REVIEW)
@require_POST
def evidence(request: Any, pk: int) -> HttpResponse:
    """Keep what was found of each item."""
    row = _application(request, pk)

    def act() -> str:
        changed = check_evidence(application=row, marks=read_marks(request.POST), by=request.user)
        messages.success(request, f"已保存，{changed} 项有变化")
        return reverse("review-application", args=[row.pk]) + "#evidence"

    return _once(request, row, act)


@requires(REVIEW)
@require_POST
def correct(request: Any, pk: int) -> HttpResponse:
    """Send what was found insufficient to the applicant."""
    row, form = _application(request, pk), CorrectionForm(request.POST)
    if not form.is_valid():
        return _page(request, row, 422, form=form)
    given = form.cleaned_data

    def act() -> str:
        ask_correction(
            application=row, by=request.user, access=request.access, reason=given["reason"],
            days=given["days"],
        )  # fmt: skip
        messages.success(request, "补正通知已发给申请人")
        return reverse("review-application", args=[row.pk])

    return _once(request, row, act, form)


@requires(AUDITS)
@require_POST
def audit(request: Any, pk: int) -> HttpResponse:
    """Keep the auditor's figures."""
    row = _application(request, pk)

    def act() -> str:
        figures = read_figures(request.POST, row)
        changed = audit_lines(application=row, figures=figures, by=request.user)
        messages.success(request, f"已保存，{changed} 行有变化")
        return reverse("review-application", args=[row.pk]) + "#lines"

    return _once(request, row, act)


def _once(
    request: Any, row: Application, act: Any, form: CorrectionForm | None = None
) -> HttpResponse:
    nonce = request.POST.get("nonce", "")
    try:
        url = send_once(user=request.user, nonce=nonce, path=request.path, act=act)
    except JigaiError as problem:
        return _page(request, row, 422, problem, form)
    return redirect(url)
