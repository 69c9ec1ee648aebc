"""Send a request to the finance department: printed, numbered, no longer changed."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access, check
from jigai.core.documents.issue import issue_document
from jigai.core.models import User
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.funding.models import PaymentRequest, RequestLine
from jigai.funding.payments.request_word import KIND, context_of, summary_of
from jigai.funding.payments.selectors import GRANT, REQUEST, REQUEST_REACH
from jigai.funding.pending_checks import checks_at_once
from jigai.policies.addressees import people_with

State: Any = PaymentRequest.State


def held_request(pk: int, seen: int, access: Access, capability: str) -> PaymentRequest:
    """The request, locked, within reach and as the person saw it.

    Raises :class:`Denied` or :class:`JigaiError`.
    """
    access.require(capability)
    rows = PaymentRequest.objects.select_for_update(of=("self",))
    row = rows.select_related("round", "programme", "round__pack").get(pk=pk)
    check(row, access, capability, REQUEST_REACH)
    if row.version != seen:
        raise JigaiError("changed", "这份请示刚有人办过，您的还没有保存", "刷新后再办")
    return row


def require_state(row: PaymentRequest, *states: str) -> None:
    """Raise :class:`JigaiError` unless the request is in one of these states."""
    if row.state not in states:
        raise JigaiError(
            "request-state", f"请示 {row.number} {row.get_state_display()}，不能这样办", "刷新页面"
        )


def send_request(*, request: int, seen: int, by: User, access: Access) -> PaymentRequest:
    """Print and send. Raises :class:`JigaiError` where a line is no longer as decided."""
    with transaction.atomic(), checks_at_once():
        row = held_request(request, seen, access, REQUEST)
        require_state(row, State.DRAFT)
        _still_so(row)
        row.document = issue_document(
            kind=KIND, title="资金拨付请示", number=row.number, context=context_of(row, by),
            object_kind="payment-request", object_key=row.pk, by=by,
            region_code=row.round.region_code, public_summary=summary_of(row),
            url=reverse("payment-detail", args=[row.pk]),
        )  # fmt: skip
        row.state, row.sent_on = State.SENT, timezone.localdate()
        row.version += 1
        row.save()
        transaction.on_commit(lambda: _tell(row))
    return row


def drop_request(*, request: int, seen: int, by: User, access: Access) -> PaymentRequest:
    """Give a draft up: its applications wait again."""
    with transaction.atomic(), checks_at_once():
        row = held_request(request, seen, access, REQUEST)
        require_state(row, State.DRAFT)
        row.lines.filter(state=RequestLine.State.ASKED).update(state=RequestLine.State.RELEASED)
        row.state, row.note = State.RETURNED, "拟稿时作废"
        row.version += 1
        row.save()
    return row


def _still_so(row: PaymentRequest) -> None:
    changed = row.lines.exclude(
        Q(application__state="cleared") & Q(application__stale="")
        & Q(application__decided_fen=F("amount_fen"))
    )  # fmt: skip
    found = list(changed.order_by("place", "id").values_list("name", flat=True)[:3])
    if found:
        raise JigaiError(
            "lines-changed",
            f"有申报在拟稿之后变了，不能照原样送出：{'、'.join(found)}",
            "作废这份拟稿，重新生成请示",
        )


def _tell(row: PaymentRequest) -> None:
    for person in people_with(GRANT, row.round.region_code):
        send_notice(
            user=person, event="payment-request", title=f"待下达资金指标：{row.number}",
            body=f"{row.round.name}，{row.rows} 户", url=reverse("payment-detail", args=[row.pk]),
        )  # fmt: skip
