"""Publishes the latest locked version of a month."""

from __future__ import annotations

import pghistory
from django.db import transaction
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.projects.models import MonthlyPeriod
from jigai.projects.monthly.services.lock_period import Status, held_period


def publish_lock(*, period: int, seen: int, by: User, access: Access) -> MonthlyPeriod:
    """Make the latest version the published one; those published before can still be read.

    Raises :class:`Denied` out of reach, :class:`JigaiError` for a month that is open, whose latest
    version is published already, or that was changed meanwhile.
    """
    with transaction.atomic(), pghistory.context(user=by.pk, reason="发布月报"):
        row = held_period(period, seen, access)
        if row.status != Status.LOCKED:
            raise JigaiError("month-open", f"{row.month} 月还没有锁定，不能发布", "先锁定再发布")
        latest = row.locks.order_by("-number").values_list("number", flat=True).first() or 0
        if row.published == latest:
            raise JigaiError("already-published", f"第 {latest} 版已经发布", "更正后重新锁定再发布")
        row.published, row.published_at, row.updated_by = latest, timezone.now(), by
        row.version += 1
        row.save()
    return row
