"""Reminds those who have not reported for a month yet."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import pghistory
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.access.duties import in_force
from jigai.core.models import Assignment, Notice, User
from jigai.core.models.notice import NoticeChoice
from jigai.core.services.send_notice import send_notice
from jigai.projects.models import MonthlyPeriod
from jigai.projects.monthly.access import FILL, LOCK, require_region
from jigai.projects.monthly.due import overdue, unreported

DUE = "monthly-due"
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Reminded:
    """How many people were told about how many projects; ``alone`` have nobody to tell."""

    people: int
    projects: int
    alone: int


def remind_unreported(*, period: int, by: User | None, access: Access | None) -> Reminded:
    """Tell the people of every enterprise with an unreported project, each once for all projects.

    ``access`` is checked where a person asks; the schedule acts for nobody.
    """
    reason = "催报月报" if by else "按日程催报月报"
    with transaction.atomic(), pghistory.context(user=by.pk if by else None, reason=reason):
        row = MonthlyPeriod.objects.select_for_update(of=("self",)).get(pk=period)
        if access is not None:
            require_region(access, LOCK, row.region_code)
        waiting: dict[int | None, list[str]] = defaultdict(list)
        for enterprise, name in unreported(row).order_by("pk").values_list("enterprise", "name"):
            waiting[enterprise].append(name)
        people = _people([key for key in waiting if key is not None])
        for_user: dict[int, list[str]] = defaultdict(list)
        for enterprise, users in people.items():
            for user in users:
                for_user[user].extend(waiting[enterprise])
        _send(row, for_user)
        told = sum(len(waiting[enterprise]) for enterprise in people)
        total = sum(map(len, waiting.values()))
        row.reminded_at, row.reminded = timezone.now(), told
        row.save(update_fields=["reminded_at", "reminded"])
    return Reminded(len(for_user), told, total - told)


def _people(enterprises: list[int]) -> dict[int, set[int]]:
    """Active accounts that report for each enterprise."""
    found: dict[int, set[int]] = defaultdict(set)
    held = Assignment.objects.filter(
        in_force(), enterprise__in=enterprises, user__is_active=True,
        role__capabilities__contains=[FILL],
    )  # fmt: skip
    for enterprise, user in held.values_list("enterprise", "user"):
        found[enterprise].add(user)
    return found


def _send(period: MonthlyPeriod, for_user: dict[int, list[str]]) -> None:
    """One message a person; those without a choice of their own in one statement."""
    late = "已过截止日，" if overdue(period) else ""
    title = f"{period.year} 年 {period.month} 月投资月报{late or '请'}尽快报送"
    url = reverse("monthly-mine")
    chosen = set(
        NoticeChoice.objects.filter(event=DUE, user__in=for_user).values_list("user", flat=True)
    )
    for user in User.objects.filter(pk__in=chosen):
        body = _body(period, for_user[user.pk])
        send_notice(user=user, event=DUE, title=title, body=body, url=url)
    Notice.objects.bulk_create(
        Notice(user_id=user, event=DUE, title=title, body=_body(period, names), url=url)
        for user, names in for_user.items()
        if user not in chosen
    )


def _body(period: MonthlyPeriod, names: list[str]) -> str:
    named = "、".join(names[:_NAMED]) + (f" 等 {len(names)} 个项目" if len(names) > _NAMED else "")
    return f"{named}还没有报 {period.month} 月数据，截止 {period.cut_off:%Y-%m-%d}。"
