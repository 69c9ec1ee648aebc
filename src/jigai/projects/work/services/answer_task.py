"""签收、反馈、核实: the way of a task from whoever has it back to whoever asked."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access, Denied
from jigai.core.models import User
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.policies.addressees import reaches
from jigai.projects.models import WorkTask
from jigai.projects.work.access import MANAGE, may_answer, tasks_for
from jigai.projects.work.services.make_tasks import EVENTS

Status: Any = WorkTask.Status


def _held(task: int, access: Access) -> WorkTask:
    row = WorkTask.objects.select_for_update(of=("self",)).select_related("project").get(pk=task)
    if not tasks_for(access).filter(pk=task).exists():
        raise Denied("out-of-reach", "这个任务不在您的数据权限之内", "请联系派发的部门")
    return row


def _require_mine(row: WorkTask, access: Access) -> None:
    if not may_answer(access, row):
        raise Denied("not-yours", "这个任务不由您办理", "由责任人、项目单位或派发的部门办理")


def receive_task(*, task: int, by: User, access: Access) -> WorkTask:
    """签收: whoever has it has read it; a second time changes nothing."""
    with transaction.atomic():
        row = _held(task, access)
        _require_mine(row, access)
        if row.received_at is None and row.status == Status.OPEN:
            row.received_at = timezone.now()
            row.version += 1
            row.save(update_fields=["received_at", "version"])
    return row


def answer_task(*, task: int, answer: str, seen: int, by: User, access: Access) -> WorkTask:
    """反馈. It counts as received. Raises :class:`Denied` for others and :class:`JigaiError` for
    nothing said, a task that is over, or one somebody changed since version ``seen``."""
    if not answer.strip():
        raise JigaiError("no-answer", "没有写反馈", "写清现在的情况和打算")
    with transaction.atomic():
        row = _held(task, access)
        _require_mine(row, access)
        _require_version(row, seen)
        if row.status not in (Status.OPEN, Status.ANSWERED):
            raise JigaiError("task-over", f"任务{row.get_status_display()}，不能再反馈", "")
        row.status, row.answer, row.answered_at = Status.ANSWERED, answer.strip(), timezone.now()
        row.received_at = row.received_at or row.answered_at
        row.version += 1
        row.save()
        transaction.on_commit(lambda: _tell(row, row.created_by, by, "已反馈", row.answer))
    return row


def settle_task(
    *, task: int, verdict: str, result: str, seen: int, by: User, access: Access,
    due_on: dt.date | None = None,
) -> WorkTask:  # fmt: skip
    """核实: done, back with a new limit, or not needed any more; each with what was found.

    Nobody settles their own answer to a task they have. Raises :class:`JigaiError` for one that
    nobody has answered yet (it can only be cancelled).
    """
    if not result.strip():
        raise JigaiError("no-result", "没有写核实结果", "写清核实的情况")
    with transaction.atomic():
        row = _held(task, access)
        if not reaches(access, MANAGE, row.project.region_code):
            raise Denied("not-yours", "核实由派发的部门办理", "请联系派发的部门")
        _require_version(row, seen)
        if row.person_id == by.pk and verdict == Status.DONE:
            raise JigaiError("own-task", "自己的任务不能自己核实办结", "请本部门另一人核实")
        _move(row, verdict, due_on)
        row.result = result.strip()
        row.version += 1
        row.save()
        transaction.on_commit(
            lambda: _tell(row, row.person, by, row.get_status_display(), row.result)
        )
    return row


def _move(row: WorkTask, verdict: str, due_on: dt.date | None) -> None:
    if row.status in (Status.DONE, Status.CANCELLED):
        raise JigaiError("task-over", f"任务{row.get_status_display()}", "刷新页面")
    if verdict == Status.CANCELLED:
        row.status = Status.CANCELLED
        return
    if row.status != Status.ANSWERED:
        raise JigaiError("not-answered", "还没有反馈，不能核实", "等反馈以后再核实；不用办的选取消")
    if verdict == Status.DONE:
        row.status = Status.DONE
    elif verdict == "back":
        if due_on is None or due_on < timezone.localdate():
            raise JigaiError("due-past", "退回再办要填今天以后的新限期", "填写新的限期")
        row.status, row.due_on = Status.OPEN, due_on
    else:
        raise JigaiError("no-verdict", "没有选核实结论", "从列表里选")


def _require_version(row: WorkTask, seen: int) -> None:
    if row.version != seen:
        raise JigaiError("changed", "这个任务刚有人办过，您的还没有保存", "刷新后再办")


def _tell(row: WorkTask, person: User | None, by: User, word: str, body: str) -> None:
    if person is not None and person.pk != by.pk:
        send_notice(
            user=person, event=EVENTS[row.kind], body=body,
            title=f"{row.get_kind_display()}{word}：{row.project.name}",
            url=reverse("task-detail", args=[row.pk]),
        )  # fmt: skip
