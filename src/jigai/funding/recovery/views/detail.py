"""One recovery: why, how much, what came back, and what one may do about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jigai.core.access import requires
from jigai.core.screens.formats import yuan
from jigai.errors import JigaiError
from jigai.funding.models import Recovery
from jigai.funding.payments.views.shared import once
from jigai.funding.recovery.access import CONFIRM, MANAGE, VIEW, recoveries_for
from jigai.funding.recovery.forms import ConfirmForm, DropForm, RepayForm
from jigai.funding.recovery.interest import words_of
from jigai.funding.recovery.services.agree_recovery import agree_recovery
from jigai.funding.recovery.services.book_repayment import book_repayment
from jigai.funding.recovery.services.confirm_recovery import confirm_recovery, drop_recovery
from jigai.funding.recovery.views.listing import LOOKS, amount_word

_TERM = 30
_TOLD = {
    "confirm": "追回已核定，并已通知企业", "drop": "已登记不予追回", "agree": "退款协议已出具",
    "repay": "收回已登记",
}  # fmt: skip


@requires(VIEW, CONFIRM)
@require_http_methods(["GET", "POST"])
def detail(request: Any, pk: int) -> HttpResponse:
    """What stands, and the forms of the person's own duties."""
    view = VIEW if request.access.can(VIEW) else CONFIRM
    rows = recoveries_for(request.access, view).select_related(
        "application__round", "enterprise", "opened_by", "confirmed_by", "agreement"
    )
    row = get_object_or_404(rows, pk=pk)
    offered = _offered(request, row)
    deed = request.POST.get("deed", "")
    if request.method == "POST":
        if deed not in offered:
            raise JigaiError("recovery-state", "这一步现在不能由您办理", "刷新页面查看现在的状态")
        form = offered[deed]
        if form is None or form.is_valid():
            try:
                return redirect(once(request, lambda: _act(request, row, deed, form), _TOLD[deed]))
            except JigaiError as problem:
                if form is None:
                    raise
                form.add_error(None, str(problem))
    status = 422 if request.method == "POST" else 200
    return render(request, "funding/recovery/detail.html", _context(row, offered), status=status)


def _offered(request: Any, row: Recovery) -> dict[str, forms.Form | None]:
    """Deeds this person may do now, with their forms (``None``: a button alone)."""
    access, deed = request.access, request.POST.get("deed", "")

    def filled(name: str, make: Callable[..., forms.Form], **initial: Any) -> forms.Form:
        return make(request.POST if deed == name else None, initial=initial, prefix=name)

    found: dict[str, forms.Form | None] = {}
    if access.can(CONFIRM) and row.opened_by_id != request.user.pk:
        today = timezone.localdate()
        if row.state == "opened":
            given = {} if row.basis.get("open") else {"amount": f"{yuan(row.amount_fen)}元"}
            due = today + dt.timedelta(days=_TERM)
            found["confirm"] = filled("confirm", ConfirmForm, until=today, due_on=due, **given)
        if row.state in ("opened", "confirmed", "agreed"):
            found["drop"] = filled("drop", DropForm)
    if access.can(MANAGE):
        if row.state == "confirmed":
            found["agree"] = None
        if row.state in ("confirmed", "agreed"):
            found["repay"] = filled("repay", RepayForm)
    return found


def _act(request: Any, row: Recovery, deed: str, form: forms.Form | None) -> str:
    given = form.cleaned_data if form is not None else {}
    who = {"by": request.user, "access": request.access}
    seen = {"recovery": row.pk, "seen": int(request.POST.get("seen", "0") or 0)}
    if deed == "confirm":
        confirm_recovery(
            **seen, **who, amount_fen=given["amount"], rate_pct=given["rate_pct"],
            rate_source=given["rate_source"], until=given["until"], due_on=given["due_on"],
            remark=given["remark"],
        )  # fmt: skip
    elif deed == "drop":
        drop_recovery(**seen, **who, reason=given["reason"])
    elif deed == "agree":
        agree_recovery(**seen, **who)
    else:
        book_repayment(
            **seen, **who, amount_fen=given["amount"], received_on=given["received_on"],
            reference=given["reference"],
        )  # fmt: skip
    return reverse("recovery-detail", args=[row.pk])


def _context(row: Recovery, offered: dict[str, forms.Form | None]) -> dict[str, Any]:
    settled = row.state not in ("opened", "dropped")
    left = row.amount_fen + (row.interest_fen or 0) - row.repaid_fen if settled else None
    return {
        "row": row, "look": LOOKS[row.state], "offered": offered, "amount": amount_word(row),
        "interest_words": words_of(row.interest_rule) if settled else "核定时确定",
        "interest_open": settled and row.interest_fen is None, "settled": settled, "left": left,
        "basis": basis_rows(row), "words": row.basis.get("words", []),
        "repayments": list(row.repayments.select_related("by").order_by("id")),
    }  # fmt: skip


def basis_rows(row: Recovery) -> list[tuple[str, int | None]]:
    """Old and new amounts of the application (fen), in the order they came about."""
    named = (
        ("审核测算", "reviewed"), ("审定", "decided"), ("已拨付", "paid"),
        ("按现有材料测算", "worked_out"), ("按同一比例应得", "due"),
    )  # fmt: skip
    return [(name, row.basis.get(key)) for name, key in named if key in row.basis]
