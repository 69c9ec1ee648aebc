"""Opens a locked month again, so that it can be corrected and locked as a new version."""

from __future__ import annotations

import pghistory
from django.db import transaction

from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.projects.models import MonthlyPeriod
from jigai.projects.monthly.services.lock_period import Status, held_period


def reopen_period(
    *, period: int, seen: int, reason: str, by: User, access: Access
) -> MonthlyPeriod:
    """Reopen with a reason, which the next version carries; earlier versions stay readable.

    Raises :class:`Denied` out of reach, :class:`JigaiError` without a reason, when the month is
    open or was changed meanwhile.
    """
    if not reason.strip():
        raise JigaiError("no-reason", "重开须写明原因", "写清要更正什么、依据是什么")
    with transaction.atomic(), pghistory.context(user=by.pk, reason=f"重开月报：{reason.strip()}"):
        row = held_period(period, seen, access)
        if row.status != Status.LOCKED:
            raise JigaiError("month-open", f"{row.month} 月没有锁定", "可以直接填报")
        row.status, row.reopened_reason, row.updated_by = Status.OPEN, reason.strip()[:400], by
        row.version += 1
        row.save()
    return row
