"""领办、转办、委托."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from jigai.cases.access import HANDLE, giver_of, holds
from jigai.cases.models import Task
from jigai.cases.services.deed import Deed, TaskState
from jigai.cases.services.eligible import may_go_to, place_for
from jigai.cases.services.give_tasks import kept_address, tell
from jigai.cases.services.given import a_day, a_person
from jigai.cases.services.successors import heirs
from jigai.core.access.duties import in_force
from jigai.core.models import Assignment, Department, User
from jigai.errors import JigaiError


def claim(deed: Deed) -> None:
    """领办: what waits for anybody of a department is now this person's."""
    task = deed.task
    assert task is not None
    if task.person_id is not None:
        who = "您" if deed.by and task.person_id == deed.by.pk else str(task.person)
        raise JigaiError("task-taken", f"这项待办已由{who}领办", "直接办理，或转办")
    task.person = _taker(deed, task)
    task.save(update_fields=["person"])
    deed.note()


def _taker(deed: Deed, task: Task) -> User | None:
    """Whose it becomes: a deputy takes it for the absent person, who keeps it afterwards."""
    desk = deed.desk
    assert desk is not None
    if task.capability and (giver := giver_of(task, desk)):
        return User.objects.get(pk=giver)
    if task.department is None or task.department_id not in desk.by_delegation:
        return deed.by
    held = Assignment.objects.filter(
        in_force(), user__in=list(desk.absent), department__in=heirs(task.department, deed.today),
        role__capabilities__contains=[HANDLE],
    )  # fmt: skip
    first = held.select_related("user").order_by("id").first()
    return first.user if first else deed.by


def transfer(deed: Deed) -> None:
    """转办 to a person (``to``) or to a department (``department``): the old task ends, a new one
    begins, and 流转记录 keeps the chain."""
    task = deed.task
    assert task is not None
    person, department = _target(deed)
    task.state = TaskState.CANCELLED
    task.save(update_fields=["state"])
    new = Task.objects.create(
        case=deed.case, step=task.step, kind=task.kind, department=department, person=person,
        enterprise_id=task.enterprise_id, added_by_id=task.added_by_id, due=task.due,
        **kept_address(task),
    )  # fmt: skip
    whom = f"{department or ''} {person or ''}".strip()
    deed.note(to=whom, into=new.pk, before=str(task.person or task.department or ""))
    _tell(deed, new, "转办给您的待办")


def _target(deed: Deed) -> tuple[User | None, Department | None]:
    task = deed.task
    assert task is not None
    if deed.data.get("to") not in ("", None):
        person = a_person(deed.data["to"])
        return person, place_for(deed, person)
    given = str(deed.data.get("department") or "")
    found = Department.objects.filter(pk=given).first() if given.isdigit() else None
    if found is None or not may_go_to(deed, found):
        raise JigaiError(
            "bad-department", "不能转办到这个部门",
            "选同一条线的上下级部门；转到本级其他部门请督办人办理",
        )  # fmt: skip
    if task.person_id is None and found.pk == task.department_id:
        raise JigaiError("same-department", f"已经由{found}办理", "选别的部门或具体人员")
    return None, found


def delegate(deed: Deed) -> None:
    """委托 one's task to another (``to``) until a day, included (``until``); ``end`` takes it back.

    The principal may act all the while. A task of the department becomes one's own with it.
    """
    task, desk = deed.task, deed.desk
    assert task is not None and desk is not None
    if holds(task, desk) != "handler":
        raise JigaiError("deputy-delegates", "受托办理的待办不能再委托", "请委托人另行委托或转办")
    if deed.data.get("end"):
        _take_back(deed, task)
        return
    person, until = a_person(deed.data.get("to")), a_day(deed.data.get("until"), "委托截止日")
    if until < deed.today:
        raise JigaiError("delegation-past", f"委托截止日 {until} 已经过去", "写今天或以后的日期")
    place_for(deed, person)
    task.person = task.person or deed.by
    task.deputy, task.deputy_until = person, until
    task.save(update_fields=["person", "deputy", "deputy_until"])
    deed.note(to=str(person), until=str(until))
    _tell(deed, task, "委托您办理的待办")


def _take_back(deed: Deed, task: Task) -> None:
    if task.deputy_until is None or task.deputy_until < deed.today:
        raise JigaiError("no-delegation", "这项待办没有在委托中", "需要时重新委托")
    # The deputy stays named, so that a form sent afterwards is answered with the end.
    task.deputy_until = deed.today - dt.timedelta(days=1)
    task.save(update_fields=["deputy_until"])
    deed.note(end=True, to=str(task.deputy))


def _tell(deed: Deed, task: Task, words: str) -> None:
    name, case = deed.step.name, deed.case
    transaction.on_commit(lambda: tell(case, task, f"{words}：{name}", deed.reason))
