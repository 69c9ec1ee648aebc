"""Who may take over a task: somebody who can do it, in a department it may go to."""

from __future__ import annotations

from jigai.cases.access import APPLY, HANDLE, SUPERVISE
from jigai.cases.models import Task
from jigai.cases.services.deed import Deed, TaskKind, TaskState
from jigai.cases.services.give_tasks import holders_of, pool
from jigai.cases.services.successors import heirs
from jigai.core.access.duties import in_force
from jigai.core.access.scoping import region_prefix
from jigai.core.models import Assignment, Department, User
from jigai.errors import JigaiError
from jigai.policies.addressees import reaches

_TO_WHOM = "选本部门、同一条线上下级部门的办理人员；跨部门的请督办人转办"


def departments_of(person: User) -> list[Department]:
    """The departments in which a person handles cases by a duty of their own."""
    held = Assignment.objects.filter(
        in_force(), user=person, department__isnull=False, role__capabilities__contains=[HANDLE]
    )
    return list(Department.objects.filter(pk__in=held.values("department")).order_by("id"))


def handles_cases(person: User) -> bool:
    """Whether a person handles cases at all, in whatever capacity."""
    held = Assignment.objects.filter(in_force(), user=person)
    return held.filter(role__capabilities__contains=[HANDLE]).exists()


def may_go_to(deed: Deed, department: Department) -> bool:
    """Whether the task may go to a department: the own one or what it became, the same line above
    or below it, or, where a supervisor sends it, any of the same region."""
    assert deed.task is not None and deed.access is not None
    own = deed.task.department
    if own is None or not _stands(department, deed):
        return False
    if department.pk in heirs(own, deed.today):
        return True
    regions = (own.region_code, department.region_code)
    if department.line == own.line and _related(*regions):
        return True
    oversees = reaches(deed.access, SUPERVISE, deed.case.region_code)
    return oversees and regions[0] == regions[1]


def place_for(deed: Deed, person: User) -> Department | None:
    """The department in which a person takes over the task; ``None`` for a task of no department.

    Raises :class:`JigaiError` for somebody who cannot do it or is in this step already.
    """
    task = deed.task
    assert task is not None
    require_new(deed, person)
    if task.department is None:
        if not _outside(deed, task, person):
            raise JigaiError("cannot-handle", f"{person}不能办理这项待办", "选有相应角色的人员")
        return None
    fits = [one for one in departments_of(person) if may_go_to(deed, one)]
    if not fits:
        raise JigaiError("cannot-handle", f"{person}不能办理{task.department}的待办", _TO_WHOM)
    return next((one for one in fits if one.pk == task.department_id), fits[0])


def require_new(deed: Deed, person: User) -> None:
    """Nobody decides twice in one step. Raises :class:`JigaiError` naming who is in it already."""
    task = deed.task
    assert task is not None
    if deed.by is not None and person.pk == deed.by.pk:
        raise JigaiError("to-oneself", "不能交给自己", "选别的人员")
    for other in deed.tasks:
        if other.step_id != task.step_id or other.kind == TaskKind.COPY:
            continue
        waits = other.state == TaskState.OPEN and other.person_id == person.pk
        decided = other.state == TaskState.DONE and other.acted_by_id == person.pk
        if waits or decided:
            raise JigaiError(
                "in-step-already", f"{person}在这一步已{'有待办' if waits else '办理过'}",
                "同一个人在一步里只表示一次意见，选别的人员",
            )  # fmt: skip


def _stands(department: Department, deed: Deed) -> bool:
    return department.valid_to is None or deed.today < department.valid_to


def _related(one: str, other: str) -> bool:
    return one.startswith(region_prefix(other)) or other.startswith(region_prefix(one))


def _outside(deed: Deed, task: Task, person: User) -> bool:
    if task.capability:
        return person in holders_of(task)
    if task.enterprise_id is not None:
        held = Assignment.objects.filter(in_force(), user=person, enterprise=task.enterprise_id)
        return held.filter(role__capabilities__contains=[APPLY]).exists()
    pools = [pool(unit.pool) for unit in deed.shape.who if unit.pool]
    mine = [people for people in pools if task.person_id in people]
    return any(person.pk in people for people in mine) if mine else handles_cases(person)
