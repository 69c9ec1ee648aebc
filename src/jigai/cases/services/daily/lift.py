"""上报上一级: a step that stays overdue is put before the same line one level up."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from jigai.cases.flow.shapes import Unit
from jigai.cases.models import CaseStep, Task
from jigai.cases.services.deed import TaskKind, TaskState
from jigai.cases.services.give_tasks import department_of
from jigai.core.models import Department
from jigai.errors import JigaiError

_HOME = "miit"


def office_above(task: Task, region: str) -> Department | None:
    """The department of the task's line one level up; that of the bureau where there is none, and
    ``None`` at the top. A task of an enterprise or a person goes up by the bureau's own line."""
    own = task.department
    place = own.region_code if own else region
    level = _next(place)
    if not level:
        return None
    for line in dict.fromkeys([own.line if own else _HOME, _HOME]):
        try:
            return department_of(Unit(line=line, level=level), place, timezone.localdate())
        except JigaiError:
            continue
    return None


def _next(region: str) -> str:
    if len(region) != 6 or region.endswith("0000"):
        return ""
    return "province" if region.endswith("00") else "city"


def lift(steps: Iterable[CaseStep]) -> int:
    """Let the offices above read these cases from now on (抄送), each once; the number let in."""
    made: list[Task] = []
    for step in steps:
        rows = Task.objects.filter(step=step, state=TaskState.OPEN).exclude(kind=TaskKind.COPY)
        offices = {office_above(task, step.case.region_code)
                   for task in rows.select_related("department")}  # fmt: skip
        known = set(
            Task.objects.filter(case=step.case_id, kind=TaskKind.COPY, state=TaskState.OPEN)
            .exclude(department=None).values_list("department", flat=True)
        )  # fmt: skip
        made += [
            Task(case=step.case, kind=TaskKind.COPY, department=office)
            for office in offices if office is not None and office.pk not in known
        ]  # fmt: skip
    Task.objects.bulk_create(made)
    return len(made)
