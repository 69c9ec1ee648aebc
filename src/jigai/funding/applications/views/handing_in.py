"""Preview, hand-in, receipt, withdrawal, and the answer to a 补正."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jigai.core.access import Denied, requires
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError
from jigai.funding.applications.amounts import outlook_of
from jigai.funding.applications.checks import problems_of
from jigai.funding.applications.editing import asked_sections
from jigai.funding.applications.pool import lines_shown
from jigai.funding.applications.prefill import held_values
from jigai.funding.applications.receipt import receipt_of
from jigai.funding.applications.selectors import APPLY
from jigai.funding.applications.services.correct_sections import changes_since, correct_sections
from jigai.funding.applications.services.fill_form import words_of
from jigai.funding.applications.services.sign_agreement import open_signing, reopen_draft
from jigai.funding.applications.services.submit_application import submit_application
from jigai.funding.applications.services.withdraw_application import withdraw_application
from jigai.funding.applications.states import FILLING
from jigai.funding.applications.views.filling import materials_of, own
from jigai.funding.compute.estimate import estimate
from jigai.funding.models import Application


@requires(APPLY)
@require_http_methods(["GET", "POST"])
def preview(request: Any, pk: int) -> HttpResponse:
    """Everything as it will be handed in, with what was found; the button hands it in."""
    row = own(request, pk)
    if row.state not in (*FILLING, Application.State.CORRECTION):
        # A second click belongs to the receipt of the first.
        return redirect("application-receipt" if row.receipt else "application-detail", pk)
    if request.method == "GET":
        return _look(request, row, None, 200)
    try:
        url = send_once(user=request.user, nonce=request.POST.get("nonce", ""), path=request.path,
                        act=lambda: _hand_in(request, row))  # fmt: skip
    except Denied:
        raise
    except JigaiError as problem:
        return _look(request, own(request, pk), problem, 422)
    return redirect(url)


def _hand_in(request: Any, row: Application) -> str:
    if row.state == Application.State.CORRECTION:
        changed = correct_sections(application=row.pk, by=request.user, access=request.access)
        messages.success(request, f"补正已提交，改动 {len(changed)} 处")
        return reverse("application-detail", args=[row.pk])
    seen = request.POST.get("seen", "")
    submit_application(application=row.pk, by=request.user, access=request.access,
                       seen=int(seen) if seen.isdigit() else None)  # fmt: skip
    return reverse("application-receipt", args=[row.pk])


def _look(request: Any, row: Application, problem: JigaiError | None, status: int) -> HttpResponse:
    found = estimate(row)
    problems = problems_of(row, found)
    correcting = row.state == Application.State.CORRECTION
    if correcting:
        problems = [p for p in problems if p.part != "申报数量"]
    context = {
        "row": row, "problem": problem, "problems": problems,
        "outlook": outlook_of(found, row.measure.code),
        "stopped": any(p.blocking for p in problems), "held": held_values(row),
        "values": words_of(row),
        "lines": lines_shown(row), "materials": materials_of(row), "correcting": correcting,
        "changed": changes_since(row) if correcting else {}, "asked": asked_sections(row),
        "pack": row.round.pack.slug,
    }  # fmt: skip
    return render(request, "funding/applications/preview.html", context, status=status)


@requires(APPLY)
@require_GET
def receipt(request: Any, pk: int) -> HttpResponse:
    """回执: what was handed in when by whom, its hash, and whether that is still so."""
    row = own(request, pk)
    steps = row.steps.filter(data__has_key="receipt").select_related("by").order_by("-id")
    rows = [(step, _again(step.data) == step.data["receipt"]) for step in steps]
    if not rows:
        raise Http404
    return render(request, "funding/applications/receipt.html", {"row": row, "rows": rows})


def _again(data: dict[str, Any]) -> str:
    """The receipt computed anew from what was kept."""
    moment = parse_datetime(data["at"])
    return receipt_of(data["content"], moment, data["by"]) if moment else ""


@requires(APPLY)
@require_POST
def withdraw(request: Any, pk: int) -> HttpResponse:
    """Take the application back."""
    row = own(request, pk)

    def act() -> str:
        withdraw_application(application=row.pk, reason=request.POST.get("reason", ""),
                             by=request.user, access=request.access)  # fmt: skip
        messages.success(request, "已撤回，发票和名额已经退还")
        return reverse("application-detail", args=[pk])

    return _once(request, act)


@requires(APPLY)
@require_POST
def signing(request: Any, pk: int) -> HttpResponse:
    """Put the agreement up for signing, or take it back to change the application."""
    row = own(request, pk)

    def act() -> str:
        back = request.POST.get("do") == "back"
        verb = reopen_draft if back else open_signing
        verb(application=row.pk, by=request.user, access=request.access)
        messages.success(request, "已撤回签署，可以继续修改" if back else "已交成员签署")
        return reverse("application-form" if back else "agreement-detail", args=[pk])

    return _once(request, act)


def _once(request: Any, act: Any) -> HttpResponse:
    nonce = request.POST.get("nonce", "")
    return redirect(send_once(user=request.user, nonce=nonce, path=request.path, act=act))


URLS = [
    path("applications/<int:pk>/preview/", preview, name="application-preview"),
    path("applications/<int:pk>/receipt/", receipt, name="application-receipt"),
    path("applications/<int:pk>/withdraw/", withdraw, name="application-withdraw"),
    path("applications/<int:pk>/signing/", signing, name="application-signing"),
]
