"""Takes a duty away, now or at the end of a day."""

from __future__ import annotations

from datetime import date, timedelta

import pghistory
from django.db import transaction
from django.utils import timezone

from jigai.core.access.grants import Access, Denied
from jigai.core.access.people import covers
from jigai.core.models.access import Assignment
from jigai.core.services.last_administrator import keeping_an_administrator
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError


def end_assignment(
    *, by: Access, assignment: Assignment, reason: str, last_day: date | None = None
) -> Assignment:
    """Set the last day of a duty; without one it ends at once (yesterday was its last day).

    The row stays, for the record. Raises :class:`Denied` out of reach, ``JigaiError`` where it has
    ended already or the platform would be left without an administrator.
    """
    by.require("person.manage")
    today = timezone.localdate()
    with transaction.atomic(), pghistory.context(reason=reason):
        row = Assignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
        if not covers(by, "person.manage", row):
            raise Denied("out-of-reach", "这项授权不在您的管理范围之内")
        if row.valid_to and row.valid_to < today:
            raise JigaiError("duty-over", "这项授权已经结束")
        if last_day and last_day < today:
            raise JigaiError("duty-dates", "最后一天不能早于今天", "要立即结束，请把日期留空")
        row.valid_to = last_day or today - timedelta(days=1)
        row.is_primary = row.is_primary and last_day is not None
        with keeping_an_administrator():
            row.save(update_fields=["valid_to", "is_primary"])
        when = f"将于 {last_day} 结束" if last_day else "已结束"
        send_notice(
            user=row.user, event="duty-changed", title=f"您的“{row.role}”授权{when}",
            body=f"{row}。事由：{reason}",
        )  # fmt: skip
    return row
