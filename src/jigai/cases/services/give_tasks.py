"""Gives out the tasks of a step: to a department, the applicant, a pool, a person or a duty."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jigai.cases.access import HANDLE
from jigai.cases.flow.shapes import STARTER, Step, Unit
from jigai.cases.models import Case, CaseStep, Task
from jigai.cases.services.deed import Deed
from jigai.core.access.duties import in_force
from jigai.core.departments import DepartmentNotFound, line_name
from jigai.core.models import Assignment, Department, User
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.policies.addressees import people_with

LEVEL_WORDS = {"county": "县级", "city": "市级", "province": "省级", "own": "本级"}


def region_at(region_code: str, level: str) -> str:
    """The region of a level that a region lies in: 370812 at city level is 370800.

    Raises :class:`JigaiError` where the region is above that level.
    """
    if level == "own" or len(region_code) != 6:
        return region_code
    if level == "province":
        return region_code[:2] + "0000"
    if level == "city" and region_code[2:4] != "00":
        return region_code[:4] + "00"
    if level == "county" and region_code[4:] != "00":
        return region_code
    raise JigaiError(
        "no-such-level", f"{region_code} 没有{LEVEL_WORDS[level]}", "改用本级，或在下级地区办理"
    )


def department_of(unit: Unit, region_code: str, on: dt.date) -> Department:
    """The department of a line at a level that stands on a day.

    Raises :class:`DepartmentNotFound` naming line, region and what to do.
    """
    region = region_at(region_code, unit.level)
    rows = Department.objects.filter(line=unit.line, region_code=region).order_by("-id")
    standing = [
        row for row in rows
        if (row.valid_from is None or row.valid_from <= on)
        and (row.valid_to is None or on < row.valid_to)
    ]  # fmt: skip
    if not standing:
        raise DepartmentNotFound(
            "no-department", f"{region} 没有“{line_name(unit.line)}”条线的部门",
            "在部门名录里补登，或改由别的部门办理",
        )  # fmt: skip
    return standing[0]


def give_tasks(deed: Deed, row: CaseStep, step: Step) -> None:
    """The tasks of a step that has just begun, and a message to each who can do them."""
    made = [task for unit in step.who for task in _tasks(deed, row, unit)]
    if step.deed != "wait" and not made:
        raise JigaiError("nobody", f"步骤“{step.name}”没有人可以办理", "给相应的角色授权之后再办")
    Task.objects.bulk_create(made)
    case, name = deed.case, step.name

    def send() -> None:
        for task in made:
            tell(case, task, f"待办：{name}")

    transaction.on_commit(send)


def _tasks(deed: Deed, row: CaseStep, unit: Unit) -> list[Task]:
    case = deed.case
    if unit.line:
        department = department_of(unit, case.region_code, deed.today)
        return [Task(case=case, step=row, department=department)]
    if unit.applicant:
        if case.enterprise_id is not None:
            return [Task(case=case, step=row, enterprise_id=case.enterprise_id)]
        return [Task(case=case, step=row, person_id=case.started_by_id)]
    if unit.capability:
        return [Task(case=case, step=row, capability=unit.capability, barred=_barred(deed, unit),
                     region_code=case.region_code)]  # fmt: skip
    if unit.person:
        person = User.objects.filter(username__iexact=unit.person, is_active=True).first()
        return [Task(case=case, step=row, person=person)] if person else []
    return [Task(case=case, step=row, person_id=pk) for pk in pool(unit.pool)]


def _barred(deed: Deed, unit: Unit) -> User | None:
    """Who may not do it, because they did what it is to look at."""
    if unit.apart == STARTER:
        return deed.case.started_by
    rows = Task.objects.filter(case=deed.case, step__code=unit.apart, state=Task.State.DONE)
    last = rows.exclude(kind=Task.Kind.COPY).order_by("-done_at", "-id").first()
    return last.acted_by if last is not None else None


def pool(role: str) -> list[int]:
    """The active accounts that hold a role today."""
    held = Assignment.objects.filter(in_force(), role__code=role, user__is_active=True)
    return sorted(set(held.values_list("user", flat=True)))


def people_of(task: Task) -> list[User]:
    """The active accounts a task may be done by."""
    if task.person_id is not None:
        lent = task.deputy_until is not None and task.deputy_until >= timezone.localdate()
        pks = [task.person_id, task.deputy_id if lent else None]
        return list(User.objects.filter(pk__in=pks, is_active=True))
    if task.capability:
        return holders_of(task)
    held = Assignment.objects.filter(in_force(), user__is_active=True)
    if task.department_id is not None:
        held = held.filter(department=task.department_id, role__capabilities__contains=[HANDLE])
    else:
        held = held.filter(enterprise=task.enterprise_id)
    return list(User.objects.filter(pk__in=held.values("user")).order_by("id"))


def kept_address(task: Task) -> dict[str, Any]:
    """What a task that takes the place of another keeps: which right it needs, who is barred."""
    return {
        "capability": task.capability, "region_code": task.region_code,
        "barred_id": task.barred_id,
    }  # fmt: skip


def holders_of(task: Task) -> list[User]:
    """Who holds the capability a task is addressed to, apart from whoever is barred."""
    found = people_with(task.capability, task.region_code)
    return [person for person in found if person.pk != task.barred_id]


def tell(case: Case, task: Task, title: str, body: str = "") -> None:
    """A message to everybody who can do a task."""
    for person in people_of(task):
        send_notice(
            user=person, event="case-task", title=f"{title}（{case.title}）", body=body,
            url=reverse("case-detail", args=[case.number]),
        )  # fmt: skip
