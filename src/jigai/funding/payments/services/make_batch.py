"""Make a batch of payments out of a granted request: the first of two persons."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access, check
from jigai.core.models import User
from jigai.core.screens import formats
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.funding.models import Application, PaymentBatch, PaymentOrder, PaymentRequest
from jigai.funding.numbers import next_number
from jigai.funding.payments.plan import LIVING, Plan, plan_batch
from jigai.funding.payments.selectors import MAKE, RELEASE, REQUEST_REACH
from jigai.funding.pending_checks import checks_at_once
from jigai.policies.addressees import people_with

_CHUNK = 2000


def make_batch(
    *, request: int, by: User, access: Access, only: Iterable[int] | None = None
) -> PaymentBatch:
    """Orders for everything of the request that can be paid now; the rest stays and is shown.

    Money does not move before the batch is sent. Set-based. Raises :class:`Denied` out of reach
    and :class:`JigaiError` where nothing can be paid or the quota would be exceeded.
    """
    access.require(MAKE)
    with transaction.atomic(), checks_at_once():
        rows = PaymentRequest.objects.select_for_update(of=("self",))
        row = rows.select_related("round", "programme").get(pk=request)
        check(row, access, MAKE, REQUEST_REACH)
        if row.state != PaymentRequest.State.GRANTED:
            raise JigaiError(
                "no-quota", f"请示 {row.number} {row.get_state_display()}，还不能制单",
                "收到指标文件并登记之后再制单",
            )  # fmt: skip
        keys = row.lines.filter(state="granted").order_by("application").values("application")
        # Nothing may change the amounts or states of these between the plan and the orders.
        held = Application.objects.select_for_update().filter(pk__in=keys).order_by("id")
        list(held.values_list("pk", flat=True))
        plan = plan_batch(row, only)
        _check(row, plan)
        batch = PaymentBatch.objects.create(
            request=row, made_by=by, rows=len(plan.payments), total_fen=plan.fen,
            number=next_number("ZF", row.round.region_code, timezone.localdate().year),
        )  # fmt: skip
        _write_orders(batch, plan)
        transaction.on_commit(lambda: _tell(batch, row.round.region_code))
    return batch


def _check(row: PaymentRequest, plan: Plan) -> None:
    if not plan.payments:
        first = plan.blocked[0] if plan.blocked else None
        why = f"{first.application.title}：{first.reason}" if first else "都已经制单"
        raise JigaiError(
            "nothing-to-pay", f"现在没有可以支付的：{why}", first.next if first else ""
        )
    made = PaymentOrder.objects.filter(batch__request=row, state__in=LIVING)
    used = made.aggregate(fen=Sum("amount_fen"))["fen"] or 0
    if used + plan.fen > (row.quota_fen or 0):
        raise JigaiError(
            "over-quota",
            f"指标 {formats.yuan(row.quota_fen or 0)} 元，已制单 {formats.yuan(used)} 元，"
            f"这一批 {formats.yuan(plan.fen)} 元，超过指标",
            "少选几户，或等追加指标",
        )


def _write_orders(batch: PaymentBatch, plan: Plan) -> None:
    PaymentOrder.objects.bulk_create(
        [
            PaymentOrder(
                batch=batch, application_id=item.application, enterprise_id=item.enterprise,
                account_id=item.account, level=item.level, amount_fen=item.fen,
                replaces_id=item.replaces, reference=f"{batch.number}-{place:05d}",
            )
            for place, item in enumerate(plan.payments, 1)
        ],
        batch_size=_CHUNK,
    )  # fmt: skip


def _tell(batch: PaymentBatch, region: str) -> None:
    for person in people_with(RELEASE, region):
        if person.pk != batch.made_by_id:
            send_notice(
                user=person, event="payment-batch", title=f"待复核支付批：{batch.number}",
                body=f"{batch.rows} 笔，{formats.yuan(batch.total_fen)} 元",
                url=reverse("payment-batch", args=[batch.pk]),
            )  # fmt: skip
