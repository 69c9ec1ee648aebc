"""An award for a title: proposed on the engine's amount, approved by another, paid once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.models import User
from jigai.core.screens import formats
from jigai.errors import JigaiError
from jigai.funding.awards.entitlements import Entitlement, entitlements
from jigai.funding.budgets.access import APPROVE, MANAGE, require_region
from jigai.funding.budgets.accounts import AVAILABLE, PAID, RESERVED
from jigai.funding.budgets.services.change_budget import still_open
from jigai.funding.models import AwardGrant, Programme
from jigai.ledgers.services.post_entry import post_entry
from jigai.policies.force import require_payable
from jigai.policies.standing import current_version


def propose_award(
    *, programme: int, source: str, day: dt.date, by: User, access: Access,
    readings: Mapping[str, str] | None = None,
) -> AwardGrant:  # fmt: skip
    """Propose the award of one title as the engine gives it on a day.

    Raises :class:`Denied` out of reach and :class:`JigaiError` where the document is not in force
    (a draft creates nothing payable), nothing is due or it is not known how much, or the title was
    awarded before, naming that award.
    """
    with transaction.atomic():
        fund = Programme.objects.select_for_update().get(pk=programme)
        require_region(access, MANAGE, fund.region_code)
        still_open(fund)
        require_payable(current_version(fund.pack), day)
        found = next(
            (e for e in entitlements(fund, day, readings) if e.title.source == source), None
        )
        if found is None:
            raise JigaiError("no-title", "这项称号在这一天不在册", "核对名录与日期")
        _not_given(found)
        if found.fen is None or found.told is None:
            raise JigaiError(
                "undetermined", f"金额{found.word}，不能提出奖励", "先补齐数据或确定参数"
            )
        if found.fen == 0:
            raise JigaiError("nothing-due", f"这项称号{found.word}，没有可奖金额", "看逐条理由")
        return _made(fund, found, dict(readings or {}), day, by)


def _not_given(found: Entitlement) -> None:
    if found.given is not None:
        raise _twice(found.given)


def _twice(given: AwardGrant) -> JigaiError:
    on = formats.day(timezone.localtime(given.proposed_at).date())
    return JigaiError(
        "already-awarded",
        f"这项称号已在 {on} 按“{given.measure_name}”奖励 {formats.yuan(given.amount_fen)} 元"
        f"（第 {given.pk} 号，{given.get_state_display()}）",
        "打开原来的奖励核对；升级的称号另行认定后再提",
    )


def _made(
    fund: Programme, found: Entitlement, readings: dict[str, str], day: dt.date, by: User
) -> AwardGrant:
    title, told = found.title, found.told
    assert told is not None
    steps = [[entry.label, entry.result, entry.clause] for entry in told.entries]
    try:
        with transaction.atomic():
            return AwardGrant.objects.create(
                programme=fund, region_code=fund.region_code, enterprise=title.enterprise,
                pack=fund.pack, measure=told.id, measure_name=told.name, clause=told.clause,
                title=title.code, level=title.level, recognised_on=title.recognised_on,
                source=title.source, amount_fen=found.fen, prior_fen=found.prior_fen,
                readings=readings, proposed_by=by,
                basis={"name": title.name, "day": day.isoformat(), "steps": steps},
            )  # fmt: skip
    except IntegrityError:
        # Somebody else was first, perhaps out of another fund.
        raise _twice(_living(fund.pack, title.source)) from None


def _living(pack: str, source: str) -> AwardGrant:
    rows = AwardGrant.objects.exclude(state=AwardGrant.State.CANCELLED)
    return rows.get(pack=pack, source=source)


def decide_award(
    *, award: int, approve: bool, by: User, access: Access, note: str = ""
) -> AwardGrant:
    """Approve an award, which binds its money in the book, or cancel it with a reason.

    Raises :class:`Denied` out of reach and :class:`JigaiError` for one's own proposal, one decided
    before, no reason, and a fund that does not reach.
    """
    with transaction.atomic():
        found = _held(award, access, APPROVE)
        if found.state != AwardGrant.State.PROPOSED:
            raise JigaiError("decided", f"这项奖励{found.get_state_display()}", "刷新页面查看")
        if found.proposed_by_id == by.pk:
            raise JigaiError(
                "same-person", "提出和批准须由两个人办理", "请另一位有权批准的同事办理"
            )
        if not approve and not note.strip():
            raise JigaiError("no-reason", "不批准要写明理由", "写清哪里不符合")
        if approve:
            found.entry = _moved(found, AVAILABLE, RESERVED, "award", timezone.localdate(), by)
        found.state = AwardGrant.State.APPROVED if approve else AwardGrant.State.CANCELLED
        found.note, found.decided_by, found.decided_at = note.strip(), by, timezone.now()
        return _saved(found, "entry", "state", "note", "decided_by", "decided_at")


def pay_award(*, award: int, document: str, on: dt.date, by: User, access: Access) -> AwardGrant:
    """Record that an approved award was paid, by its voucher.

    Raises :class:`Denied` out of reach and :class:`JigaiError` unless it waits for payment.
    """
    with transaction.atomic():
        found = _held(award, access, APPROVE)
        if found.state != AwardGrant.State.APPROVED:
            raise JigaiError("not-approved", f"这项奖励{found.get_state_display()}", "刷新页面查看")
        if found.application_id is not None:
            raise JigaiError("by-round", "这项奖励随申报批次拨付", "在批次的支付批次里办理")
        _moved(found, RESERVED, PAID, "award-paid", on, by)
        found.state = AwardGrant.State.PAID
        found.paid_on, found.paid_document = on, document.strip()
        return _saved(found, "state", "paid_on", "paid_document")


def _held(award: int, access: Access, capability: str) -> AwardGrant:
    """The award, its fund locked first. Raises :class:`Denied` out of reach."""
    fund_pk = AwardGrant.objects.values_list("programme", flat=True).get(pk=award)
    fund = Programme.objects.select_for_update().get(pk=fund_pk)
    require_region(access, capability, fund.region_code)
    still_open(fund)
    rows = AwardGrant.objects.select_related("programme__book", "enterprise")
    return rows.select_for_update(of=("self",)).get(pk=award)


def _moved(found: AwardGrant, source: str, target: str, kind: str, on: dt.date, by: User) -> Any:
    return post_entry(
        book=found.programme.book, key=f"{kind}:{found.pk}", kind=kind, on=on,
        moves={source: -found.amount_fen, target: found.amount_fen},
        text=f"{found.measure_name}：{found.enterprise.name}", about=f"award:{found.pk}",
        basis={"条款": found.clause, "称号": found.basis.get("name", ""), "级别": found.level},
        by=by,
    )  # fmt: skip


def _saved(found: AwardGrant, *fields: str) -> AwardGrant:
    found.version += 1
    found.save(update_fields=[*fields, "version"])
    return found
