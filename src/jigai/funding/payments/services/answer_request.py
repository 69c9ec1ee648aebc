"""The finance department answers a request: a quota document, or back with a reason."""

from __future__ import annotations

import datetime as dt
from itertools import accumulate
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access, Denied
from jigai.core.models import EvidenceFile, User
from jigai.core.screens import formats
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.funding.models import PaymentRequest, RequestLine
from jigai.funding.payments.selectors import GRANT
from jigai.funding.payments.services.send_request import held_request, require_state
from jigai.funding.pending_checks import checks_at_once

State: Any = PaymentRequest.State
Line: Any = RequestLine.State
# How to go on where the quota is less than asked: chosen by a person, never by default.
IN_ORDER, MOST = "in_order", "most"
RULES = {IN_ORDER: "按请示次序，足额拨付，排到不足为止", MOST: "金额小的在先，足额拨付的户数最多"}


def grant_request(
    *, request: int, seen: int, quota_no: str, quota_on: dt.date, fen: int, by: User,
    access: Access, rule: str = "", file: EvidenceFile | None = None,
) -> PaymentRequest:  # fmt: skip
    """Record the quota document (指标文件): number, date, amount in fen, file.

    With less than asked, ``rule`` says which lines are paid; whole lines only, the others wait for
    another request. Raises :class:`JigaiError` for more than asked, a missing rule, or a quota that
    reaches for nobody.
    """
    with transaction.atomic(), checks_at_once():
        row = held_request(request, seen, access, GRANT)
        require_state(row, State.SENT)
        if row.made_by_id == by.pk:
            raise Denied("same-person", "请款和下达指标须由两个人办理", "请财政部门的同事办理")
        _check(row, quota_no, quota_on, fen, rule)
        _choose(row, fen, rule)
        row.quota_no, row.quota_on, row.quota_fen = quota_no.strip(), quota_on, fen
        row.quota_file, row.granted_by, row.state = file, by, State.GRANTED
        row.note = RULES[rule] if fen < row.total_fen else ""
        row.version += 1
        row.save()
        transaction.on_commit(lambda: _tell(row, "已下达资金指标"))
    return row


def return_request(
    *, request: int, seen: int, reason: str, by: User, access: Access
) -> PaymentRequest:
    """Send it back with a reason; its applications wait for another request."""
    with transaction.atomic(), checks_at_once():
        row = held_request(request, seen, access, GRANT)
        require_state(row, State.SENT)
        if not reason.strip():
            raise JigaiError("no-reason", "没有写退回原因", "写明要改什么，主管部门据此重新请款")
        row.lines.filter(state=Line.ASKED).update(state=Line.RELEASED)
        row.state, row.note, row.granted_by = State.RETURNED, reason.strip(), by
        row.version += 1
        row.save()
        transaction.on_commit(lambda: _tell(row, "财政部门退回"))
    return row


def _check(row: PaymentRequest, quota_no: str, quota_on: dt.date, fen: int, rule: str) -> None:
    if not quota_no.strip():
        raise JigaiError("no-quota-number", "没有填指标文号", "照指标文件填写")
    if quota_on > timezone.localdate() or (row.sent_on and quota_on < row.sent_on):
        raise JigaiError(
            "quota-day",
            "下达日期应在请示送出之后、今天之前",
            f"请示送出于 {formats.day(row.sent_on)}",
        )
    if fen <= 0 or fen > row.total_fen:
        raise JigaiError(
            "quota-amount", f"指标金额应大于零，不超过请示的 {formats.yuan(row.total_fen)} 元",
            "照指标文件填写；多于请示的先核对文件是不是这一份请示的",
        )  # fmt: skip
    if fen < row.total_fen and rule not in RULES:
        raise JigaiError("no-rule", "指标少于请示，没有选先拨给谁", "选一种办法，结果随即显示")


def chosen_lines(row: PaymentRequest, fen: int, rule: str) -> list[int]:
    """The lines (primary keys) a quota reaches for under a rule; all where it is enough."""
    lines = row.lines.filter(state=Line.ASKED)
    by = ("amount_fen", "place", "id") if rule == MOST else ("place", "id")
    told = list(lines.order_by(*by).values_list("pk", "amount_fen"))
    sums = accumulate(amount for _pk, amount in told)
    return [pk for (pk, _amount), upto in zip(told, sums, strict=True) if upto <= fen]


def _choose(row: PaymentRequest, fen: int, rule: str) -> None:
    keys = chosen_lines(row, fen, rule)
    if not keys:
        raise JigaiError(
            "quota-reaches-nobody", "这个金额不够足额拨付任何一户", "核对指标金额，或退回请示"
        )
    row.lines.filter(pk__in=keys).update(state=Line.GRANTED)
    row.lines.filter(state=Line.ASKED).update(state=Line.RELEASED)


def _tell(row: PaymentRequest, word: str) -> None:
    send_notice(
        user=row.made_by, event="payment-request", title=f"{word}：{row.number}", body=row.note,
        url=reverse("payment-detail", args=[row.pk]),
    )  # fmt: skip
