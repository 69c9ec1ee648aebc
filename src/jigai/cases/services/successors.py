"""Departments that went over into others: which one has the work now."""

from __future__ import annotations

import datetime as dt

from jigai.core.models import Department, DepartmentMerger


def mergers_until(day: dt.date) -> dict[int, DepartmentMerger]:
    """The latest merger of each department that has gone over by a day, by the old one's id."""
    rows = DepartmentMerger.objects.filter(on__lte=day).select_related("old", "new")
    return {row.old_id: row for row in rows.order_by("on", "id")}


def way_of(department: int, mergers: dict[int, DepartmentMerger]) -> list[DepartmentMerger]:
    """The mergers a department went through, first to last; empty where it still stands."""
    way: list[DepartmentMerger] = []
    at = department
    while at in mergers and mergers[at] not in way:
        way.append(mergers[at])
        at = mergers[at].new_id
    return way


def heirs(department: Department, day: dt.date) -> set[int]:
    """The ids of a department and of everything it became."""
    way = way_of(department.pk, mergers_until(day))
    return {department.pk, *(step.new_id for step in way)}
