"""记录进程: a project reached another stage, on a day, with proof and with who answers for it."""

from __future__ import annotations

import datetime as dt

import pghistory
from django.db import transaction
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.projects.lifecycle.services.locked import locked_project
from jigai.projects.lifecycle.services.note_step import note_step
from jigai.projects.models import Project, ProjectStep
from jigai.projects.states import FINISHED, WITH_EVIDENCE, WITH_REASON, State, may_follow


def record_step(
    *,
    project: int,
    to: State,
    happened_on: dt.date,
    duty: str,
    seen: int,
    by: User,
    access: Access,
    reason: str = "",
    filing_no: str = "",
    proven: bool = False,
) -> ProjectStep:
    """Bring a project to a later stage, to a halt or out.

    ``proven`` says that a file comes along (the caller lets it cite the step). A start and a
    completion settle the day in the project; a filing its number. Raises :class:`JigaiError` for a
    stage that cannot follow, a day to come or before the last stage, and what the stage asks for.
    """
    _check_told(to, happened_on, duty, reason, proven)
    with transaction.atomic(), pghistory.context(user=by.pk, reason="记录项目进程"):
        row = locked_project(project, seen=seen, access=access)
        if to not in may_follow(row.state):
            raise JigaiError(
                "step-order", f"{State(row.state).label}之后不能记为{to.label}", "核对项目所处阶段"
            )
        if to is State.ADMITTED:
            raise JigaiError("step-admit", "入库由库里的审核决定", "在“入库审核”里办理")
        if row.state_since and happened_on < row.state_since:
            raise JigaiError(
                "step-day", f"日期早于上一阶段（{row.state_since:%Y-%m-%d}）", "核对日期"
            )
        _settle(row, to, happened_on, filing_no.strip())
        return note_step(
            row=row, to=to, happened_on=happened_on, reason=reason.strip(), duty=duty.strip(),
            by=by,
        )  # fmt: skip


def _check_told(to: State, on: dt.date, duty: str, reason: str, proven: bool) -> None:
    if on > timezone.localdate():
        raise JigaiError("step-future", "日期还没有到", "发生以后再记录")
    if not duty.strip():
        raise JigaiError("step-duty", "没有写责任单位或责任人", "写清由谁负责这一阶段")
    if to in WITH_REASON and not reason.strip():
        raise JigaiError("step-reason", f"记为{to.label}要写原因", "写清为什么")
    if to in WITH_EVIDENCE and not proven:
        raise JigaiError("step-proof", f"记为{to.label}要附证明材料", "附上文件、照片或批复")


def _settle(row: Project, to: State, on: dt.date, filing_no: str) -> None:
    """What the stage itself makes certain about the project."""
    changed: list[str] = []
    if to is State.FILED:
        number = filing_no or row.filing_no
        if not number:
            raise JigaiError("step-filing", "没有备案号或核准文号", "填上备案号")
        row.filing, row.filing_no = Project.Filing.YES, number
        changed = ["filing", "filing_no"]
    if to is State.STARTED:
        row.start, row.start_precision = on, "day"
        changed = ["start", "start_precision"]
    if to in FINISHED and row.state not in FINISHED:
        row.end, row.end_precision = on, "day"
        changed = ["end", "end_precision"]
    if changed:
        row.save(update_fields=changed)
