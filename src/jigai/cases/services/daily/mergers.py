"""Departments that went over into others: what waited in them waits in the new ones."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db import transaction

from jigai.cases.models import Case, CaseRecord, Task
from jigai.cases.services.deed import TaskState
from jigai.cases.services.successors import mergers_until, way_of
from jigai.core.models import DepartmentMerger

_BATCH = 500


def follow_mergers(day: dt.date) -> int:
    """Move the open tasks of departments that have ended; the number of cases touched.

    Each gets a line of 流转记录 that names the merger and what it rests on.
    """
    mergers = mergers_until(day)
    if not mergers:
        return 0
    left = Task.objects.filter(state=TaskState.OPEN, department__in=list(mergers))
    cases = sorted(set(left.values_list("case", flat=True)))
    for start in range(0, len(cases), _BATCH):
        _move(cases[start : start + _BATCH], mergers)
    return len(cases)


def _move(cases: list[int], mergers: dict[int, DepartmentMerger]) -> None:
    with transaction.atomic():
        # The lock of a case, of many at once and always in the same order.
        list(Case.objects.select_for_update(of=("self",)).filter(pk__in=cases).order_by("pk"))
        rows = Task.objects.filter(
            case__in=cases, state=TaskState.OPEN, department__in=list(mergers)
        ).order_by("pk")
        by_department: dict[int, list[Task]] = defaultdict(list)
        for task in rows:
            by_department[task.department_id].append(task)
        for old, tasks in by_department.items():
            _into(tasks, way_of(old, mergers))


def _into(tasks: list[Task], way: list[DepartmentMerger]) -> None:
    new = way[-1].new
    said = "；".join(
        f"{m.old.name}于 {m.on} 并入{m.new.name}" + (f"（{m.note}）" if m.note else "") for m in way
    )
    Task.objects.filter(pk__in=[task.pk for task in tasks]).update(department=new)
    CaseRecord.objects.bulk_create(
        CaseRecord(
            case_id=task.case_id, step_id=task.step_id, task=task, verb="move", unit=str(new),
            reason=f"{said}，待办随之转移", data={"merger": way[-1].pk, "to": new.pk},
        )
        for task in tasks
    )  # fmt: skip
