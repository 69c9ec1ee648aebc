"""Opens a month of a region for reporting."""

from __future__ import annotations

import datetime as dt

import pghistory
from django.db import transaction

from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.projects.models import MonthlyPeriod
from jigai.projects.monthly.access import LOCK, require_region


def open_period(
    *, region_code: str, year: int, month: int, cut_off: dt.date, by: User, access: Access
) -> MonthlyPeriod:
    """Open the month, or give it another cut-off day while it is open.

    Raises :class:`Denied` outside one's region and :class:`JigaiError` for a locked month or a day
    before the month has ended.
    """
    require_region(access, LOCK, region_code)
    return put_period(region_code, year, month, cut_off, by)


def put_period(
    region_code: str, year: int, month: int, cut_off: dt.date, by: User | None
) -> MonthlyPeriod:
    """The same for the schedule, which acts for nobody."""
    if cut_off < dt.date(year, month, 28):
        raise JigaiError("cut-off-early", f"{month} 月还没有结束，截止日不能定在 {cut_off}",
                         "截止日一般定在次月")  # fmt: skip
    reason = "开月报期" if by else "按日程开月报期"
    with transaction.atomic(), pghistory.context(user=by.pk if by else None, reason=reason):
        period, fresh = MonthlyPeriod.objects.select_for_update(of=("self",)).get_or_create(
            region_code=region_code, year=year, month=month,
            defaults={"cut_off": cut_off, "updated_by": by},
        )  # fmt: skip
        if fresh or period.cut_off == cut_off:
            return period
        if period.status == MonthlyPeriod.Status.LOCKED:
            raise JigaiError("month-locked", f"{month} 月已锁定，不能再改截止日", "须先重开这个月")
        period.cut_off, period.updated_by = cut_off, by
        period.version += 1
        period.save()
    return period
