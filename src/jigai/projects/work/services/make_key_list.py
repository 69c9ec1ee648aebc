"""编制清单: draws up a year's list from conditions, and keeps its lines."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.projects.models import KeyList, KeyListLine, Project
from jigai.projects.selectors import projects_for
from jigai.projects.work.access import require_region
from jigai.projects.work.key_lists import EDIT, candidates


def make_key_list(
    *, region: str, year: int, title: str, by: User, access: Access, clause: str = "",
    conditions: dict[str, Any] | None = None,
) -> KeyList:  # fmt: skip
    """A list with every project that fulfils the conditions; the conditions stay with it. The
    responsible unit is first the town of the enterprise, where it is known.

    Raises :class:`Denied` out of reach and :class:`JigaiError` where none does.
    """
    require_region(access, EDIT, region)
    kept = {k: v for k, v in (conditions or {}).items() if v not in (None, "", [], False)}
    found = candidates(access, region, year, kept)
    if not title.strip():
        raise JigaiError("no-title", "没有写名称", "例如“2021年重点技改项目清单”")
    if not found:
        raise JigaiError("none-fits", "没有符合条件的项目", "放宽条件，或先导入台账")
    with transaction.atomic():
        made = KeyList.objects.create(
            region_code=region, year=year, title=title.strip(), clause=clause.strip(),
            conditions=kept, created_by=by,
        )  # fmt: skip
        KeyListLine.objects.bulk_create(
            KeyListLine(key_list=made, project=row, place=place, planned_fen=row.planned_fen,
                        unit=row.enterprise.town if row.enterprise else "",
                        joined_reason="符合筛选条件")
            for place, row in enumerate(found, 1)
        )  # fmt: skip
    return made


def held_list(key_list: int, access: Access, capability: str = EDIT) -> KeyList:
    """The list, locked. Raises :class:`Denied` out of reach."""
    row = KeyList.objects.select_for_update().get(pk=key_list)
    require_region(access, capability, row.region_code)
    return row


def _line(line: int, access: Access) -> KeyListLine:
    row = KeyListLine.objects.select_related("project").get(pk=line)
    held_list(row.key_list_id, access)
    row = KeyListLine.objects.select_related("project").get(pk=line)
    if row.left_at is not None:
        raise JigaiError("line-left", "这个项目已经移出清单", "刷新页面")
    return row


def change_line(
    *, line: int, unit: str, planned_fen: int | None, seen: int, by: User, access: Access
) -> KeyListLine:
    """Who is responsible and how much is planned; the next version tells what changed."""
    if not unit.strip():
        raise JigaiError("no-unit", "没有写责任单位", "填写责任单位")
    with transaction.atomic():
        row = _line(line, access)
        if row.version != seen:
            raise JigaiError("changed", "这一行刚有人改过，您的还没有保存", "刷新后再改")
        row.unit, row.planned_fen = unit.strip(), planned_fen
        row.version += 1
        row.save(update_fields=["unit", "planned_fen", "version"])
    return row


def join_list(
    *, key_list: int, number: str, unit: str, planned_fen: int | None, reason: str, by: User,
    access: Access,
) -> KeyListLine:  # fmt: skip
    """A project joins, with the reason. Raises :class:`JigaiError` for one that is not in reach,
    a repeated row, or one on the list already."""
    if not reason.strip() or not unit.strip():
        raise JigaiError("no-reason", "没有写列入理由或责任单位", "两样都写")
    with transaction.atomic():
        row = held_list(key_list, access)
        project = projects_for(access).filter(number=number.strip()).first()
        _require_fit(row, project, number)
        assert project is not None
        last = row.lines.order_by("-place").values_list("place", flat=True).first()
        return KeyListLine.objects.create(
            key_list=row, project=project, place=(last or 0) + 1, unit=unit.strip(),
            planned_fen=planned_fen, joined_reason=reason.strip(),
        )  # fmt: skip


def _require_fit(row: KeyList, project: Project | None, number: str) -> None:
    from jigai.core.access.scoping import region_prefix

    if project is None or project.duplicate_of_id is not None:
        raise JigaiError("no-project", f"没有编号“{number.strip()}”的项目", "编号在项目页上")
    if not project.region_code.startswith(region_prefix(row.region_code)):
        raise JigaiError("not-here", "这个项目不在清单的地区", "选本地区的项目")
    if row.lines.filter(project=project, left_at__isnull=True).exists():
        raise JigaiError("on-list", "这个项目已在清单上", "不必再列")


def leave_list(*, line: int, reason: str, by: User, access: Access) -> KeyListLine:
    """A project leaves, with the reason; the row stays."""
    if not reason.strip():
        raise JigaiError("no-reason", "没有写移出原因", "写明为什么移出")
    with transaction.atomic():
        row = _line(line, access)
        row.left_at, row.left_reason = timezone.now(), reason.strip()
        row.version += 1
        row.save(update_fields=["left_at", "left_reason", "version"])
    return row
