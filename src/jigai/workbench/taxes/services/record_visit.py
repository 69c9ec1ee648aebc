"""Records what became of a pushed preference: enjoyed and how much, or not and why."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from jigai.core.access import Access, Denied
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.registers.lifecycle import CHANGE
from jigai.registers.models import Entry
from jigai.registers.services.record_event import record
from jigai.workbench.taxes.deliveries import (
    ENJOYED,
    NOT,
    OPEN,
    PARTLY,
    STATES,
    UNFIT,
    deliveries_for,
    own_deliveries,
)

SELF = "self"


def record_visit(
    *, delivery: int, state: str, way: str, on: dt.date, by: User, access: Access,
    amount: int | None = None, voucher: str = "", why: str = "", note: str = "",
    version: int | None = None,
) -> Entry:  # fmt: skip
    """Write the conclusion of a visit, or the enterprise's own report (``way`` self).

    Enjoyed needs an amount (fen) and a voucher, not enjoyed a reason. Raises :class:`Denied` out of
    reach, :class:`JigaiError` for a conclusion without what it needs, a day ahead, or a delivery
    somebody changed since ``version``.
    """
    today = timezone.localdate()
    _check(state, amount, voucher, why, note, on, today)
    with transaction.atomic():
        found = _locked(delivery, way, access)
        if version is not None and version != found.version:
            raise JigaiError("entry-changed", "这一条刚被别人改过", "刷新页面，看过再填")
        values: dict[str, Any] = {
            **found.values, "state": state, "way": way, "visited_on": on.isoformat(),
            "visitor": by.name if way != SELF else "企业自报",
            "amount": amount if state in (ENJOYED, PARTLY) else None,
            "voucher": voucher.strip() or None, "why": why or None, "note": note.strip() or None,
        }  # fmt: skip
        record(
            entry=found,
            kind=CHANGE,
            effective=today,
            by=by,
            reason=f"回访：{STATES[state]}",
            values={name: value for name, value in values.items() if value is not None},
        )
    return found


def _check(
    state: str, amount: int | None, voucher: str, why: str, note: str, on: dt.date, today: dt.date
) -> None:
    if state not in STATES or state == OPEN:
        raise JigaiError(
            "no-conclusion", "没有写享受情况", "选已享受、部分享受、未享受或不符合条件"
        )
    if on > today:
        raise JigaiError("ahead", "回访日期晚于今天", "改日期")
    if state in (ENJOYED, PARTLY) and not amount:
        raise JigaiError("no-amount", "写了已享受，没有写享受额", "按申报表填到分")
    if state in (ENJOYED, PARTLY) and not voucher.strip():
        raise JigaiError("no-voucher", "写了已享受，没有写凭据", "写申报表所属期和行次，或受理编号")
    if state in (NOT, PARTLY) and not why:
        raise JigaiError("no-reason", "没有全享受，要写原因", "选一个原因")
    if state == UNFIT and not note.strip():
        raise JigaiError("no-note", "不符合条件要写是哪一条", "在说明里写")


def _locked(delivery: int, way: str, access: Access) -> Entry:
    mine = own_deliveries(access) if way == SELF else deliveries_for(access)
    if not mine.filter(pk=delivery).exists():
        raise Denied("out-of-reach", "这项送达不在您的数据权限之内")
    rows = Entry.objects.select_for_update(of=("self",)).select_related("register__current")
    return rows.get(pk=delivery)
