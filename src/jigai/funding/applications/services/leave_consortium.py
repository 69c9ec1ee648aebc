"""A member leaves a consortium that has applied: everything is worked out anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access, Denied
from jigai.core.models import User
from jigai.core.screens import formats
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.funding.applications.editing import locked
from jigai.funding.applications.selectors import applications_for, own_enterprises
from jigai.funding.applications.services.move_application import move, note
from jigai.funding.applications.states import FILLING
from jigai.funding.compute.estimate import Estimate, estimate
from jigai.funding.invoices.uses import count_lines
from jigai.funding.models import Application, MemberSignature
from jigai.funding.review.applicants import people_of_enterprise

State: Any = Application.State
# Where an application goes when its consortium changes; money already ordered is for a recovery.
_BACK = {
    State.SIGNING: State.DRAFT, State.REVIEWED: State.REVIEW, State.PROPOSED: State.REVIEW,
    State.PUBLIC: State.HELD, State.CLEARED: State.HELD,
}  # fmt: skip
_STAYS = (State.DRAFT, State.SUBMITTED, State.CORRECTION, State.REVIEW, State.HELD, State.DECIDED)


@dataclass(frozen=True, slots=True)
class Both:
    """What the rules give before and after, as verdict and fen (``None`` while open)."""

    before: tuple[str, int | None]
    after: tuple[str, int | None]


def leave_consortium(*, signature: int, reason: str, by: User, access: Access) -> Both:
    """Take a member out of an application: by itself, or by the bureau that reviews it.

    Threshold, share of small firms, cap and split are all worked out again without it; its invoices
    no longer count; the remaining members sign again; reviewed amounts are stale. Raises
    :class:`Denied` for others and :class:`JigaiError` for the lead, or when money is on its way.
    """
    if not reason.strip():
        raise JigaiError("no-reason", "还没有写退出的原因", "写一句，牵头企业和主管部门会看到")
    with transaction.atomic():
        place = MemberSignature.objects.select_related("member", "enterprise").get(pk=signature)
        _require_may(place, access)
        row = locked(place.application_id)
        _require_can(row, place)
        before = _told(estimate(row))
        MemberSignature.objects.filter(pk=place.pk, left_at=None).update(
            left_at=timezone.now(), left_reason=reason.strip()[:300]
        )
        _drop_lines(row, place)
        _sign_again(row)
        both = Both(before, _told(estimate(row)))
        _write(row, place, both, reason.strip(), by)
        transaction.on_commit(lambda: _tell(row, place))
    return both


def _require_may(place: MemberSignature, access: Access) -> None:
    reviewed = applications_for(access, "application.review").filter(pk=place.application_id)
    if place.enterprise_id not in own_enterprises(access) and not reviewed.exists():
        raise Denied("not-your-place", "只有成员自己或主管部门可以办理退出")


def _require_can(row: Application, place: MemberSignature) -> None:
    if place.member.role == "lead":
        raise JigaiError("lead-leaves", "牵头企业不能退出自己牵头的申报", "改为撤回整份申报")
    if place.left_at is not None:
        raise JigaiError("left-already", f"{place.enterprise.name} 已经退出", "刷新页面")
    if row.state not in _BACK and row.state not in _STAYS:
        raise JigaiError(
            "too-late", f"{row.number} {row.get_state_display()}，成员不能再退出",
            "款项已在拨付的，由主管部门按资金追回办理",
        )  # fmt: skip


def _told(found: Estimate | None) -> tuple[str, int | None]:
    return ("没有数据", None) if found is None else (found.explanation.verdict, found.amount)


def _drop_lines(row: Application, place: MemberSignature) -> None:
    row.lines.filter(line__buyer=place.enterprise).delete()
    row.claimed_fen = sum(row.lines.values_list("share_fen", flat=True)) or None
    row.save(update_fields=["claimed_fen"])
    if row.state not in FILLING:
        count_lines(application=row)


def _sign_again(row: Application) -> None:
    row.signatures.filter(left_at__isnull=True).update(
        content_hash="", signed_by=None, signed_at=None
    )


def _write(row: Application, place: MemberSignature, both: Both, reason: str, by: User) -> None:
    name = place.enterprise.name
    if row.state not in FILLING:
        row.stale = f"成员 {name} 退出，待重算"[:300]
        row.save(update_fields=["stale"])
    shown = [f"{verdict} {_fen(fen)}" for verdict, fen in (both.before, both.after)]
    text = f"成员 {name} 退出（{reason}）：{shown[0]} → {shown[1]}"
    data = {"left": place.pk, "result": {"before": list(both.before), "after": list(both.after)}}
    to = _BACK.get(row.state)
    if to is None:
        note(application=row, text=text, by=by, data=data)
    else:
        move(application=row, to=to, text=text, by=by, data=data)


def _fen(fen: int | None) -> str:
    return "未定" if fen is None else f"{formats.yuan(fen)} 元"


def _tell(row: Application, place: MemberSignature) -> None:
    url = reverse("agreement-detail", args=[row.pk])
    title = f"成员退出，请重新签署：{row.title}"
    rest = row.signatures.filter(left_at__isnull=True).values_list("enterprise", flat=True)
    for enterprise in rest.order_by("id"):
        for person in people_of_enterprise(enterprise):
            send_notice(user=person, event="application", title=title[:200], url=url)
