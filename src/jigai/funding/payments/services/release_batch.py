"""The second person looks a batch over and releases it, or it is given up before it is sent."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from jigai.core.access import Access, Denied, check
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.funding.models import PaymentBatch, PaymentOrder
from jigai.funding.payments.selectors import BATCH_REACH, MAKE, RELEASE
from jigai.funding.pending_checks import checks_at_once

State: Any = PaymentBatch.State


def held_batch(pk: int, access: Access, *capabilities: str) -> PaymentBatch:
    """The batch, locked and within reach of one of the capabilities. Raises :class:`Denied`."""
    access.require(*capabilities)
    rows = PaymentBatch.objects.select_for_update(of=("self",))
    row = rows.select_related("request__round", "request__programme__book").get(pk=pk)
    check(row, access, next(name for name in capabilities if access.can(name)), BATCH_REACH)
    return row


def require_batch(row: PaymentBatch, seen: int, *states: str) -> None:
    """Raise :class:`JigaiError` unless it is as the person saw it and in one of the states."""
    if row.version != seen:
        raise JigaiError("changed", "这一批刚有人办过，您的还没有保存", "刷新后再办")
    if row.state not in states:
        raise JigaiError(
            "batch-state", f"支付批 {row.number} {row.get_state_display()}，不能这样办", "刷新页面"
        )


def release_batch(*, batch: int, seen: int, by: User, access: Access) -> PaymentBatch:
    """Release for sending. Raises :class:`Denied` for whoever made it."""
    with transaction.atomic():
        row = held_batch(batch, access, RELEASE)
        require_batch(row, seen, State.DRAFT)
        if row.made_by_id == by.pk:
            raise Denied("same-person", "制单和复核须由两个人办理", "请另一位同事复核")
        row.state, row.released_by, row.released_at = State.RELEASED, by, timezone.now()
        row.version += 1
        row.save()
    return row


def void_batch(*, batch: int, seen: int, reason: str, by: User, access: Access) -> PaymentBatch:
    """Give a batch up before it was sent; its applications can be put on another."""
    with transaction.atomic(), checks_at_once():
        row = held_batch(batch, access, MAKE, RELEASE)
        require_batch(row, seen, State.DRAFT, State.RELEASED)
        if not reason.strip():
            raise JigaiError("no-reason", "没有写作废原因", "写明哪里不对")
        # The returned payment it stood for has to be made by another.
        row.orders.update(state=PaymentOrder.State.VOID, replaces=None)
        row.state, row.note = State.VOID, reason.strip()
        row.version += 1
        row.save()
    return row
