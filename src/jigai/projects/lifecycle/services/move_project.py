"""移交: from a day on another county keeps the project, or another enterprise carries it on."""

from __future__ import annotations

import datetime as dt

import pghistory
from django.db import transaction
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.models import Enterprise, Region, User
from jigai.errors import JigaiError
from jigai.projects.library.access import library_of
from jigai.projects.lifecycle.services.locked import locked_project
from jigai.projects.models import LibraryEntry, Project, ProjectMove


def move_project(
    *,
    project: int,
    to_region: str,
    to_enterprise: int | None,
    effective: dt.date,
    reason: str,
    seen: int,
    by: User,
    access: Access,
) -> ProjectMove:
    """Hand a project over; its number, its earlier reports and its years stay what they are.

    ``to_enterprise`` ``None`` leaves the owner. Raises :class:`JigaiError` when nothing changes,
    for a day to come, an unknown region or enterprise, or without a reason.
    """
    if effective > timezone.localdate():
        raise JigaiError("move-day", "生效日期还没有到", "到期再移交")
    if not reason.strip():
        raise JigaiError("move-reason", "没有写移交的原因", "写清依据，例如区划调整、企业合并")
    with transaction.atomic(), pghistory.context(user=by.pk, reason="项目移交"):
        row = locked_project(project, seen=seen, access=access)
        _check_target(row, to_region, to_enterprise)
        move = ProjectMove.objects.create(
            project=row, from_region=row.region_code, to_region=to_region,
            from_enterprise_id=row.enterprise_id,
            to_enterprise_id=to_enterprise or row.enterprise_id,
            effective=effective, reason=reason.strip(), created_by=by,
        )  # fmt: skip
        row.region_code, row.enterprise_id = to_region, to_enterprise or row.enterprise_id
        row.version += 1
        row.save(update_fields=["region_code", "enterprise", "version"])
        for entry in LibraryEntry.objects.filter(project=row):
            entry.region_code, entry.updated_by = library_of(to_region, entry.level), by
            entry.version += 1
            entry.save(update_fields=["region_code", "updated_by", "version", "updated_at"])
    return move


def _check_target(row: Project, region: str, enterprise: int | None) -> None:
    if region == row.region_code and (enterprise is None or enterprise == row.enterprise_id):
        raise JigaiError("move-nowhere", "属地和单位都没有变", "选新的属地或新的单位")
    if not Region.objects.filter(code=region).exists():
        raise JigaiError("unknown-region", f"没有区划 {region}", "从列表里选")
    if enterprise is not None and not Enterprise.objects.filter(pk=enterprise).exists():
        raise JigaiError("unknown-enterprise", "名录里没有这家企业", "从列表里选")
