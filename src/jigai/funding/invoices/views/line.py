"""One invoice line: the paper, whether it counts and why, where it is counted, what was said."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jigai.core.access import requires
from jigai.errors import JigaiError
from jigai.funding.applications.selectors import applications_for
from jigai.funding.invoices.services.state_line import (
    CONFIRM,
    STATE,
    Statement,
    confirm_lease,
    state_line,
)
from jigai.funding.invoices.uses import counted_elsewhere
from jigai.funding.invoices.verdicts import rules_of, verdict_of
from jigai.funding.invoices.views.suspects import sets_for
from jigai.funding.models import InvoiceLine, SuspectSet
from jigai.funding.payments.views.shared import once
from jigai.funding.selectors import CAPABILITY, lines_for
from jigai.funding.words import STATUSES, classes, item_kinds

# Each is worked out for the page; more applications of one line are rare.
_MOST = 3
_CHOICES = [("", "没有说明"), ("yes", "是"), ("no", "否")]
_SAID = {"yes": True, "no": False, "": None}


class StatementForm(forms.Form):
    """What is said about the line."""

    second_hand = forms.ChoiceField(label="二手设备", choices=_CHOICES, required=False)
    related_party = forms.ChoiceField(
        label="关联方交易", choices=_CHOICES, required=False, help_text="销售方是本企业的关联方"
    )
    leased = forms.ChoiceField(label="融资租赁", choices=_CHOICES, required=False)
    customs_no = forms.CharField(
        label="进口报关单号",
        max_length=40,
        required=False,
        help_text="进口设备填；没有发票号码的以此区分",
    )
    serial = forms.CharField(label="设备出厂编号", max_length=80, required=False)

    def said(self) -> Statement:
        """What the service takes."""
        given = self.cleaned_data
        flags = {n: _SAID[given[n]] for n in ("second_hand", "related_party", "leased")}
        return Statement(customs_no=given["customs_no"], serial=given["serial"], **flags)


@requires(CAPABILITY)
@require_http_methods(["GET", "POST"])
def detail(request: Any, pk: int) -> HttpResponse:
    """The line; the applicant or the clerk adds what the paper does not say."""
    rows = lines_for(request.access).select_related("project", "consortium", "buyer", "same")
    row = get_object_or_404(rows, pk=pk)
    may = any(request.access.can(capability) for capability in STATE)
    lease = request.access.can(CONFIRM) and bool(row.leased)
    data = request.POST if request.method == "POST" else None
    form = StatementForm(data, initial=_initial(row)) if may else None
    if data is not None and "lease" in data:
        request.access.require(CONFIRM)
        return redirect(once(request, lambda: _lease(request, row), "租赁核定已登记"))
    if data is not None:
        if form is None:
            request.access.require(STATE[0])
        elif form.is_valid():
            try:
                return redirect(once(request, lambda: _state(request, row, form), "说明已保存"))
            except JigaiError as problem:
                form.add_error(None, str(problem))
    context = {**_context(request, row), "form": form, "lease": lease}
    status = 422 if data is not None else 200
    return render(request, "funding/invoices/line.html", context, status=status)


def _initial(row: InvoiceLine) -> dict[str, str]:
    flags = {True: "yes", False: "no", None: ""}
    return {
        "second_hand": flags[row.second_hand], "related_party": flags[row.related_party],
        "leased": flags[row.leased], "customs_no": row.customs_no, "serial": row.serial,
    }  # fmt: skip


def _state(request: Any, row: InvoiceLine, form: StatementForm) -> str:
    state_line(line=row.pk, said=form.said(), by=request.user, access=request.access)
    return reverse("invoice-detail", args=[row.pk])


def _lease(request: Any, row: InvoiceLine) -> str:
    counts = request.POST["lease"] == "yes"
    confirm_lease(line=row.pk, counts=counts, by=request.user, access=request.access)
    return reverse("invoice-detail", args=[row.pk])


def _context(request: Any, row: InvoiceLine) -> dict[str, Any]:
    access, applied = request.access, []
    if access.can("application.view"):
        mine = applications_for(access).filter(lines__line=row).distinct()
        mine = mine.exclude(state__in=("withdrawn", "refused"))
        applied = list(mine.select_related("round__pack", "measure", "enterprise")[:_MOST])
    verdicts = [v for a in applied if (v := verdict_of(a, row)) is not None]
    counted = counted_elsewhere([row.same_id]) if row.same_id else []
    near = set(
        applications_for(access).filter(pk__in=[c.application.pk for c in counted])
        .values_list("pk", flat=True)
    ) if counted and access.can("application.view") else set()  # fmt: skip
    reds = list(lines_for(access).filter(red_original=row).order_by("id"))
    for red in reds:
        red.taken = abs(red.amount_fen) if red.amount_fen is not None else None
    over = max(-row.same.left_fen, 0) if row.same else 0
    return {
        "row": row, "over": over,
        "status_name": STATUSES.get(row.status, row.status),
        "class_name": classes().get(row.item_class, row.item_class),
        "kind_name": item_kinds().get(row.item_kind, row.item_kind), "verdicts": verdicts,
        "rules": rules_of(applied[0].round) if applied else [], "applied": applied,
        "counted": [c for c in counted if c.application.pk in near],
        "hidden": sum(c.fen for c in counted if c.application.pk not in near),
        "reds": reds,
        "again": lines_for(access).filter(same=row.same_id).exclude(pk=row.pk).count()
        if row.same_id else 0,
        "suspects": _suspects(request, row),
    }  # fmt: skip


def _suspects(request: Any, row: InvoiceLine) -> list[SuspectSet]:
    if not request.access.can("funding.other"):
        return []
    return list(sets_for(request.access).filter(members__line_key=row.pk).distinct())
