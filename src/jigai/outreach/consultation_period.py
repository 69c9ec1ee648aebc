"""When a consultation takes comments, in words people can check against a calendar."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q

from jigai.core.calendar import WorkCalendar
from jigai.core.screens import formats
from jigai.outreach.models import Consultation

Status: Any = Consultation.Status
DRAFT, UPCOMING, OPEN, CLOSED, PUBLISHED, FINAL, DROPPED = (
    "draft", "upcoming", "open", "closed", "published", "final", "dropped",
)  # fmt: skip
STAGE_WORDS = {
    DRAFT: "拟稿",
    UPCOMING: "即将公开",
    OPEN: "公开中",
    CLOSED: "已截止",
    PUBLISHED: "已公示采纳情况",
    FINAL: "已定稿",
    DROPPED: "未公开",
}
# Status codes of the house style.
STAGE_LOOKS = {
    DRAFT: "draft",
    UPCOMING: "waiting",
    OPEN: "active",
    CLOSED: "closed",
    PUBLISHED: "done",
    FINAL: "installed",
    DROPPED: "withdrawn",
}
_DAY = dt.timedelta(days=1)


def stage_of(item: Consultation, day: dt.date) -> str:
    """Where a consultation stands on a day: an open one begins and ends by its dates alone."""
    if item.status != Status.OPEN:
        return str(item.status)
    if day < item.period_from:
        return UPCOMING
    return OPEN if day <= item.period_to else CLOSED


def in_stage(stage: str, day: dt.date) -> Q:
    """The condition on rows that are at a stage on a day."""
    if stage == UPCOMING:
        return Q(status=Status.OPEN, period_from__gt=day)
    if stage == OPEN:
        return Q(status=Status.OPEN, period_from__lte=day, period_to__gte=day)
    if stage == CLOSED:
        return Q(status=Status.OPEN, period_to__lt=day)
    return Q(status=stage)


def period_words(item: Consultation, calendar: WorkCalendar) -> str:
    """The period with its days and working days, both ends counted."""
    since, to = item.period_from, item.period_to
    days = (to - since).days + 1
    worked = calendar.workdays_between(since - _DAY, to)
    words = f"{formats.day(since)} 至 {formats.day(to)}，首尾两日都算，共 {days} 日"
    words += f"，其中 {worked} 个工作日"
    if calendar.is_provisional(since, to):
        words += "（有的年份放假安排还没有登记，工作日数为暂计）"
    if not calendar.is_workday(to):
        words += "；截止日不是工作日，当天仍可在网上提交"
    return words


def remaining_words(item: Consultation, day: dt.date) -> str:
    """How long comments are still taken, or since when not."""
    stage = stage_of(item, day)
    if stage in (DRAFT, DROPPED):
        return "还没有批准公开" if stage == DRAFT else "没有公开"
    if stage == UPCOMING:
        return f"还有 {(item.period_from - day).days} 日开始"
    if stage == OPEN:
        left = (item.period_to - day).days
        return f"还有 {left} 日" if left else "今天是最后一日"
    return f"已于 {formats.day(item.period_to)} 截止"


def on_display(item: Consultation, day: dt.date) -> bool:
    """Whether the adoption is under publicity on a day, when people may object."""
    since, to = item.publicity_from, item.publicity_to
    return since is not None and to is not None and since <= day <= to


def can_be_looked_up(item: Consultation, day: dt.date) -> bool:
    """Whether the adoption is public on a day at all: from publicity until the archive ends."""
    if item.status not in (Status.PUBLISHED, Status.FINAL) or item.publicity_from is None:
        return False
    return item.publicity_from <= day and (item.archive_to is None or day <= item.archive_to)


def adoption_public(day: dt.date) -> Q:
    """The same as a condition on rows."""
    kept = Q(archive_to__isnull=True) | Q(archive_to__gte=day)
    return kept & Q(status__in=(Status.PUBLISHED, Status.FINAL), publicity_from__lte=day)
