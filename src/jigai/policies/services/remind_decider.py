"""Reminds those who decide about an open parameter, once a day at most."""

from __future__ import annotations

import re

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access, Denied
from jigai.core.departments import DepartmentNotFound, find_department
from jigai.core.models import Department, Notice, User
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.policies.addressees import people_with, reaches
from jigai.policies.models import PackVersion
from jigai.policies.open_parameters import check_open
from jigai.policies.standing import current_version

EVENT = "parameter-open"


def remind_decider(*, slug: str, parameter: str, by: User, access: Access) -> int:
    """Tell the people of the departments the document names, or, where none can be found, everybody
    who may propose a value; the number told.

    Raises :class:`Denied` outside one's region and :class:`JigaiError` for a second time in a day.
    """
    access.require("parameter.propose")
    version = current_version(slug)
    if not reaches(access, "parameter.propose", version.region_code, slug=slug):
        raise Denied("out-of-reach", "这份文件不由您所在的地区执行")
    declared = check_open(version, parameter, "", "")
    url = reverse("parameter-detail", args=[slug, parameter])
    who = declared.decides or "有权部门"
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"remind:{url}"])
        today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        if Notice.objects.filter(event=EVENT, url=url, created_at__gte=today).exists():
            raise JigaiError("reminded-today", "今天已经提醒过", "明天再提醒")
        told = [
            notice
            for person in deciders(version, declared.decides)
            if (notice := send_notice(
                user=person,
                event=EVENT,
                title=f"待确定：{declared.name}",
                body=f"{version.title} {declared.clause} 没有给出这个值，由{who}确定",
                url=url,
            ))
        ]  # fmt: skip
    return len(told)


def deciders(version: PackVersion, decides: str) -> list[User]:
    """People who may propose a value and serve in a department named in ``decides``; everybody who
    may propose one where the directory knows none of the names or nobody serves there."""
    able = people_with("parameter.propose", version.region_code, version.slug)
    named = {row.pk for row in _departments(version, decides)}
    chosen = [p for p in able if p.assignments.filter(department__in=named).exists()]
    return chosen or able


def _departments(version: PackVersion, decides: str) -> list[Department]:
    found = []
    for name in re.split(r"[、，,；;]", decides):
        try:
            found.append(
                find_department(name, version.region_code, timezone.localdate()).department
            )
        except DepartmentNotFound:
            continue  # 推进工作组 and the like are no departments
    return found
