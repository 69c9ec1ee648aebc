"""Where the money stands: reconciliation of a fund, and the clock on an application's page."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from jigai.core.access import Reach, requires, scoped
from jigai.funding.applications.selectors import applications_for
from jigai.funding.models import PaymentOrder, Programme
from jigai.funding.payments.accounts import masked
from jigai.funding.payments.clock import clock_of
from jigai.funding.payments.reconcile import reconcile
from jigai.funding.payments.selectors import VIEW, orders_for
from jigai.funding.payments.words import ORDER_LOOKS

_PROGRAMME = Reach(region="region_code")
_HAPPENED = ("decided", "public", "held", "cleared", "paying", "paid", "recovering")


@requires(VIEW)
@require_safe
def reconciled(request: Any, pk: int) -> HttpResponse:
    """A fund's book against its payments, to the fen."""
    rows = scoped(Programme.objects.all(), request.access, VIEW, _PROGRAMME)
    programme = get_object_or_404(rows.select_related("book"), pk=pk)
    return render(request, "funding/payments/reconcile.html", {"found": reconcile(programme)})


@requires(VIEW)
@require_safe
def of_application(request: Any, pk: int) -> HttpResponse:
    """The part 拨付 of an application's page: the promise, the payments, what comes next."""
    rows = applications_for(request.access, VIEW).select_related("round")
    row = get_object_or_404(rows, pk=pk)
    orders = orders_for(request.access).filter(application=row).exclude(
        state=PaymentOrder.State.VOID
    ).select_related("enterprise", "account")  # fmt: skip
    lines = list(orders.order_by("id"))
    replaced = {order.replaces_id for order in lines}
    context = {
        "waits_for_account": any(
            order.state == "returned" and order.pk not in replaced for order in lines
        ),
        "row": row, "clock": clock_of(row) if row.state in _HAPPENED else None,
        "orders": [(order, ORDER_LOOKS[order.state], masked(order.account.number))
                   for order in lines],
        "line": row.request_lines.filter(state__in=("asked", "granted"))
        .select_related("request").first(),
        "step": _step(row.state),
    }  # fmt: skip
    return render(request, "funding/payments/of_application.html", context)


def _step(state: str) -> int:
    """The place in 公示—请款—送国库—到账."""
    return {"cleared": 2, "paying": 3, "paid": 5, "recovering": 5}.get(state, 1)
