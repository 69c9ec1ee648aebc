"""A look at a promise: what was promised, what was found, and what follows a broken one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jigai.cases.access import SUPERVISE, VIEW, visible_cases
from jigai.cases.models import Case, CaseRating, Commitment, FulfilmentCheck, Revocation
from jigai.cases.services.record_check import may_record, record_check
from jigai.cases.services.revoke_conclusion import revoke_conclusion
from jigai.core.access import requires
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError
from jigai.policies.addressees import reaches
from jigai.workbench.approvals.forms import CheckForm, RevokeForm
from jigai.workbench.approvals.fulfilment_list import LOOKS, STATES, state_of
from jigai.workbench.case_links.credit import may_propose, propose_credit, proposed


def _found(request: Any, pk: int) -> FulfilmentCheck:
    rows = FulfilmentCheck.objects.filter(case__in=visible_cases(request.access))
    joined = rows.select_related("case__procedure", "case__enterprise", "department", "by")
    return get_object_or_404(joined, pk=pk)


@requires(VIEW)
@require_http_methods(["GET", "POST"])
def detail(request: Any, pk: int) -> HttpResponse:
    """The check; whoever it belongs to writes down the result."""
    check = _found(request, pk)
    may = not check.result and check.case.state == Case.State.DONE
    may = may and may_record(check, request.access)
    if request.method == "POST":
        form = CheckForm(request.POST)
        if form.is_valid():
            try:
                return redirect(_once(request, lambda: _record(request, check, form.cleaned_data)))
            except JigaiError as problem:
                form.add_error(None, str(problem))
        return _page(request, check, form, None, 422)
    return _page(request, check, CheckForm() if may else None, None, 200)


def _record(request: Any, check: FulfilmentCheck, given: dict[str, Any]) -> str:
    record_check(check=check.pk, by=request.user, access=request.access, **given)
    messages.success(request, "核查结果已登记")
    return reverse("fulfilment-detail", args=[check.pk])


@requires(SUPERVISE)
@require_POST
def revoke(request: Any, pk: int) -> HttpResponse:
    """Take the conclusion back."""
    check = _found(request, pk)
    form = RevokeForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            return redirect(_once(request, lambda: _revoke(request, check, given)))
        except JigaiError as problem:
            form.add_error(None, str(problem))
    return _page(request, check, None, form, 422)


def _revoke(request: Any, check: FulfilmentCheck, given: dict[str, Any]) -> str:
    revoke_conclusion(case=check.case_id, by=request.user, access=request.access, **given)
    messages.success(request, "结论已撤销，已通知申请人")
    return reverse("fulfilment-detail", args=[check.pk])


@requires("register.edit")
@require_POST
def credit(request: Any, pk: int) -> HttpResponse:
    """Propose the credit record of a revoked conclusion."""
    if not request.access.can(VIEW):
        raise Http404
    check = _found(request, pk)

    def act() -> str:
        if proposed(check.case) is None:
            propose_credit(case=check.case, by=request.user, access=request.access)
        messages.success(request, "已提出信用记录，审核后生效")
        return reverse("fulfilment-detail", args=[check.pk])

    return redirect(_once(request, act))


def _once(request: Any, act: Callable[[], str]) -> str:
    nonce = request.POST.get("nonce", "")
    return send_once(user=request.user, nonce=nonce, path=request.path, act=act)


def _page(request: Any, check: FulfilmentCheck, form: Any, revoking: Any, status: int) -> Any:
    case, access = check.case, request.access
    others = list(case.fulfilment.exclude(pk=check.pk).select_related("case"))
    broken = check.result == "broken" or any(one.result == "broken" for one in others)
    revoked = Revocation.objects.filter(case=case).select_related("by").first()
    stands = case.state == Case.State.DONE and case.result == Case.Result.AGREED
    may_revoke = broken and stands and reaches(access, SUPERVISE, case.region_code)
    record = proposed(case) if revoked else None
    context = {
        "check": check, "case": case, "form": form,
        "look": LOOKS[state_of(check)], "word": STATES[state_of(check)],
        "commitment": Commitment.objects.filter(case=case).first(),
        "others": [(one, LOOKS[state_of(one)], STATES[state_of(one)]) for one in others],
        "revoked": revoked, "record": record,
        "revoking": revoking or (RevokeForm() if may_revoke else None),
        "may_credit": revoked and record is None and case.enterprise and may_propose(access, case),
    }  # fmt: skip
    return render(request, "workbench/approvals/fulfilment.html", context, status=status)


@requires(VIEW)
@require_GET
def part(request: Any, pk: int) -> HttpResponse:
    """What follows a case, for its page: the commitment, checks, revocation and rating."""
    case = get_object_or_404(visible_cases(request.access).select_related("release"), pk=pk)
    checks = [(one, LOOKS[state_of(one)], STATES[state_of(one)])
              for one in case.fulfilment.select_related("case")]  # fmt: skip
    context = {
        "case": case, "checks": checks,
        "commitment": Commitment.objects.filter(case=case).first(),
        "wants_commitment": bool(case.release.spec.commitment),
        "revoked": Revocation.objects.filter(case=case).first(),
        "rating": CaseRating.objects.filter(case=case).first(),
    }  # fmt: skip
    return render(request, "workbench/approvals/follow_up.html", context)
