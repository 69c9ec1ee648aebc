"""办理评价: the applicant's page and what all of them say, without pointing at anybody."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from jigai.cases.access import APPLY, HANDLE, VIEW, desk_of, relations_of, visible_cases
from jigai.cases.models import CaseRating
from jigai.cases.services.rate_case import OVER, rate_case
from jigai.core.access import requires
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError
from jigai.workbench.approvals.figures import SMALLEST, ratings, to_be_rated
from jigai.workbench.approvals.forms import RatingForm


@requires(VIEW, HANDLE, APPLY)
@require_http_methods(["GET", "POST"])
def rate(request: Any, number: str) -> HttpResponse:
    """Rate once; everybody who may see the case sees the rating."""
    rows = visible_cases(request.access).select_related("procedure")
    case = get_object_or_404(rows, number=number)
    if case.state not in OVER:
        raise Http404
    held = CaseRating.objects.filter(case=case).first()
    relations = relations_of(case, request.access, [], desk_of(request.access))
    may = held is None and "applicant" in relations
    form = RatingForm(request.POST or None) if may else None
    if request.method == "POST" and form is None:
        return redirect("case-rate", case.number)
    if form is not None and form.is_valid():
        try:
            return redirect(_rate(request, case, form.cleaned_data))
        except JigaiError as problem:
            form.add_error(None, str(problem))
    status = 422 if request.method == "POST" else 200
    context = {"case": case, "rating": held, "form": form}
    return render(request, "workbench/approvals/rate.html", context, status=status)


def _rate(request: Any, case: Any, given: dict[str, Any]) -> str:
    def act() -> str:
        rate_case(case=case.pk, by=request.user, access=request.access, **given)
        messages.success(request, "谢谢，评价已登记")
        return str(request.path)

    nonce = request.POST.get("nonce", "")
    return send_once(user=request.user, nonce=nonce, path=request.path, act=act)


@requires(VIEW, APPLY)
@require_GET
def statistics(request: Any) -> HttpResponse:
    """By procedure and department; small groups say nothing. Applicants see what waits for them."""
    groups, shown = ratings(request.access)
    context = {"groups": groups, "shown": shown, "smallest": SMALLEST,
               "waiting": to_be_rated(request.access)}  # fmt: skip
    return render(request, "workbench/approvals/ratings.html", context)
