"""Share a special fund out to places and purposes below: plan, set, send, report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.funding.budgets.access import APPROVE, MANAGE, require_region
from jigai.funding.budgets.accounts import ALLOCATED, AVAILABLE
from jigai.funding.budgets.services.change_budget import still_open
from jigai.funding.models import Allocation, Programme
from jigai.ledgers.services.post_entry import post_entry
from jigai.rules.allocate import allocate

# Shares have four decimals of a per cent.
_WHOLE = 1_000_000


@dataclass(frozen=True, slots=True)
class NewShare:
    """A share to plan: whose, for what, how much of the whole in per cent (``None``: not said)."""

    name: str
    purpose: str = ""
    region_code: str = ""
    pct: Decimal | None = None


def plan_shares(
    *, programme: int, shares: Sequence[NewShare], by: User, access: Access,
    base_fen: int | None = None,
) -> list[Allocation]:  # fmt: skip
    """Add shares after those there are. With ``base_fen`` those with a per cent are set at once,
    to the fen by largest remainder; the others stay 未定.

    Raises :class:`Denied` out of reach and :class:`JigaiError` for more than a hundred per cent.
    """
    with transaction.atomic():
        fund = _held(programme, access)
        last = fund.allocations.aggregate(last=Max("place"))["last"] or 0
        amounts = shared_out(base_fen, [share.pct for share in shares])
        made = [
            Allocation(
                programme=fund, place=place, name=share.name.strip(), purpose=share.purpose.strip(),
                region_code=share.region_code, share_pct=share.pct, amount_fen=fen,
                state=_state(fen), set_by=None if fen is None else by,
            )
            for place, (share, fen) in enumerate(zip(shares, amounts, strict=True), last + 1)
        ]  # fmt: skip
        return Allocation.objects.bulk_create(made)


def _state(fen: int | None) -> Any:
    return Allocation.State.OPEN if fen is None else Allocation.State.SET


def shared_out(base_fen: int | None, shares: Sequence[Decimal | None]) -> list[int | None]:
    """Amounts in fen of shares in per cent; ``None`` where there is no share or no base.

    What is left of a hundred per cent belongs to nobody. Raises :class:`JigaiError` above it.
    """
    weights = [int((pct or 0) * (_WHOLE // 100)) for pct in shares]
    rest = _WHOLE - sum(weights)
    if rest < 0:
        raise JigaiError("above-hundred", "比例合计超过 100%", "改小比例")
    if base_fen is None:
        return [None] * len(shares)
    parts = allocate(base_fen, [*weights, rest], range(len(weights) + 1))
    return [None if pct is None else part for pct, part in zip(shares, parts[:-1], strict=True)]


def set_share(
    *, allocation: int, amount_fen: int, seen: int, by: User, access: Access
) -> Allocation:
    """Set what a share amounts to; a meeting may well set nought, which is not 未定.

    Raises :class:`Denied` out of reach and :class:`JigaiError` once it is sent, or changed
    meanwhile by somebody else.
    """
    with transaction.atomic():
        found = _share(allocation, access, MANAGE)
        if found.state == Allocation.State.SENT:
            raise JigaiError("sent", f"“{found.name}”已经下达", "调整要收回后另行下达")
        _unchanged(found, seen)
        found.amount_fen, found.state, found.set_by = amount_fen, Allocation.State.SET, by
        return _saved(found, "amount_fen", "state", "set_by")


def send_share(
    *, allocation: int, document: str, on: dt.date, by: User, access: Access
) -> Allocation:
    """Send a share: its money leaves the fund. Another person than who set it.

    Raises :class:`Denied` out of reach and :class:`JigaiError` while it is 未定, for the person
    who set it, and where the fund does not reach.
    """
    with transaction.atomic():
        found = _share(allocation, access, APPROVE)
        if found.amount_fen is None:
            raise JigaiError("undetermined", f"“{found.name}”的金额未定", "先确定金额再下达")
        if found.state == Allocation.State.SENT:
            raise JigaiError("sent", f"“{found.name}”已经下达", "刷新页面查看")
        if found.set_by_id == by.pk:
            raise JigaiError("same-person", "确定金额和下达须由两个人办理", "请另一位同事办理")
        if found.amount_fen:
            found.entry = post_entry(
                book=found.programme.book, key=f"allocate:{found.pk}", kind="allocate", on=on,
                moves={AVAILABLE: -found.amount_fen, ALLOCATED: found.amount_fen},
                text=f"下达{found.name}：{document.strip()}",
                about=f"programme:{found.programme_id}", basis={"文号": document.strip()}, by=by,
            )  # fmt: skip
        found.document, found.sent_on, found.sent_by = document.strip(), on, by
        found.state = Allocation.State.SENT
        return _saved(found, "entry", "document", "sent_on", "sent_by", "state")


def report_share(
    *, allocation: int, used_fen: int, performance: str, seen: int, by: User, access: Access
) -> Allocation:
    """What the place below reports of its share: spent, and to what effect.

    Raises :class:`Denied` out of reach and :class:`JigaiError` before it was sent or for more spent
    than sent.
    """
    with transaction.atomic():
        found = _share(allocation, access, MANAGE)
        if found.state != Allocation.State.SENT:
            raise JigaiError("not-sent", f"“{found.name}”还没有下达", "下达后再报支出")
        _unchanged(found, seen)
        if used_fen > (found.amount_fen or 0):
            raise JigaiError("above-share", "支出超过下达金额", "核对支出；自筹部分不计入")
        found.used_fen, found.performance = used_fen, performance.strip()
        return _saved(found, "used_fen", "performance")


def _held(programme: int, access: Access, capability: str = MANAGE) -> Programme:
    fund = Programme.objects.select_for_update().get(pk=programme)
    require_region(access, capability, fund.region_code)
    still_open(fund)
    return fund


def _share(pk: int, access: Access, capability: str) -> Allocation:
    fund = Allocation.objects.values_list("programme", flat=True).get(pk=pk)
    _held(fund, access, capability)
    rows = Allocation.objects.select_related("programme__book")
    return rows.select_for_update(of=("self",)).get(pk=pk)


def _unchanged(found: Allocation, seen: int) -> None:
    if found.version != seen:
        raise JigaiError("changed", f"“{found.name}”刚被别人改过", "刷新页面，看过现在的内容再改")


def _saved(found: Allocation, *fields: str) -> Allocation:
    found.version += 1
    found.save(update_fields=[*fields, "version"])
    return found
