"""Sends one person a message through the channels they chose."""

from __future__ import annotations

import logging

from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone

from jigai.core.models.notice import Notice, NoticeChoice
from jigai.core.models.user import User
from jigai.core.notice_events import event_of

log = logging.getLogger(__name__)


def send_notice(
    *, user: User, event: str, title: str, body: str = "", url: str = ""
) -> Notice | None:
    """Record the message and, after commit, mail it where wanted.

    ``None`` when the person wants this event through no channel. A mail that cannot be sent is
    logged and leaves ``emailed_at`` empty; it never undoes what caused it.
    """
    choice = NoticeChoice.objects.filter(user=user, event=event).first()
    kind = event_of(event)
    in_app = kind.forced or (choice.in_app if choice else True)
    by_email = choice.by_email if choice else kind.by_email
    if not in_app and not by_email:
        return None
    now = timezone.now()
    notice = Notice.objects.create(
        user=user, event=event, title=title[:200], body=body, url=url,
        read_at=None if in_app else now,
    )  # fmt: skip
    if by_email and user.email:
        transaction.on_commit(lambda: _mail(notice, user.email))
    return notice


def _mail(notice: Notice, address: str) -> None:
    try:
        send_mail(f"技改通：{notice.title}", notice.body or notice.title, None, [address])
    except OSError:
        log.exception("notice %s could not be mailed", notice.pk)
        return
    Notice.objects.filter(pk=notice.pk).update(emailed_at=timezone.now())
