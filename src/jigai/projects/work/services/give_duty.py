"""包干: somebody answers for a zone or a project, from a day on."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from jigai.core.access import Access, access_of
from jigai.core.models import User
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.policies.addressees import reaches
from jigai.projects.models import ZoneDuty
from jigai.projects.work.access import MANAGE, VIEW, project_in_reach, require_region

EVENT = "project-duty"


def give_duty(
    *, person: User, region: str, since: dt.date, by: User, access: Access, zone: str = "",
    until: dt.date | None = None, project: int | None = None,
) -> ZoneDuty:  # fmt: skip
    """Record the duty and tell the person.

    A project has one person on any day, and so has a zone. Raises :class:`Denied` out of reach,
    :class:`JigaiError` for days the wrong way round, somebody who may not see the place, or a duty
    that somebody holds already.
    """
    row = project_in_reach(access, project, MANAGE) if project else None
    place = row.region_code[:6] if row else region
    require_region(access, MANAGE, place)
    if until is not None and until < since:
        raise JigaiError("duty-days", "止日早于起日", "核对日期")
    if not reaches(access_of(person), VIEW, place):
        raise JigaiError(
            "not-their-place", f"{person}看不到这个地区的项目", "先给这个人授权，或换一个人"
        )
    with transaction.atomic():
        held = ZoneDuty.objects.select_for_update().filter(
            Q(until__isnull=True) | Q(until__gte=since), region_code=place, zone=zone.strip(),
            project=row,
        )  # fmt: skip
        if until is not None:
            held = held.filter(since__lte=until)
        other = held.select_related("person").first()
        if other is not None:
            raise JigaiError(
                "duty-held", f"这一段时间由{other.person}负责（{other.since} 起）",
                "先结束原来的包干，或改日期",
            )  # fmt: skip
        made = ZoneDuty.objects.create(
            person=person, region_code=place, zone=zone.strip(), project=row, since=since,
            until=until, created_by=by,
        )  # fmt: skip
        about = row.name if row else (zone.strip() or place)
        transaction.on_commit(lambda: send_notice(
            user=person, event=EVENT, title=f"由您包干：{about}",
            body=f"自 {since} 起。请按期走访并记录。", url=reverse("zone-duty-list"),
        ))  # fmt: skip
    return made


def end_duty(*, duty: int, until: dt.date, access: Access) -> ZoneDuty:
    """The duty ends with a day. Raises :class:`Denied` out of reach, :class:`JigaiError` for a day
    before it began."""
    with transaction.atomic():
        row = ZoneDuty.objects.select_for_update().get(pk=duty)
        require_region(access, MANAGE, row.region_code)
        if until < row.since:
            raise JigaiError("duty-days", f"包干从 {row.since} 开始", "填这一天以后的日期")
        row.until = until
        row.version += 1
        row.save(update_fields=["until", "version"])
    return row
