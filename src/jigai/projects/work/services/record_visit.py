"""走访: what somebody saw and heard at a project, and what comes next."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.projects.models import Visit
from jigai.projects.work.access import MANAGE, duties_for, project_in_reach, responsible_for


def may_visit(access: Access, project: int) -> bool:
    """Whether the person manages the work there, or answers for the project."""
    row = project_in_reach(access, project)
    if access.can(MANAGE):
        return True
    mine = duties_for(access).filter(person=access.user).exists()
    return mine and responsible_for([row], timezone.localdate()).get(row.pk) == access.user


def record_visit(
    *, project: int, visited_on: dt.date, met: str, found: str, by: User, access: Access,
    next_step: str = "", next_on: dt.date | None = None,
) -> Visit:  # fmt: skip
    """Keep one visit.

    Raises :class:`Denied` out of reach and :class:`JigaiError` for a day to come, nobody met,
    nothing found, or a next step before the visit.
    """
    row = project_in_reach(access, project)
    if not may_visit(access, project):
        access.require(MANAGE)
    if visited_on > timezone.localdate():
        raise JigaiError("visit-day", "走访日期还没有到", "走访以后再记录")
    if not met.strip() or not found.strip():
        raise JigaiError("visit-empty", "没有写见到谁、了解到什么", "两样都写")
    if next_on is not None and next_on < visited_on:
        raise JigaiError("visit-next", "下一步日期早于走访日期", "核对日期")
    if next_on is not None and not next_step.strip():
        raise JigaiError("visit-next", "写了下一步日期，没有写下一步做什么", "补上")
    with transaction.atomic():
        return Visit.objects.create(
            project=row, visited_on=visited_on, visitor=by, met=met.strip(), found=found.strip(),
            next_step=next_step.strip(), next_on=next_on,
        )  # fmt: skip
