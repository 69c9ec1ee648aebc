"""What happened while somebody had the form open: done by another, taken, a delegation over."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils import timezone

from jigai.cases.access import HANDLE, holds
from jigai.cases.models import Task
from jigai.cases.services.deed import Deed, TaskKind, TaskState
from jigai.core.access.duties import in_force
from jigai.core.models import Assignment, Delegation
from jigai.errors import JigaiError


def not_done_meanwhile(deed: Deed, task: int | None) -> None:
    """Whoever comes second is told who was first, not merely that there is nothing to do."""
    wanted = next((one for one in deed.tasks if one.pk == task), None)
    if wanted is None or wanted.state == TaskState.OPEN:
        return
    if wanted.state == TaskState.DONE:
        raise JigaiError(
            "task-done", f"这一步刚由{wanted.acted_by}办理", "刷新页面看办理结果，不用再办"
        )
    raise JigaiError("task-over", "这项待办已经终止", "刷新页面看现在的环节")


def not_taken_meanwhile(deed: Deed, task: int | None) -> None:
    """A task of the own department that a colleague has taken: the message says who."""
    assert deed.desk is not None
    open_ = _open(deed, task)
    if any(holds(one, deed.desk) for one in open_):
        return
    for one in open_:
        if one.person_id is not None and one.department_id in deed.desk.departments:
            raise JigaiError("task-taken", f"这项待办已由{one.person}领办", "需要您办理的请其转办")


def delegation_not_over(deed: Deed, task: int | None) -> None:
    """Somebody who opened the form as a deputy may not send it once the delegation is over.

    Raises :class:`JigaiError` (``delegation-over``) with the day; silent for anybody who was no
    deputy while the task waited.
    """
    assert deed.desk is not None and deed.by is not None
    for one in _open(deed, task):
        if holds(one, deed.desk):
            return
    for one in _open(deed, task):
        ended = _own_end(deed, one) or _general_end(deed, one)
        if ended:
            whose = one.person or one.department
            raise JigaiError(
                "delegation-over", f"委托已于 {ended} 结束，不能再代办",
                f"请{whose}办理，或重新委托",
            )  # fmt: skip


def _open(deed: Deed, task: int | None) -> list[Task]:
    return [
        one for one in deed.tasks
        if one.state == TaskState.OPEN and one.kind != TaskKind.COPY
        and (task is None or one.pk == task)
    ]  # fmt: skip


def _own_end(deed: Deed, task: Task) -> str:
    """The end of a delegation of this one task."""
    assert deed.by is not None
    if task.deputy_id != deed.by.pk:
        return ""
    taken_back = deed.case.records.filter(task=task, verb="delegate", data__end=True).last()
    if taken_back is not None:
        return _moment(taken_back.at)
    return f"{task.deputy_until}"


def _general_end(deed: Deed, task: Task) -> str:
    """The end of a delegation of everything, if it still held after the task had come."""
    now = timezone.now()
    over = Q(ends__lte=now) | Q(revoked_at__isnull=False)
    for row in Delegation.objects.filter(over, taker=deed.by).order_by("-id"):
        ended = min(row.ends, row.revoked_at or row.ends)
        if ended >= task.created_at and _was_for(row, task):
            return _moment(ended)
    return ""


def _was_for(row: Delegation, task: Task) -> bool:
    if task.person_id is not None:
        return bool(row.giver_id == task.person_id)
    held = Assignment.objects.filter(
        in_force(), user=row.giver_id, department=task.department_id,
        role__capabilities__contains=[HANDLE],
    )  # fmt: skip
    return task.department_id is not None and held.exists()


def _moment(at: dt.datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
