"""Accounts: give one, look at one, compare it with its proof."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from jigai.core.access import Access, requires
from jigai.core.evidence.serve import serve_evidence
from jigai.core.models import Enterprise
from jigai.core.services.log_access import log_access
from jigai.errors import JigaiError
from jigai.funding.models import BankAccount
from jigai.funding.payments.accounts import grouped, masked
from jigai.funding.payments.forms import AccountForm, VerifyForm
from jigai.funding.payments.selectors import GIVE, MAKE, VERIFY, accounts_for
from jigai.funding.payments.services.give_account import give_account
from jigai.funding.payments.services.verify_account import verify_account
from jigai.funding.payments.views.shared import kept, once
from jigai.funding.payments.words import ACCOUNT_LOOKS

_ANY = (GIVE, VERIFY, MAKE)


def _own(access: Access) -> Enterprise:
    keys = [grant.enterprise_id for grant in access.granting(GIVE) if grant.enterprise_id]
    if not keys:
        raise Http404("acts for no enterprise")
    return get_object_or_404(Enterprise, pk=keys[0])


@requires(GIVE)
@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    """An enterprise gives its account."""
    firm = _own(request.access)
    data = request.POST if request.method == "POST" else None
    form = AccountForm(data, request.FILES or None, initial={"holder": firm.name})
    if data is not None and form.is_valid():
        try:
            return redirect(once(request, lambda: _give(request, firm, form.cleaned_data),
                                 "账户已提交，核对后生效"))  # fmt: skip
        except JigaiError as problem:
            form.add_error(None, str(problem))
    context = {
        "form": form, "firm": firm,
        "standing": BankAccount.objects.filter(enterprise=firm, state="verified").first(),
    }  # fmt: skip
    status = 422 if data is not None else 200
    return render(request, "funding/payments/account_new.html", context, status=status)


def _give(request: Any, firm: Enterprise, given: dict[str, Any]) -> str:
    row = give_account(
        enterprise=firm, holder=given["holder"], bank=given["bank"], number=given["number"],
        branch_no=given["branch_no"], by=request.user, access=request.access,
        evidence=kept(request, firm.region_code, "收款账户证明", enterprise=firm),
    )  # fmt: skip
    return reverse("account-detail", args=[row.pk])


@requires(*_ANY)
@require_http_methods(["GET", "POST"])
def detail(request: Any, pk: int) -> HttpResponse:
    """One account; whoever may verify answers here. Who sees the number is put on record."""
    rows = accounts_for(request.access).select_related("enterprise", "proposed_by", "verified_by")
    row = get_object_or_404(rows, pk=pk)
    access = request.access
    may = access.can(VERIFY) and row.state == "proposed" and row.proposed_by_id != request.user.pk
    data = request.POST if request.method == "POST" else None
    form = VerifyForm(data) if may else None
    if data is not None:
        access.require(VERIFY)
        if form is None:
            raise JigaiError("account-state", "这个账户现在不能由您核对", "刷新页面查看状态")
        if form.is_valid():
            try:
                return redirect(once(request, lambda: _verify(request, row, form.cleaned_data),
                                     "核对结果已登记"))  # fmt: skip
            except JigaiError as problem:
                form.add_error(None, str(problem))
    context = {
        "row": row, "look": ACCOUNT_LOOKS[row.state], "form": form, "number": _number(request, row),
        "proof": row.evidence_id,
    }  # fmt: skip
    status = 422 if data is not None else 200
    return render(request, "funding/payments/account.html", context, status=status)


def _verify(request: Any, row: BankAccount, given: dict[str, Any]) -> str:
    verify_account(
        account=row.pk,
        agrees=given["agrees"] == "yes",
        note=given["note"],
        by=request.user,
        access=request.access,
    )
    return reverse("account-detail", args=[row.pk])


def _number(request: Any, row: BankAccount) -> str:
    """In full only for who compares, pays, or gave it; each look is logged but the owner's."""
    access = request.access
    own = any(g.enterprise_id == row.enterprise_id for g in access.granting(GIVE))
    if not (own or access.can(VERIFY) or access.can(MAKE)):
        return masked(row.number)
    log_access(
        request=request, action="view", kind="bank-account", key=row.pk,
        label=f"{row.enterprise} {masked(row.number)}", enterprise_id=row.enterprise_id,
    )  # fmt: skip
    return grouped(row.number)


@requires(*_ANY)
@require_safe
def proof(request: Any, pk: int) -> HttpResponse:
    """The paper an account was given with."""
    row = get_object_or_404(accounts_for(request.access).select_related("evidence"), pk=pk)
    if row.evidence is None:
        raise Http404("no proof")
    return serve_evidence(request, row.evidence)
