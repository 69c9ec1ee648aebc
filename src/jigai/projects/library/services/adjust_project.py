"""动态调整: one value of a project in the library changes, with why and what it touches."""

from __future__ import annotations

from typing import Any

import pghistory
from django.db import transaction
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.projects.library.adjustable import (
    DAY,
    DIRECTION,
    MONEY,
    PARTS,
    Part,
    current,
    read,
    words,
)
from jigai.projects.library.codes import Statement
from jigai.projects.library.effects import effects_of
from jigai.projects.library.window import read_only_because
from jigai.projects.lifecycle.services.locked import locked_project
from jigai.projects.models import (
    Adjustment,
    LibraryEntry,
    MainDirection,
    Project,
    ProjectInvestment,
)
from jigai.projects.states import NOT_STARTED

_WHOLE = 0


def adjust_project(
    *, project: int, part: str, value: str, reason: str, seen: int, by: User, access: Access
) -> Adjustment:
    """Set the new value (as typed), keep the old one, the reason and what rested on it.

    Raises :class:`Denied` out of reach; :class:`JigaiError` without a reason, for a project that is
    in no library or lies outside the window, a value that does not fit or is the same, and when
    somebody changed the project since version ``seen``.
    """
    given = _part(part)
    if not reason.strip():
        raise JigaiError("adjust-reason", "调整要写原因", "写清依据，例如变更备案的文号")
    new = read(given, value)
    with transaction.atomic(), pghistory.context(user=by.pk, reason=f"动态调整：{reason.strip()}"):
        row = locked_project(project, seen=seen, access=access)
        check_adjustable(row, given)
        old = current(given, row)
        if old == new:
            raise JigaiError("adjust-same", "新值与原值相同", "不用调整")
        made = Adjustment.objects.create(
            project=row, field=given.label, before=words(given, old), after=words(given, new),
            reason=reason.strip(), effects=effects_of(access, row, given, new), created_by=by,
        )  # fmt: skip
        _set(row, given, new, reason.strip(), by)
    return made


def check_adjustable(row: Project, part: Part) -> None:
    """Raises :class:`JigaiError` for what the library does not let be changed."""
    if not LibraryEntry.objects.filter(project=row).exists():
        raise JigaiError("not-in-library", "项目没有进过库，不用动态调整", "上报入库以后再调整")
    closed = read_only_because(row)
    if closed:
        raise JigaiError("outside-window", closed, "有错请由管这一级库的部门更正")
    if part.key == "late" and not (row.state in NOT_STARTED and row.start):
        raise JigaiError("not-late", "项目已经开工，或没有计划开工日期", "核对项目所处阶段")


def _part(key: str) -> Part:
    if key not in PARTS:
        raise JigaiError("adjust-part", f"没有“{key}”这一项", "从列表里选")
    return PARTS[key]


def _set(row: Project, part: Part, value: Any, reason: str, by: User) -> None:
    changed = ["version"]
    if part.column:
        setattr(row, part.column, value)
        changed.append(part.column)
        if part.key in row.cell_errors:
            row.cell_errors = [name for name in row.cell_errors if name != part.key]
            changed.append("cell_errors")
    if part.kind == DAY:
        setattr(row, f"{part.key}_precision", "day")
        changed.append(f"{part.key}_precision")
    if part.kind == MONEY:
        _set_filed(row, part.key, value)
    if part.kind == DIRECTION:
        changed += _set_direction(row, value, reason, by)
    row.version += 1
    row.save(update_fields=changed)


def _set_filed(row: Project, kind: str, value: int) -> None:
    """The filed statement goes along where there is one; the statistical one never does."""
    found = ProjectInvestment.objects.filter(
        project=row, year=_WHOLE, statement=Statement.FILED, kind=kind
    ).first()
    if found is not None:
        found.amount_fen, found.source = value, "动态调整"
        found.version += 1
        found.save(update_fields=["amount_fen", "source", "version"])


def _set_direction(row: Project, value: str, reason: str, by: User) -> list[str]:
    settled = MainDirection.objects.filter(project=row).first() or MainDirection(
        project=row, version=0
    )
    settled.direction, settled.reason, settled.settled_by = value, reason, by
    settled.settled_on = timezone.localdate()
    settled.version += 1
    settled.save()
    tag = f"direction/{value}"
    if tag in row.tags:
        return []
    row.tags = [*row.tags, tag]
    return ["tags"]
