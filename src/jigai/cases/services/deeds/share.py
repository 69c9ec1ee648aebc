"""加签、抄送、催办: others look at it, hear of it, are asked to hurry."""

from __future__ import annotations

from django.utils import timezone

from jigai.cases.access import HANDLE, VIEW
from jigai.cases.models import Task
from jigai.cases.services.deed import Deed, TaskKind, TaskState
from jigai.cases.services.eligible import handles_cases, require_new
from jigai.cases.services.given import some_people
from jigai.cases.services.tell import tell_people, tell_tasks
from jigai.core.access.duties import in_force
from jigai.core.models import Assignment, User
from jigai.errors import JigaiError


def add_signer(deed: Deed) -> None:
    """加签 to some people (``to``): the step waits for the opinion of each of them."""
    people = some_people(deed.data.get("to"))
    for person in people:
        require_new(deed, person)
        if not handles_cases(person):
            raise JigaiError("cannot-handle", f"{person}没有办件权限，不能加签", "选办理人员")
    step = deed.step
    made = Task.objects.bulk_create(
        Task(case=deed.case, step=step, kind=TaskKind.SIGN, person=person, added_by=deed.by,
             due=step.due)
        for person in people
    )  # fmt: skip
    deed.note(to=[str(person) for person in people])
    tell_tasks(deed.case, made, "case-task", f"请您加签：{step.name}", deed.reason)


def copy(deed: Deed) -> None:
    """抄送 to some people (``to``): to be read, nothing waits for it."""
    people = some_people(deed.data.get("to"))
    waiting = {
        t.person_id for t in deed.tasks if t.kind == TaskKind.COPY and t.state == TaskState.OPEN
    }
    for person in people:
        if person.pk in waiting:
            raise JigaiError("copied-already", f"已经抄送{person}，尚未阅读", "去掉这个人")
        if not _may_read(person):
            raise JigaiError(
                "cannot-read", f"{person}没有查看办件的权限，不能抄送", "选本系统的人员"
            )
    Task.objects.bulk_create(
        Task(case=deed.case, kind=TaskKind.COPY, person=person, added_by=deed.by)
        for person in people
    )
    deed.note(to=[str(person) for person in people])
    tell_people(deed.case, people, "case-moved", "抄送您的办件", deed.reason)


def _may_read(person: User) -> bool:
    """Somebody of an office: what is in a case is not for other enterprises."""
    held = Assignment.objects.filter(in_force(), user=person, department__isnull=False)
    return held.filter(role__capabilities__overlap=[VIEW, HANDLE]).exists()


def urge(deed: Deed) -> None:
    """催办: everybody who has something to do is told; once a day from the same person."""
    assert deed.by is not None
    last = deed.case.records.filter(verb="urge", by=deed.by).last()
    if last is not None and timezone.localtime(last.at).date() >= deed.today:
        raise JigaiError(
            "urged-today", f"您已于 {timezone.localtime(last.at):%Y-%m-%d %H:%M} 催办过",
            "每天催办一次，明天可以再催",
        )  # fmt: skip
    waiting = [
        t for t in deed.tasks
        if t.state == TaskState.OPEN and t.kind != TaskKind.COPY and t.person_id != deed.by.pk
    ]  # fmt: skip
    if not waiting:
        raise JigaiError("nothing-waits", "没有待别人办理的事项，不用催办", "看流转记录里的进展")
    for task in waiting:
        task.urged += 1
    Task.objects.bulk_update(waiting, ["urged"])
    names = [f"{t.step}：{t.person or t.department or t.enterprise}" for t in waiting]
    deed.note(urged=names)
    tell_tasks(deed.case, waiting, "case-urged", "催办", deed.reason, but=deed.by)
