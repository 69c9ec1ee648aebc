"""Departments as a bureau keeps them: new ones, other names, mergers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pghistory
from django.db import transaction

from jigai.core.access.grants import Access
from jigai.core.models.department import Department, DepartmentAlias, DepartmentMerger
from jigai.core.pinyin import pinyin
from jigai.errors import JigaiError


def create_department(
    *, by: Access, region_code: str, name: str, short_name: str, line: str,
    parent: Department | None = None, valid_from: date | None = None,
) -> Department:  # fmt: skip
    """A department of a region. Raises ``JigaiError`` where the region has one of that name."""
    by.require("department.manage")
    with transaction.atomic(), pghistory.context(reason="新增部门"):
        if Department.objects.filter(region_code=region_code, name=name).exists():
            raise JigaiError("department-taken", f"该区划已有部门“{name}”")
        return Department.objects.create(
            region_code=region_code, name=name, short_name=short_name, line=line, parent=parent,
            valid_from=valid_from, pinyin=pinyin(name)[:200],
        )  # fmt: skip


def set_aliases(*, by: Access, department: Department, names: Iterable[str]) -> list[str]:
    """Replace the other names of a department; returns them sorted."""
    by.require("department.manage")
    wanted = {name.strip() for name in names if name.strip()} - {department.name}
    with transaction.atomic(), pghistory.context(reason="修改部门别名"):
        department.aliases.exclude(name__in=wanted).delete()
        held = set(department.aliases.values_list("name", flat=True))
        for name in sorted(wanted - held):
            DepartmentAlias.objects.create(department=department, name=name)
    return sorted(wanted)


def merge_departments(
    *, by: Access, old: Department, new: Department, on: date, note: str
) -> DepartmentMerger:
    """From a day on the old department is part of the new. Raises ``JigaiError`` for a circle."""
    by.require("department.manage")
    with transaction.atomic(), pghistory.context(reason=note):
        rows = {d.pk: d for d in Department.objects.select_for_update().order_by("id")
                .filter(pk__in=[old.pk, new.pk])}  # fmt: skip
        if len(rows) < 2 or _leads_to(new, old):
            raise JigaiError("department-circle", "部门不能并入自己，也不能并入自己的前身")
        former = rows[old.pk]
        former.valid_to = on
        former.save(update_fields=["valid_to"])
        return DepartmentMerger.objects.create(old=former, new=rows[new.pk], on=on, note=note)


def _leads_to(start: Department, goal: Department) -> bool:
    seen: set[int] = set()
    pending = [start.pk]
    while pending:
        current = pending.pop()
        if current == goal.pk:
            return True
        if current not in seen:
            seen.add(current)
            merged = DepartmentMerger.objects.filter(old_id=current)
            pending.extend(merged.values_list("new_id", flat=True))
    return False
