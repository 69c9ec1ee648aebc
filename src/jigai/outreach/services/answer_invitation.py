"""An enterprise reads, answers, comes; the clerk at the door registers who came."""

from __future__ import annotations

import datetime as dt
import hmac
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from jigai.core.access import Access, Denied
from jigai.core.models import Enterprise, User
from jigai.errors import JigaiError
from jigai.outreach.briefing_people import own_invitations
from jigai.outreach.models import Briefing, Invitation
from jigai.outreach.services.plan_briefing import locked

Status: Any = Briefing.Status
Answer: Any = Invitation.Answer
Way: Any = Invitation.Way
MOST_PEOPLE, MOST_WRONG = 20, 5
# From how long before the beginning to how long after it one can sign in at the door.
_BEFORE, _AFTER = timedelta(hours=2), timedelta(hours=8)


def read_invitation(*, invitation: int, by: User, access: Access) -> Invitation:
    """Somebody of the enterprise says that it has been read; the first time counts."""
    with transaction.atomic():
        found = _mine(invitation, access)
        _mark_read(found, by)
        found.save()
    return found


def send_receipt(
    *, invitation: int, receipt: str, note: str, by: User, access: Access
) -> Invitation:
    """The enterprise's receipt: what it means to do. It may be changed until the end."""
    if receipt not in Invitation.Receipt.values:
        raise JigaiError("bad-receipt", "没有选回执", "选一项")
    with transaction.atomic():
        found = _mine(invitation, access, Status.PUBLISHED)
        _mark_read(found, by)
        found.receipt, found.receipt_note = receipt, note.strip()[:300]
        found.receipt_by, found.receipt_at = by, timezone.now()
        found.save()
    return found


def sign_up(*, invitation: int, people: int, by: User, access: Access) -> Invitation:
    """Come with so many people; none means not coming. Seats are counted under a lock.

    Raises :class:`JigaiError` when the seats do not suffice or the session has begun.
    """
    if not 0 <= people <= MOST_PEOPLE:
        raise JigaiError("bad-people", f"人数是 0 到 {MOST_PEOPLE}", "改人数")
    with transaction.atomic():
        # The session's row is the lock of its seats.
        briefing = Briefing.objects.select_for_update().filter(
            pk__in=Invitation.objects.filter(pk=invitation).values("briefing")
        ).first()  # fmt: skip
        found = _mine(invitation, access, Status.PUBLISHED)
        if briefing is None or briefing.held_at is None:
            raise JigaiError("no-session", "这是政策推送，没有场次", "填回执即可")
        if briefing.held_at <= timezone.now():
            raise JigaiError("begun", "场次已经开始，不能再报名", "直接到会签到")
        left = seats_left(briefing, without=found.pk)
        if left is not None and people > left:
            raise JigaiError("full", f"只剩 {max(left, 0)} 个席位", "减少人数，或联系主办部门")
        _mark_read(found, by)
        found.answer = Answer.COMING if people else Answer.DECLINED
        found.people, found.answered_at = people, timezone.now()
        found.save()
    return found


def seats_left(briefing: Briefing, without: int | None = None) -> int | None:
    """Seats not taken yet; ``None`` where there is no limit."""
    if briefing.capacity is None:
        return None
    rows = briefing.invitations.filter(answer=Answer.COMING).exclude(pk=without)
    return int(briefing.capacity) - int(rows.aggregate(taken=Sum("people"))["taken"] or 0)


def check_in(*, invitation: int, code: str, by: User, access: Access) -> Invitation:
    """The enterprise types the code told at the door.

    Raises :class:`JigaiError` outside the hours of the session, for a wrong code and after
    five of them; a wrong one is counted although nothing else is kept.
    """
    with transaction.atomic():
        found = _mine(invitation, access, Status.PUBLISHED, Status.HELD)
        _require_hours(found.briefing)
        if found.wrong_codes >= MOST_WRONG:
            raise JigaiError("too-many", "签到码输错太多次", "请工作人员登记到会")
        right = hmac.compare_digest(code.strip().encode(), found.briefing.door_code.encode())
        if right:
            _attend(found, by, Way.CODE)
        else:
            found.wrong_codes += 1
        found.save()
    if not right:
        raise JigaiError("wrong-code", "签到码不对", "看会场公布的六位数字")
    return found


def register_attendance(
    *, briefing: int, enterprise: Enterprise, by: User, access: Access
) -> Invitation:
    """The clerk registers an enterprise that came; one that was not on the list is a walk-in."""
    with transaction.atomic():
        session = locked(briefing, access, Status.PUBLISHED, Status.HELD)
        if session.held_at is None:
            raise JigaiError("no-session", "这是政策推送，没有场次")
        if timezone.now() < session.held_at - _BEFORE:
            raise JigaiError("not-yet", "场次还没有开始", "开场前两小时起可以登记")
        row, _made = Invitation.objects.get_or_create(
            briefing=session, enterprise=enterprise, defaults={"walk_in": True}
        )
        found = Invitation.objects.select_for_update().get(pk=row.pk)
        _attend(found, by, Way.CLERK)
        found.save()
    return found


def _attend(found: Invitation, by: User, way: str) -> None:
    if found.attended_at is None:
        found.attended_at, found.attended_by, found.attended_way = timezone.now(), by, way


def _mark_read(found: Invitation, by: User) -> None:
    now = timezone.now()
    # Whoever reads it has it, whether or not a notice could be sent before.
    found.delivered_at = found.delivered_at or now
    if found.read_at is None:
        found.read_at, found.read_by = now, by


def _require_hours(session: Briefing) -> None:
    if session.held_at is None:
        raise JigaiError("no-session", "这是政策推送，没有场次", "填回执即可")
    opens: dt.datetime = session.held_at - _BEFORE
    if not opens <= timezone.now() <= session.held_at + _AFTER:
        raise JigaiError("not-now", "现在不是签到时间", "开场前两小时起可以签到")


def _mine(invitation: int, access: Access, *statuses: str) -> Invitation:
    own = own_invitations(access).filter(pk=invitation).order_by().values("pk")
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("briefing")
    found = rows.filter(pk__in=own).first()
    if found is None:
        raise Denied("out-of-reach", "这条通知不是发给您企业的")
    if found.briefing.status == Status.CANCELLED or (
        statuses and found.briefing.status not in statuses
    ):
        word = found.briefing.get_status_display()
        raise JigaiError("over", f"{word}，不能再办", "刷新页面查看状态")
    return found
