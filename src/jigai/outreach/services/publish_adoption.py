"""A second person puts the answers on public display."""

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
from jigai.outreach import rounds
from jigai.outreach.consultation_selectors import waiting
from jigai.outreach.models import Consultation, ConsultationAnswer, ConsultationComment
from jigai.outreach.services.classify_comment import still_open
from jigai.outreach.services.open_consultation import four_eyes, locked

Status: Any = Consultation.Status


def publish_adoption(
    *,
    consultation: int,
    publicity_from: dt.date,
    publicity_to: dt.date,
    by: User,
    access: Access,
    archive_to: dt.date | None = None,
) -> Consultation:
    """Publish every answer from ``publicity_from`` on; ``archive_to`` empty keeps it for good.

    Raises :class:`Denied` for whoever answered or hid a comment, and :class:`JigaiError` while
    comments are still taken or wait for an answer, or for dates that do not fit.
    """
    with transaction.atomic():
        found = locked(consultation, access)
        still_open(found)
        four_eyes(found, by, access, authors(found), "答复或隐藏过意见的人不能自己批准公示")
        _check(found, publicity_from, publicity_to, archive_to)
        found.status, found.published_by = Status.PUBLISHED, by
        found.published_at = timezone.now()
        found.publicity_from, found.publicity_to = publicity_from, publicity_to
        found.archive_to = archive_to
        found.version += 1
        found.save()
        rounds.moved(found, "published", by)
        transaction.on_commit(lambda: _tell(found))
    return found


def authors(item: Consultation) -> set[int]:
    """Who answered or hid something; whoever prepared the round when nobody did."""
    answered = ConsultationAnswer.objects.filter(consultation=item)
    hidden = ConsultationComment.objects.filter(consultation=item).exclude(hidden_reason="")
    found = set(answered.values_list("answered_by", flat=True))
    found |= set(hidden.values_list("handled_by", flat=True))
    return found or {item.created_by_id}


def _check(item: Consultation, since: dt.date, to: dt.date, archive_to: dt.date | None) -> None:
    today = timezone.localdate()
    if today <= item.period_to:
        raise JigaiError(
            "still-open", f"公开期到 {formats.day(item.period_to)}，还在收意见", "截止以后再公示"
        )
    left = waiting(item).count()
    if left:
        raise JigaiError("unanswered", f"还有 {left} 条意见没有答复", "每条公开的意见都要有答复")
    if since < today:
        raise JigaiError("in-the-past", "公示期不能从过去的日子起", "从今天或以后起")
    if to < since:
        raise JigaiError("bad-publicity", "公示期止早于公示期起", "改正起止日期")
    if archive_to is not None and archive_to < to:
        raise JigaiError(
            "archive-before-publicity", "存档期止早于公示期止", "存档期长于公示期，或留空表示长期"
        )


def _tell(item: Consultation) -> None:
    wrote = ConsultationComment.objects.filter(consultation=item, author__isnull=False)
    for person in User.objects.filter(pk__in=wrote.values("author")).order_by("id"):
        send_notice(
            user=person,
            event="consultation-answered",
            title=f"采纳情况：{item.title}",
            body="您提的意见已有答复",
            url=reverse("consultation-detail", args=[item.pk]),
        )
