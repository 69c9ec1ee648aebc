"""Checks on charges and the handling of reports."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from jigai.core.access import requires
from jigai.core.fields.shapes import Field
from jigai.core.fields.values import show_value
from jigai.core.screens import formats
from jigai.core.screens.context import region_name
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError
from jigai.registers.access import APPLY, EDIT, VIEW, covers, visible_entries
from jigai.registers.models import Entry
from jigai.registers.services.report_charge import NEXT, STATES, answer_report, report_charge
from jigai.registers.special.control_forms import HandleForm, ReportForm
from jigai.registers.special.report_links import handling_of
from jigai.registers.special.stored_charges import REPORTS, check_payments

LOOKS = {"pending": "pending", "confirmed": "warning", "unfounded": "closed", "refunded": "done"}


@requires(VIEW)
@require_GET
def check(request: Any) -> HttpResponse:
    """Payments in reach that look wrong, and reports by state."""
    found = check_payments(request.access)
    reports = [
        (row, STATES[row.values["state"]], LOOKS[row.values["state"]])
        for row in _reports(request).order_by("-id")[:100]
    ]
    context = {"found": found, "reports": reports}
    return render(request, "registers/charge_check.html", context)


def _reports(request: Any) -> Any:
    own = Entry.objects.filter(created_by=request.user)
    rows = (visible_entries(request.access) | own).filter(register__code=REPORTS, state="listed")
    return rows.select_related("register__current").defer("search")


@requires(APPLY)
@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    """An enterprise reports a charge; what it has paid and where is up to it to say."""
    data = request.POST if request.method == "POST" else None
    form = ReportForm(data, request.FILES or None)
    if data is not None and form.is_valid():
        try:
            return redirect(_send(request, form))
        except JigaiError as problem:
            form.add_error(None, f"{problem.message}。{problem.hint}")
    status = 200 if data is None else 422
    return render(request, "registers/charge_report_new.html", {"form": form}, status=status)


def _send(request: Any, form: ReportForm) -> str:
    def act() -> str:
        entry = report_charge(
            values=form.values(), by=request.user, evidence=form.cleaned_data["evidence"]
        )
        messages.success(request, f"举报已收到，回执号 {entry.values['number']}")
        return reverse("charge-report", args=[entry.pk])

    nonce = request.POST.get("nonce", "")
    return send_once(user=request.user, nonce=nonce, path=request.path, act=act)


@requires(VIEW)
@require_http_methods(["GET", "POST"])
def report(request: Any, pk: int) -> HttpResponse:
    """One report: what was said, what the list says, each step; the office answers here."""
    item: Entry = get_object_or_404(_reports(request), pk=pk)
    now = item.values["state"]
    may = request.access.can(EDIT) and covers(request.access, EDIT, item.region_code)
    handling, form = handling_of(item), None
    may = may and handling is None
    if may and NEXT[now]:
        data = request.POST if request.method == "POST" else None
        form = HandleForm(data, now=now, initial={"version": item.version})
        if data is not None and form.is_valid():
            try:
                return redirect(_answer(request, item, form.cleaned_data))
            except JigaiError as problem:
                form.add_error(None, f"{problem.message}。{problem.hint}")
    elif request.method == "POST":
        request.access.require(EDIT)
        raise JigaiError("report-step", "这件举报现在不能由您办理", "刷新页面查看状态")
    hidden = {"state", "answer", "refunded", "evidence"}
    shown = [
        (f.label, _shown(f, item.values.get(f.id)), f.type == "long")
        for f in item.register.schema.fields if f.id not in hidden
    ]  # fmt: skip
    context = {
        "item": item, "shown": shown, "form": form, "word": STATES[now], "look": LOOKS[now],
        "answer": item.values.get("answer"), "refunded": item.values.get("refunded"),
        "steps": item.life.select_related("by").order_by("effective", "id"),
        "region": region_name(item.region_code), "evidence": item.values.get("evidence"),
        "sees_evidence": request.access.can("evidence.view"), "handling": handling,
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "registers/charge_report.html", context, status=status)


def _shown(field: Field, value: Any) -> str:
    """As people read it; a charge is told to the fen."""
    if field.type == "money" and value is not None:
        return f"{formats.yuan(value)} 元"
    return show_value(field, value)


def _answer(request: Any, item: Entry, given: dict[str, Any]) -> str:
    def act() -> str:
        answer_report(
            entry=item.pk, state=given["state"], answer=given["answer"], by=request.user,
            access=request.access, refunded=given.get("refunded"), document=given["document"],
            version=given["version"],
        )  # fmt: skip
        messages.success(request, f"已登记：{STATES[given['state']]}")
        return reverse("charge-report", args=[item.pk])

    nonce = request.POST.get("nonce", "")
    return send_once(user=request.user, nonce=nonce, path=request.path, act=act)
