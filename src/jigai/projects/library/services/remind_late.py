"""提醒更新: who answers for projects of which nothing was recorded for too long is told."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils import timezone

from jigai.core.models import Notice, User
from jigai.core.services.send_notice import send_notice
from jigai.policies.addressees import people_with
from jigai.projects.library.ledgers import PERIOD, late, with_touched
from jigai.projects.models import Project
from jigai.projects.work.access import responsible_for

EVENT = "project-ledger"


def remind_late(*, now: dt.datetime | None = None, days: int = PERIOD, region: str = "") -> int:
    """One notice a person and month, with how many of theirs are late; the number told.

    Where nobody answers for a project, those who keep the records of its county are told. A second
    run in the same month tells nobody again. ``region`` limits it to codes that begin so.
    """
    moment = now or timezone.now()
    rows = Project.objects.filter(duplicate_of__isnull=True, region_code__startswith=region)
    rows = rows.select_related("enterprise").defer("search", "enterprise__search")
    projects = list(late(with_touched(rows), days, moment).order_by("pk"))
    month = timezone.localtime(moment).strftime("%Y-%m")
    url = f"{reverse('library-ledger')}?late=yes&days={days}&month={month}"
    told = set(Notice.objects.filter(event=EVENT, url=url).values_list("user_id", flat=True))
    mine = [item for item in _people(projects, moment.date()).items() if item[0].pk not in told]
    for person, names in mine:
        more = f"等 {len(names)} 个项目" if len(names) > 1 else ""
        send_notice(
            user=person, event=EVENT, title=f"台账超过 {days} 天没有更新：{names[0]}{more}",
            body="请更新进展、问题或走访；没有进展也请报月报“本月无进展”。", url=url,
        )  # fmt: skip
    return len(mine)


def _people(projects: list[Project], today: dt.date) -> dict[User, list[str]]:
    persons = responsible_for(projects, today)
    keepers: dict[str, list[User]] = {}
    found: dict[User, list[str]] = {}
    for row in projects:
        own = persons.get(row.pk)
        county = row.region_code[:6]
        if own is None and county not in keepers:
            keepers[county] = people_with("project.edit", county)
        for person in [own] if own else keepers[county]:
            found.setdefault(person, []).append(row.name)
    return found
