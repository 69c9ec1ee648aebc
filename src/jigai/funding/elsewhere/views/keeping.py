"""Registering public money from elsewhere, and one entry of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jigai.core.access import requires
from jigai.core.screens.formats import yuan
from jigai.errors import JigaiError
from jigai.funding.elsewhere.access import KEEP, VIEW, firms_for, funding_for
from jigai.funding.elsewhere.forms import FundingForm, MoveForm
from jigai.funding.elsewhere.matching import chances_of
from jigai.funding.elsewhere.services.keep_funding import (
    add_funding,
    change_funding,
    move_funding,
)
from jigai.funding.elsewhere.services.write_back import touched
from jigai.funding.elsewhere.words import FOLLOWING, KINDS, LEVELS, LOOKS
from jigai.funding.models import OtherFunding
from jigai.funding.payments.views.shared import kept, once

_PREFILLED = ("enterprise", "programme", "document", "level")


@requires(KEEP)
@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    """Register; ``?enterprise=`` shows what it could seek from above."""
    firms = firms_for(request.access)
    data = request.POST if request.method == "POST" else None
    initial = {name: request.GET[name] for name in _PREFILLED if name in request.GET}
    form = FundingForm(data, request.FILES or None, firms=firms, initial=initial)
    if data is not None and form.is_valid():
        try:
            return redirect(once(request, lambda: _add(request, form), "已登记"))
        except JigaiError as problem:
            form.add_error(None, str(problem))
    chosen = initial.get("enterprise", "").strip()
    firm = (firms.filter(uscc=chosen) | firms.filter(name=chosen)).first() if chosen else None
    context = {
        "form": form, "firm": firm, "levels": LEVELS,
        "chances": chances_of(firm) if firm is not None else [],
    }  # fmt: skip
    status = 422 if data is not None else 200
    return render(request, "funding/elsewhere/new.html", context, status=status)


def _add(request: Any, form: FundingForm) -> str:
    firm = form.cleaned_data["enterprise"]
    row = add_funding(
        enterprise=firm, project=form.cleaned_data["project"], given=form.stated(),
        by=request.user, access=request.access,
        evidence=kept(request, firm.region_code, "其他财政资金证明", enterprise=firm),
    )  # fmt: skip
    return reverse("other-funding-detail", args=[row.pk])


@requires(VIEW)
@require_http_methods(["GET", "POST"])
def detail(request: Any, pk: int) -> HttpResponse:
    """One entry; whoever keeps the register takes it further here."""
    rows = funding_for(request.access).select_related("enterprise", "project", "evidence")
    row = get_object_or_404(rows, pk=pk)
    may = request.access.can(KEEP) and bool(FOLLOWING[row.state])
    data = request.POST if request.method == "POST" else None
    form = MoveForm(data, state=row.state) if may else None
    if data is not None:
        request.access.require(KEEP)
        if form is None:
            raise JigaiError("funding-state", "这一条已经办结", "刷新页面查看现在的状态")
        if form.is_valid():
            try:
                return redirect(once(request, lambda: _move(request, row, form), "状态已更新"))
            except JigaiError as problem:
                form.add_error(None, str(problem))
    context = {
        "row": row, "form": form, "look": LOOKS[row.state], "kind": KINDS.get(row.kind, row.kind),
        "level": LEVELS.get(row.level, row.level), "may": request.access.can(KEEP),
        "touched": _touched(request, row),
    }  # fmt: skip
    status = 422 if data is not None else 200
    return render(request, "funding/elsewhere/detail.html", context, status=status)


def _touched(request: Any, row: OtherFunding) -> list[Any]:
    """Applications of the entry's own region that it bears on."""
    if not request.access.can("application.view"):
        return []
    rows = touched(row).filter(region_code=row.region_code, enterprise=row.enterprise_id)
    return list(rows.order_by("-id")[:20])


def _move(request: Any, row: OtherFunding, form: MoveForm) -> str:
    given = form.cleaned_data
    move_funding(
        funding=row.pk, seen=int(request.POST.get("seen", "0") or 0), to=given["to"],
        on=given["on"], amount_fen=given["amount"], by=request.user, access=request.access,
    )  # fmt: skip
    return reverse("other-funding-detail", args=[row.pk])


@requires(KEEP)
@require_http_methods(["GET", "POST"])
def edit(request: Any, pk: int) -> HttpResponse:
    """Correct an entry; the enterprise stays."""
    rows = funding_for(request.access, KEEP).select_related("enterprise", "project")
    row = get_object_or_404(rows, pk=pk)
    data = None
    if request.method == "POST":
        data = request.POST.copy()
        data["enterprise"] = row.enterprise.uscc or row.enterprise.name
    form = FundingForm(
        data, request.FILES or None, firms=firms_for(request.access), initial=_initial(row)
    )
    form.fields["enterprise"].disabled = data is None
    if data is not None and form.is_valid():
        try:
            return redirect(once(request, lambda: _change(request, row, form), "已保存"))
        except JigaiError as problem:
            form.add_error(None, str(problem))
    context = {"form": form, "row": row, "seen": request.POST.get("seen", row.version)}
    status = 422 if data is not None else 200
    return render(request, "funding/elsewhere/edit.html", context, status=status)


def _change(request: Any, row: OtherFunding, form: FundingForm) -> str:
    change_funding(
        funding=row.pk, seen=int(request.POST.get("seen", "0") or 0), given=form.stated(),
        project=form.cleaned_data["project"], by=request.user, access=request.access,
        evidence=kept(request, row.region_code, "其他财政资金证明", enterprise=row.enterprise),
    )  # fmt: skip
    return reverse("other-funding-detail", args=[row.pk])


def _initial(row: OtherFunding) -> dict[str, Any]:
    project = row.project
    return {
        "enterprise": row.enterprise.uscc or row.enterprise.name,
        "project": (project.code or project.name) if project else "",
        "programme": row.programme, "kind": row.kind, "level": row.level, "year": row.year,
        "amount": "" if row.amount_fen is None else f"{yuan(row.amount_fen)}元",
        "document": row.document, "invoices": "\n".join(row.invoices),
        "serials": "\n".join(row.serials), "source": row.source,
    }  # fmt: skip
