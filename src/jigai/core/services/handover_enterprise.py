"""The 经办人 of an enterprise passes on: offered by one, accepted by the other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pghistory
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from jigai.core.access.duties import in_force
from jigai.core.access.grants import Access, Denied
from jigai.core.access.people import covers
from jigai.core.models.access import Assignment, Role
from jigai.core.models.enterprise import Enterprise
from jigai.core.models.sign_in import Handover
from jigai.core.models.user import User
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError

# Any: without Django's plugin a checker takes members of choices for tuples.
Status: Any = Handover.Status
HANDLER = "enterprise-handler"


def offer_handover(
    *, by: Access, enterprise: Enterprise, taker: User, reason: str, giver_leaves: bool = True
) -> Handover:
    """Ask a person to take over. By the present 经办人, or by an administrator where that one left.

    Raises :class:`Denied` for others, ``JigaiError`` while another hand-over is open.
    """
    with transaction.atomic(), pghistory.context(reason=reason):
        Enterprise.objects.select_for_update().get(pk=enterprise.pk)
        present = _present(enterprise)
        _check_offer(by, enterprise, present)
        _check_taker(taker, present)
        try:
            with transaction.atomic():
                row = Handover.objects.create(
                    enterprise=enterprise, giver=present.user if present else None,
                    taker=taker, reason=reason, giver_leaves=giver_leaves,
                )  # fmt: skip
        except IntegrityError:
            raise JigaiError(
                "handover-open", f"“{enterprise}”已有一份待接收的交接", "请先撤回或等待对方处理"
            ) from None
        _tell(taker, f"请接收“{enterprise}”的经办工作", reason)
    return row


def accept_handover(*, by: Access, handover: Handover) -> Assignment:
    """The taker becomes the 经办人; the giver's duty ends, or goes on as a second person."""
    with transaction.atomic(), pghistory.context(reason=f"接收经办人交接 {handover.pk}"):
        row = _open(by, handover, "taker_id")
        present = _present(row.enterprise)
        if present is not None:
            present.is_primary = False
            if row.giver_leaves and present.user_id != row.taker_id:
                present.valid_to = timezone.localdate() - timedelta(days=1)
            present.save(update_fields=["is_primary", "valid_to"])
        duty = _duty_of(row)
        duty.is_primary, duty.valid_to = True, None
        duty.save()
        _close(row, Status.DONE)
        if row.giver:
            _tell(row.giver, f"{row.taker} 已接收“{row.enterprise}”的经办工作", row.reason)
    return duty


def refuse_handover(*, by: Access, handover: Handover) -> Handover:
    """The taker declines; everything stays as it was."""
    with transaction.atomic(), pghistory.context(reason=f"拒绝经办人交接 {handover.pk}"):
        row = _open(by, handover, "taker_id")
        _close(row, Status.REFUSED)
        if row.giver:
            _tell(row.giver, f"{row.taker} 没有接收“{row.enterprise}”的经办工作", row.reason)
    return row


def withdraw_handover(*, by: Access, handover: Handover) -> Handover:
    """The giver, or an administrator in reach, takes the offer back."""
    with transaction.atomic(), pghistory.context(reason=f"撤回经办人交接 {handover.pk}"):
        row = _open(by, handover, "giver_id")
        _close(row, Status.WITHDRAWN)
        _tell(row.taker, f"“{row.enterprise}”的经办人交接已撤回", row.reason)
    return row


def manages_enterprise(by: Access, enterprise: Enterprise) -> bool:
    """Whether an administrator's reach contains the enterprise."""
    duty = Assignment(enterprise=enterprise, scope=Assignment.Scope.SELF)
    return covers(by, "person.manage", duty)


def _present(enterprise: Enterprise) -> Assignment | None:
    held = Assignment.objects.filter(in_force(), enterprise=enterprise, is_primary=True)
    return held.select_for_update(of=("self",)).order_by("-id").first()


def _check_offer(by: Access, enterprise: Enterprise, present: Assignment | None) -> None:
    is_present = present is not None and by.user is not None and present.user_id == by.user.pk
    own = any(grant.enterprise_id == enterprise.pk for grant in by.granting("handover.give"))
    if not (own and is_present) and not manages_enterprise(by, enterprise):
        raise Denied("handover-not-yours", "只有本企业现在的经办人或平台管理员能发起交接")


def _check_taker(taker: User, present: Assignment | None) -> None:
    if not taker.is_active:
        raise JigaiError("handover-taker", f"“{taker}”的账号已停用")
    if present is not None and present.user_id == taker.pk:
        raise JigaiError("handover-taker", f"“{taker}”已是本企业的经办人")
    held = Assignment.objects.filter(in_force(), user=taker).values_list("role__side", flat=True)
    if set(held) - {Role.Side.ENTERPRISE}:
        raise JigaiError("handover-taker", "经办人只能交给企业一方的人员，不能交给主管部门或机构")


def _open(by: Access, handover: Handover, side: str) -> Handover:
    """Lock the row; it must be open and the person must be the side named, or manage it."""
    row = Handover.objects.select_for_update(of=("self",)).get(pk=handover.pk)
    mine = by.user is not None and getattr(row, side) == by.user.pk
    if not mine and not (side == "giver_id" and manages_enterprise(by, row.enterprise)):
        raise Denied("out-of-reach", "这份交接不由您办理")
    if row.status != Status.OPEN:
        raise JigaiError("handover-closed", f"这份交接{row.get_status_display()}，不能再办理")
    return row


def _duty_of(row: Handover) -> Assignment:
    held = Assignment.objects.filter(in_force(), user=row.taker, enterprise=row.enterprise)
    found = held.filter(role__code=HANDLER).order_by("id").first()
    return found or Assignment(
        user=row.taker, role=Role.objects.get(code=HANDLER), enterprise=row.enterprise,
        scope=Assignment.Scope.SELF, granted_by=row.giver,
    )  # fmt: skip


def _close(row: Handover, status: str) -> None:
    row.status, row.closed_at = status, timezone.now()
    row.save(update_fields=["status", "closed_at"])


def _tell(user: User, title: str, reason: str) -> None:
    send_notice(
        user=user, event="handover", title=title, body=f"事由：{reason}",
        url=reverse("handover-list"),
    )  # fmt: skip
