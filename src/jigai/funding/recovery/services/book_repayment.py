"""Books money that came back, once by the treasury's own reference."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.models import User
from jigai.core.screens.formats import yuan
from jigai.errors import JigaiError
from jigai.funding.budgets.money import repay
from jigai.funding.models import Recovery, Repayment
from jigai.funding.recovery.access import AGREED, CONFIRMED, MANAGE, REPAID, held, require_state
from jigai.funding.recovery.services.confirm_recovery import over


def book_repayment(
    *, recovery: int, seen: int, amount_fen: int, received_on: dt.date, reference: str, by: User,
    access: Access,
) -> Repayment:  # fmt: skip
    """Book a repayment, part or whole; the recovery is over once principal and interest are back.

    The same reference with the same amount gives the repayment that was booked already. Raises
    :class:`JigaiError` for a reference of another repayment and for more than is still due.
    """
    access.require(MANAGE)
    number = reference.strip()
    if not number:
        raise JigaiError("no-reference", "还没有填缴款编号", "填国库或财政的缴款书编号")
    with transaction.atomic():
        known = Repayment.objects.filter(reference=number).select_related("recovery").first()
        if known is not None:
            return _again(known, recovery, amount_fen)
        row = held(recovery, seen, access, MANAGE)
        # Somebody may have booked it while we waited for the lock.
        known = Repayment.objects.filter(reference=number).first()
        if known is not None:
            return _again(known, recovery, amount_fen)
        require_state(row, CONFIRMED, AGREED)
        _check(row, amount_fen, received_on)
        made = Repayment.objects.create(
            recovery=row, amount_fen=amount_fen, received_on=received_on, reference=number, by=by
        )
        repay(programme=row.application.round.programme, repayment=made, by=by)
        row.repaid_fen += amount_fen
        done = row.repaid_fen >= row.amount_fen + (row.interest_fen or 0)
        row.state = REPAID if done else row.state
        row.version += 1
        row.save(update_fields=["repaid_fen", "state", "version"])
        if done:
            over(row, f"{row.number} 已全部收回", by)
    return made


def _again(known: Repayment, recovery: int, fen: int) -> Repayment:
    if known.recovery_id != recovery or known.amount_fen != fen:
        raise JigaiError(
            "reference-used", f"缴款编号 {known.reference} 已经登记过 {yuan(known.amount_fen)} 元",
            "核对缴款书编号；同一份缴款书只登记一次",
        )  # fmt: skip
    return known


def _check(row: Recovery, fen: int, on: dt.date) -> None:
    left = row.amount_fen + (row.interest_fen or 0) - row.repaid_fen
    if not 0 < fen <= left:
        raise JigaiError(
            "repayment-amount", f"收回金额要大于零，且不超过尚未收回的 {yuan(left)} 元",
            "核对缴款书金额；多缴的由财政部门退还",
        )  # fmt: skip
    if on > timezone.localdate():
        raise JigaiError("repayment-day", "到账日期还没有到", "到账以后再登记")
