"""Another person confirms what has to come back, or drops it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.models import Assignment, User
from jigai.core.screens.formats import yuan
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.funding.applications.services.move_application import move, note
from jigai.funding.budgets.money import call_back, write_off
from jigai.funding.invoices.uses import trim_to_capacity
from jigai.funding.models import Recovery
from jigai.funding.recovery.access import (
    AGREED,
    CONFIRM,
    CONFIRMED,
    DROPPED,
    OPENED,
    held,
    require_state,
)
from jigai.funding.recovery.interest import OPEN, interest_of

_ASKED = (CONFIRMED, AGREED)


def confirm_recovery(
    *, recovery: int, seen: int, amount_fen: int, rate_pct: Decimal | None, rate_source: str,
    until: dt.date, due_on: dt.date, remark: str, by: User, access: Access,
) -> Recovery:  # fmt: skip
    """Settle amount and interest, book what has to come back, and tell the enterprise.

    ``until`` is the last day of interest, ``due_on`` the day to repay by. Without a rate the
    interest stays 未定. Raises :class:`JigaiError` for one's own proposal, more than was paid, or a
    book that does not hold it.
    """
    access.require(CONFIRM)
    with transaction.atomic():
        row = held(recovery, seen, access, CONFIRM)
        require_state(row, OPENED)
        _not_own(row, by)
        _check_amount(row, amount_fen)
        if due_on < timezone.localdate():
            raise JigaiError("due-past", "退款期限已经过去", "改为今天或以后的日期")
        interest = interest_of(rate_pct, rate_source, row.application.paid_on, until)
        row.amount_fen, row.due_on, row.note = amount_fen, due_on, remark.strip()[:400]
        row.interest_fen = None if interest is None else interest.fen_on(amount_fen)
        row.interest_rule = {"kind": OPEN} if interest is None else interest.as_rule()
        row.state, row.confirmed_by = CONFIRMED, by
        row.version += 1
        row.save()
        today, programme = timezone.localdate(), row.application.round.programme
        call_back(programme=programme, recovery=row, on=today, by=by)
        trim_to_capacity(application=row.application, why=f"{row.number} 追回核减")
        text = f"核定追回 {row.number}：{yuan(amount_fen)} 元，{due_on} 前退回"
        if row.application.state == "paid":
            move(application=row.application, to="recovering", text=text, by=by)
        else:
            note(application=row.application, text=text, by=by)
        transaction.on_commit(lambda: tell_enterprise(row, f"请退回资金 {row.number}", text))
    return row


def drop_recovery(*, recovery: int, seen: int, reason: str, by: User, access: Access) -> Recovery:
    """Do not ask for it (any longer), with the reason; what was booked is written off.

    Raises :class:`JigaiError` for one's own proposal, no reason, or one that is over.
    """
    access.require(CONFIRM)
    if not reason.strip():
        raise JigaiError("no-reason", "还没有写不予追回的理由", "写清依据，例如哪次会议、哪份文件")
    with transaction.atomic():
        row = held(recovery, seen, access, CONFIRM)
        require_state(row, OPENED, *_ASKED)
        _not_own(row, by)
        left = row.amount_fen - min(row.repaid_fen, row.amount_fen)
        if row.state in _ASKED and left:
            programme = row.application.round.programme
            write_off(programme=programme, recovery=row, fen=left, on=timezone.localdate(), by=by)
        row.state, row.note = DROPPED, reason.strip()[:400]
        row.version += 1
        row.save(update_fields=["state", "note", "version"])
        over(row, f"不予追回 {row.number}：{row.note}", by)
    return row


def over(row: Recovery, text: str, by: User | None) -> None:
    """The application is back to paid once nothing more is asked for."""
    application = row.application
    others = application.recoveries.filter(state__in=_ASKED).exclude(pk=row.pk)
    if application.state == "recovering" and not others.exists():
        move(application=application, to="paid", text=text, by=by)
    else:
        note(application=application, text=text, by=by)


def _not_own(row: Recovery, by: User) -> None:
    if row.opened_by_id == by.pk:
        raise JigaiError("own-recovery", "提出追回的人不能自己核定", "请另一位有核定权限的人办理")


def _check_amount(row: Recovery, fen: int) -> None:
    others = row.application.recoveries.exclude(pk=row.pk).exclude(state=DROPPED)
    asked = others.exclude(state=OPENED).aggregate(fen=Sum("amount_fen"))["fen"] or 0
    most = (row.application.paid_fen or 0) - asked
    if not 0 < fen <= most:
        raise JigaiError(
            "recovery-amount", f"追回金额要大于零，且不超过还可追回的 {yuan(most)} 元",
            "核对已拨付金额和本申报的其他追回",
        )  # fmt: skip


def tell_enterprise(row: Recovery, title: str, text: str) -> None:
    """Tell everybody who acts for the enterprise."""
    people = Assignment.objects.filter(enterprise=row.enterprise_id, user__is_active=True)
    url = reverse("recovery-detail", args=[row.pk])
    for user in User.objects.filter(pk__in=people.values("user")).order_by("id"):
        send_notice(user=user, event="recovery-confirmed", title=title, body=text, url=url)
