"""A person proposes a recovery for a paid application, or lets the platform work it out anew."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from jigai.core.access import requires
from jigai.errors import JigaiError
from jigai.funding.applications.selectors import applications_for
from jigai.funding.models import Application
from jigai.funding.payments.views.shared import once
from jigai.funding.recovery.access import MANAGE
from jigai.funding.recovery.forms import ProposeForm
from jigai.funding.recovery.services.check_paid import check_paid
from jigai.funding.recovery.services.open_recovery import open_recovery


def _application(request: Any, pk: int) -> Application:
    rows = applications_for(request.access, MANAGE).select_related("enterprise", "round")
    return get_object_or_404(rows, pk=pk)


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def new(request: Any, pk: int) -> HttpResponse:
    """Propose a recovery for an application."""
    application = _application(request, pk)
    data = request.POST if request.method == "POST" else None
    form = ProposeForm(data)
    if data is not None and form.is_valid():
        try:
            return redirect(
                once(request, lambda: _propose(request, application, form.cleaned_data),
                     "追回已提出，请另一人核定")
            )  # fmt: skip
        except JigaiError as problem:
            form.add_error(None, str(problem))
    context = {
        "application": application, "form": form,
        "recoveries": application.recoveries.order_by("id"),
        "paid": application.state in ("paid", "recovering"),
    }  # fmt: skip
    status = 422 if data is not None else 200
    return render(request, "funding/recovery/new.html", context, status=status)


def _propose(request: Any, application: Application, given: dict[str, Any]) -> str:
    row = open_recovery(
        application=application, reason=given["reason"], text=given["text"],
        trigger=f"person:{application.pk}:{request.POST.get('nonce', '')}"[:80],
        amount_fen=given["amount"], basis={"paid": application.paid_fen}, by=request.user,
    )  # fmt: skip
    return reverse("recovery-detail", args=[row.pk])


@requires(MANAGE)
@require_POST
def recheck(request: Any, pk: int) -> HttpResponse:
    """Work one paid application out on the papers of today."""
    application = _application(request, pk)
    found = check_paid(application=application, by=None)
    if found is None:
        messages.info(request, "按现有发票和其他资金重算，没有新的应收回金额")
        return redirect("recovery-new", application.pk)
    messages.success(request, f"重算后应收回，已提出 {found.number}")
    return redirect("recovery-detail", found.pk)
