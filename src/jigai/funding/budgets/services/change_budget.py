"""Money coming into or leaving a special fund: proposed by one person, decided by another."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.models import User
from jigai.core.screens import formats
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.funding.budgets.access import APPROVE, MANAGE, require_region
from jigai.funding.budgets.accounts import AVAILABLE, SOURCE
from jigai.funding.models import BudgetChange, Programme
from jigai.ledgers.services.post_entry import post_entry
from jigai.policies.addressees import people_with


def propose_change(
    *, programme: int, kind: str, amount_fen: int, document: str, happened_on: dt.date, by: User,
    access: Access,
) -> BudgetChange:  # fmt: skip
    """Put a change up for approval; nothing moves yet. ``amount_fen`` is above nought, a cut too.

    Raises :class:`Denied` out of reach and :class:`JigaiError` for a closed fund or no amount.
    """
    with transaction.atomic():
        fund = Programme.objects.select_for_update().get(pk=programme)
        require_region(access, MANAGE, fund.region_code)
        still_open(fund)
        if amount_fen <= 0:
            raise JigaiError("no-amount", "金额要大于零", "调减也填正数，选“调减”")
        made = BudgetChange.objects.create(
            programme=fund, kind=kind, amount_fen=amount_fen, document=document.strip(),
            happened_on=happened_on, proposed_by=by,
        )  # fmt: skip
        transaction.on_commit(lambda: _tell(made, fund))
    return made


def _tell(change: BudgetChange, fund: Programme) -> None:
    for person in people_with(APPROVE, fund.region_code):
        if person.pk != change.proposed_by_id:
            send_notice(
                user=person, event="budget-proposed",
                title=f"待批准：{fund.name}{change.get_kind_display()}",
                body=f"{formats.yuan(change.amount_fen)} 元，{change.document}",
                url=reverse("programme-detail", args=[fund.pk]),
            )  # fmt: skip


def decide_change(
    *, change: int, approve: bool, by: User, access: Access, note: str = ""
) -> BudgetChange:
    """Approve a change, which moves the money, or refuse it with a reason.

    Raises :class:`Denied` out of reach and :class:`JigaiError` for one's own proposal, one decided
    before, a refusal without a reason, and a cut of more than is available.
    """
    with transaction.atomic():
        # The fund first, as everybody does who changes what hangs on it.
        fund_pk = BudgetChange.objects.values_list("programme", flat=True).get(pk=change)
        fund = Programme.objects.select_for_update().get(pk=fund_pk)
        found = BudgetChange.objects.select_for_update().get(pk=change)
        require_region(access, APPROVE, fund.region_code)
        still_open(fund)
        _may_decide(found, by, approve, note)
        found.state = BudgetChange.State.APPROVED if approve else BudgetChange.State.REFUSED
        found.note, found.decided_by, found.decided_at = note.strip(), by, timezone.now()
        if approve:
            found.entry = _posted(fund, found, by)
        found.save(update_fields=["state", "note", "decided_by", "decided_at", "entry"])
    return found


def _may_decide(change: BudgetChange, by: User, approve: bool, note: str) -> None:
    if change.state != BudgetChange.State.PROPOSED:
        raise JigaiError("decided", f"这笔变动{change.get_state_display()}", "刷新页面查看")
    if change.proposed_by_id == by.pk:
        raise JigaiError("same-person", "提出和批准须由两个人办理", "请另一位有权批准的同事办理")
    if not approve and not note.strip():
        raise JigaiError("no-reason", "不批准要写明理由", "写清缺什么、怎样改")


def _posted(fund: Programme, change: BudgetChange, by: User) -> Any:
    fen = -change.amount_fen if change.kind == BudgetChange.Kind.CUT else change.amount_fen
    return post_entry(
        book=fund.book, key=f"budget:{change.pk}", kind="budget", on=change.happened_on,
        moves={SOURCE: -fen, AVAILABLE: fen},
        text=f"{change.get_kind_display()}：{change.document}",
        about=f"programme:{fund.pk}", basis={"文号或依据": change.document}, by=by,
    )  # fmt: skip


def still_open(fund: Programme) -> None:
    """Raises :class:`JigaiError` for a fund that is settled."""
    if fund.state != Programme.State.OPEN:
        raise JigaiError("programme-closed", f"“{fund.name}”已结清", "在当年的专项资金里办理")
