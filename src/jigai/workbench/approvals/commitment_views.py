"""承诺书: read, signed by the applicant before handing in, shown with its hash afterwards."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jigai.cases.access import APPLY, HANDLE, VIEW, desk_of, relations_of, visible_cases
from jigai.cases.models import Case, Commitment
from jigai.cases.services.sign_commitment import commitment_text, sign_commitment
from jigai.core.access import requires
from jigai.core.services.send_once import send_once


@requires(VIEW, HANDLE, APPLY)
@require_http_methods(["GET", "POST"])
def commitment(request: Any, number: str) -> HttpResponse:
    """The text to sign, or as it was signed."""
    rows = visible_cases(request.access).select_related("release", "procedure", "enterprise")
    case = get_object_or_404(rows, number=number)
    if not case.release.spec.commitment:
        raise Http404
    if request.method == "POST":

        def act() -> str:
            sign_commitment(case=case.pk, by=request.user, access=request.access)
            messages.success(request, "承诺书已签署，可以提交了")
            return reverse("case-commitment", args=[case.number])

        nonce = request.POST.get("nonce", "")
        return redirect(send_once(user=request.user, nonce=nonce, path=request.path, act=act))
    held = Commitment.objects.filter(case=case).first()
    relations = relations_of(case, request.access, list(case.tasks.all()), desk_of(request.access))
    may = held is None and case.state == Case.State.DRAFT and "applicant" in relations
    context = {"case": case, "commitment": held, "may_sign": may,
               "text": held.text if held else commitment_text(case)}  # fmt: skip
    return render(request, "workbench/approvals/commitment.html", context)
