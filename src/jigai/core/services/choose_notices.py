"""Keeps through which channels a person wants to hear of what."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from django.db import transaction

from jigai.core.models.notice import NoticeChoice
from jigai.core.models.user import User
from jigai.core.notice_events import known_events


def choose_notices(*, user: User, in_app: Set[str], by_email: Set[str]) -> None:
    """Store one row a kind; kinds that cannot be switched off stay on."""
    with transaction.atomic():
        NoticeChoice.objects.filter(user=user).delete()
        NoticeChoice.objects.bulk_create(
            NoticeChoice(
                user=user, event=event.code, in_app=event.forced or event.code in in_app,
                by_email=event.code in by_email,
            )
            for event in known_events()
        )  # fmt: skip


def choices_of(user: User) -> list[dict[str, Any]]:
    """Every kind with the person's choice, or its default."""
    held = {row.event: row for row in NoticeChoice.objects.filter(user=user)}
    lines = []
    for event in known_events():
        row = held.get(event.code)
        lines.append(
            {
                "event": event,
                "in_app": event.forced or (row.in_app if row else True),
                "by_email": row.by_email if row else event.by_email,
            }
        )
    return lines
