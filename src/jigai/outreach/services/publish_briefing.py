"""Tells the enterprises of a briefing; calls it off; closes it; reminds those who have not read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.jobs import JobContext, start_job
from jigai.core.models import User
from jigai.core.screens import formats
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.outreach.briefing_people import handlers_of
from jigai.outreach.models import Briefing, Invitation
from jigai.outreach.services.plan_briefing import locked

NOTIFY = "briefing-notify"
INVITED, CANCELLED = "briefing-invited", "briefing-cancelled"
Status: Any = Briefing.Status
_CHUNK = 100


def publish_briefing(*, briefing: int, by: User, access: Access) -> Briefing:
    """Open it to its enterprises; notices follow in the background.

    Raises :class:`JigaiError` for a list without enterprises and a session whose time is over.
    """
    with transaction.atomic():
        found = locked(briefing, access, Status.DRAFT)
        if not found.invitations.exists():
            raise JigaiError("no-enterprises", "还没有选企业", "先按条件或名单加入企业")
        if found.held_at is not None and found.held_at <= timezone.now():
            raise JigaiError("in-the-past", "场次的时间已经过了", "放弃这份拟稿，另排一场")
        found.status, found.published_at = Status.PUBLISHED, timezone.now()
        found.save(update_fields=["status", "published_at"])
        start_job(kind=NOTIFY, title=f"政策通知：{found.title}"[:200], owner=by,
                  params={"briefing": found.pk})  # fmt: skip
    return found


def deliver(found: Briefing, context: JobContext | None = None) -> tuple[int, int]:
    """Tell every enterprise that has not been told: the number told, and of those without contact.

    Doing it again tells nobody twice; an enterprise that has got an account since is told then.
    """
    waiting = found.invitations.filter(delivered_at__isnull=True, walk_in=False)
    rows = list(waiting.order_by("id"))
    told = 0
    for start in range(0, len(rows), _CHUNK):
        if context is not None:
            context.progress(f"已通知 {start} / {len(rows)} 家", start / len(rows))
        told += _deliver(found, rows[start : start + _CHUNK])
    return told, len(rows) - told


def _deliver(found: Briefing, chunk: Sequence[Invitation]) -> int:
    people = handlers_of({row.enterprise_id for row in chunk})
    reached = [row for row in chunk if row.enterprise_id in people]
    with transaction.atomic():
        for row in reached:
            for person in people[row.enterprise_id]:
                send_notice(
                    user=person, event=INVITED, title=_title(found), body=_body(found),
                    url=reverse("invitation-detail", args=[row.pk]),
                )  # fmt: skip
        ids = [row.pk for row in reached]
        Invitation.objects.filter(pk__in=ids).update(delivered_at=timezone.now())
    return len(reached)


def _title(found: Briefing) -> str:
    return f"{'宣讲' if found.kind == Briefing.Kind.SESSION else '政策推送'}：{found.title}"


def _body(found: Briefing) -> str:
    if found.kind == Briefing.Kind.PUSH:
        return f"{found.host}推送，请阅读并填回执"
    return f"{formats.moment(found.held_at)}，{found.place}。请报名或回复不参加"


def remind_briefing(*, briefing: int, access: Access) -> int:
    """Tell once more those who have not read, once a day, and tell those who could not be told
    before; the number of enterprises.

    Raises :class:`JigaiError` for a second time in a day and when nobody can be reminded.
    """
    with transaction.atomic():
        found = locked(briefing, access, Status.PUBLISHED)
        today = timezone.localdate()
        if found.reminded_at and timezone.localdate(found.reminded_at) == today:
            raise JigaiError("reminded-today", "今天已经提醒过", "明天再提醒")
        rows = _unread(found)
        people = handlers_of({row.enterprise_id for row in rows})
        for row in rows:
            for person in people.get(row.enterprise_id, ()):
                send_notice(
                    user=person, event=INVITED, title=f"提醒：{_title(found)}", body=_body(found),
                    url=reverse("invitation-detail", args=[row.pk]),
                )  # fmt: skip
        new, _without = deliver(found)
        count = sum(row.enterprise_id in people for row in rows) + new
        if not count:
            raise JigaiError("nobody-to-remind", "没有能提醒的企业", "没有账号的企业请线下联系")
        found.reminded_at = timezone.now()
        found.save(update_fields=["reminded_at"])
    return count


def _unread(found: Briefing) -> QuerySet[Invitation]:
    rows = found.invitations.filter(delivered_at__isnull=False, read_at__isnull=True)
    return rows.filter(attended_at__isnull=True).order_by("id")


def cancel_briefing(*, briefing: int, reason: str, access: Access) -> None:
    """Call it off; whoever was told is told. A draft is given up.

    A cancelled one counts for nothing: neither as reached nor as to be reached.
    """
    if not reason.strip():
        raise JigaiError("no-reason", "没有写取消原因", "写明原因，企业会看到")
    with transaction.atomic():
        found = locked(briefing, access, Status.DRAFT, Status.PUBLISHED)
        found.status, found.cancelled_reason = Status.CANCELLED, reason.strip()[:200]
        found.save(update_fields=["status", "cancelled_reason"])
        rows = list(found.invitations.filter(delivered_at__isnull=False).order_by("id"))
        people = handlers_of({row.enterprise_id for row in rows})
        for row in rows:
            for person in people.get(row.enterprise_id, ()):
                send_notice(
                    user=person, event=CANCELLED, title=f"已取消：{found.title}",
                    body=found.cancelled_reason, url=reverse("invitation-detail", args=[row.pk]),
                )  # fmt: skip


def close_briefing(*, briefing: int, access: Access) -> None:
    """The session has been held, or the push is over; receipts stay as they are.

    Raises :class:`JigaiError` before the session's time.
    """
    with transaction.atomic():
        found = locked(briefing, access, Status.PUBLISHED)
        if found.held_at is not None and found.held_at > timezone.now():
            raise JigaiError("not-yet", "场次的时间还没有到", "不办了就取消")
        found.status = Status.HELD
        found.save(update_fields=["status"])
