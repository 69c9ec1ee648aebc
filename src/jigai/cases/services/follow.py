"""Lets a case follow what was done on a page of the room the matter belongs to.

That room has checked who may; what is done there is done here, once, under the lock of the case.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from jigai.cases.models import Case, CaseStep, Task
from jigai.cases.services.act import finish, locked_case
from jigai.cases.services.deed import Deed, StepState, TaskKind, TaskState
from jigai.cases.services.deeds.decide import finish_step, go_back
from jigai.cases.services.write_values import take_values
from jigai.core.models import User
from jigai.core.platform_calendar import platform_calendar
from jigai.errors import JigaiError


def hold_case(key: str) -> Case | None:
    """The case of a matter, locked, or nothing: whoever changes the matter holds its case first,
    as everybody does who comes from the case."""
    found = Case.objects.filter(key=key).values_list("pk", flat=True).first()
    return locked_case(found) if found is not None else None


def follow_step(
    *, case: int, step: str, by: User | None, reason: str = "",
    values: Mapping[str, Any] | None = None,
) -> bool:  # fmt: skip
    """A step was done elsewhere by ``by``; whether there was still anything to do here.

    Raises :class:`JigaiError` (``not-its-turn``) while the case stands at another step: what the
    procedure puts before it cannot be passed over on a page of another room.
    """
    with transaction.atomic():
        found = locked_case(case)
        rows = found.steps.filter(code=step).order_by("-round")
        row = rows.first()
        if not found.is_running or (row is not None and row.state == StepState.DONE):
            return False
        if not any(one.id == step for one in found.release.spec.steps):
            return False
        if row is None or row.state != StepState.ACTIVE:
            now = "、".join(one.name for one in found.steps.filter(state=StepState.ACTIVE))
            raise JigaiError(
                "not-its-turn", f"办件 {found.number} 现在的环节是“{now or '—'}”",
                "先在办件里办完这一步",
            )  # fmt: skip
        deed = _deed(found, by, reason)
        take_values(found, found.release.spec.fields, values or {})
        _settle(deed, row)
        finish_step(deed, row, "agree")
        finish(deed)
    return True


def follow_values(*, case: int, values: Mapping[str, Any], by: User | None, reason: str) -> None:
    """What the case is about changed elsewhere; its clocks follow."""
    with transaction.atomic():
        found = locked_case(case)
        if not found.is_running:
            return
        deed = _deed(found, by, reason)
        changed = take_values(found, found.release.spec.fields, values)
        if changed:
            deed.note(verb="write", changed=changed)
            finish(deed)


def follow_back(*, case: int, step: str, by: User | None, reason: str) -> bool:
    """A step that was done begins again elsewhere, and with it all that follows; whether it was."""
    with transaction.atomic():
        found = locked_case(case)
        row = found.steps.filter(code=step).order_by("-round").first()
        if not found.is_running or row is None or row.state != StepState.DONE:
            return False
        deed = _deed(found, by, reason)
        deed.verb = "send_back"
        deed.note(to=step)
        go_back(deed, step)
        finish(deed)
    return True


def _deed(case: Case, by: User | None, reason: str) -> Deed:
    tasks = list(Task.objects.filter(case=case).select_related("step", "department", "enterprise"))
    return Deed(
        case, "agree", by, None, None, tasks, timezone.localdate(), platform_calendar(),
        reason.strip(),
    )  # fmt: skip


def _settle(deed: Deed, row: CaseStep) -> None:
    """The one open task of the step is done by whoever did it there; nobody else need look."""
    waiting = [
        one for one in deed.tasks
        if one.step_id == row.pk and one.state == TaskState.OPEN and one.kind == TaskKind.HANDLE
    ]  # fmt: skip
    deed.task = waiting[0] if waiting else None
    if deed.task is not None:
        deed.settle("agree")
    deed.note(step=row, decision="agree")
