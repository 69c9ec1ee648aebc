"""Send a released batch to the treasury: from here on the money is on its way."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.funding.applications.services.move_application import move_many
from jigai.funding.budgets import money
from jigai.funding.models import Application, BankAccount, PaymentBatch, PaymentOrder
from jigai.funding.payments.batch_file import hash_of
from jigai.funding.payments.plan import LIVING, reserved_of
from jigai.funding.payments.selectors import MAKE
from jigai.funding.payments.services.release_batch import State, held_batch, require_batch
from jigai.funding.pending_checks import checks_at_once

_Application: Any = Application.State
_AGAIN = "作废这一批，改正后重新制单"


def send_batch(*, batch: int, seen: int, by: User, access: Access) -> PaymentBatch:
    """Book the orders as sent and keep the hash of the file; a batch sent before stays as it is.

    Raises :class:`JigaiError` where something changed since it was made: nothing is sent then.
    """
    with transaction.atomic(), checks_at_once():
        row = held_batch(batch, access, MAKE)
        if row.state in (State.SENT, State.SETTLED):
            # The answer to the first sending was lost on its way; the file is the same.
            return row
        require_batch(row, seen, State.RELEASED)
        orders = list(row.orders.select_related("account", "application").order_by("id"))
        keys = sorted({order.application_id for order in orders})
        list(Application.objects.select_for_update().filter(pk__in=keys).order_by("id")
             .values_list("pk", flat=True))  # fmt: skip
        _check(row, orders, keys)
        move_many(applications=keys, to=_Application.PAYING, by=by,
                  text=f"支付指令已送国库（{row.number}）")  # fmt: skip
        row.orders.update(state=PaymentOrder.State.SENT)
        money.order(programme=row.request.programme, orders=orders, on=timezone.localdate(), by=by)
        row.state, row.sent_at, row.file_hash = State.SENT, timezone.now(), hash_of(orders)
        row.version += 1
        row.save()
    return row


def _check(row: PaymentBatch, orders: list[PaymentOrder], keys: list[int]) -> None:
    """Everything that could have changed since the batch was made; a fixed number of queries."""
    if sum(order.amount_fen for order in orders) != row.total_fen or len(orders) != row.rows:
        raise JigaiError("batch-altered", "支付批的明细与合计不符，不能送出", _AGAIN)
    told = Application.objects.filter(pk__in=keys).order_by("id")
    known = {pk: rest for pk, *rest in
             told.values_list("pk", "state", "stale", "decided_fen", "number")}  # fmt: skip
    living = dict(
        PaymentOrder.objects.filter(application__in=keys, state__in=LIVING)
        .order_by("application").values_list("application").annotate(fen=Sum("amount_fen"))
    )  # fmt: skip
    fresh: dict[int, int] = defaultdict(int)
    for order in orders:
        fresh[order.application_id] += order.amount_fen
    reserved = reserved_of(row.request.programme, keys)
    for pk in keys:
        state, stale, decided, number = known[pk]
        if state != _Application.CLEARED:
            raise JigaiError("changed", f"{number} 已不是“待拨付”，不能送出", _AGAIN)
        if stale:
            raise JigaiError("stale", f"{number} 待重算：{stale}", _AGAIN)
        if living[pk] > (decided or 0):
            raise JigaiError("over-decided", f"{number} 的支付合计超过审定金额", _AGAIN)
        if reserved.get(pk, 0) < fresh[pk]:
            raise JigaiError("not-reserved", f"{number} 没有占用足够的预算", _AGAIN)
    gone = [o for o in orders if o.account.state != BankAccount.State.VERIFIED]
    if gone:
        raise JigaiError(
            "account-retired", f"{gone[0].account.holder}换了收款账户，这一批用的是旧账户", _AGAIN
        )
