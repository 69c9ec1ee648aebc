"""更正进程: the last step was recorded wrongly; it stays on record and so does its correction."""

from __future__ import annotations

import pghistory
from django.db import transaction

from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.projects.lifecycle.services.locked import locked_project
from jigai.projects.lifecycle.services.note_step import note_step
from jigai.projects.models import ProjectStep
from jigai.projects.selectors_steps import standing_steps
from jigai.projects.states import State


def take_back_step(
    *, project: int, reason: str, seen: int, by: User, access: Access
) -> ProjectStep:
    """Bring the project back to where it stood before its last step that still stands.

    Raises :class:`JigaiError` without a reason, and where nothing was recorded.
    """
    if not reason.strip():
        raise JigaiError("step-reason", "没有写为什么更正", "写清原来记错了什么")
    with transaction.atomic(), pghistory.context(user=by.pk, reason="更正项目进程"):
        row = locked_project(project, seen=seen, access=access)
        standing = standing_steps(row.pk)
        if not standing:
            raise JigaiError("no-step", "这个项目还没有记录过进程", "没有可更正的")
        last = standing[-1]
        earlier = standing[-2].happened_on if len(standing) > 1 else None
        return note_step(
            row=row, to=State(last.before), happened_on=earlier, reason=reason.strip(),
            duty=last.duty, by=by, takes_back=last,
        )  # fmt: skip
