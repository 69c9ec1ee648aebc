"""Who audits an application: whoever has that step of its case to do."""

from __future__ import annotations

from jigai.cases.access import desk_of, own_tasks
from jigai.cases.models import Task
from jigai.core.access import Access, Denied, access_of
from jigai.core.models import User
from jigai.funding.models import Application
from jigai.funding.review.words import AUDIT, AUDITS


def audits_now(application: Application, access: Access) -> bool:
    """Whether the person has the audit of an application to do now."""
    if application.case_id is None or not access.can(AUDITS):
        return False
    tasks = Task.objects.filter(
        own_tasks(desk_of(access)), case=application.case_id, step__code=AUDIT,
        step__state="active", state=Task.State.OPEN,
    )  # fmt: skip
    return tasks.exists()


def has_audited(application: Application, access: Access) -> bool:
    """Whether the person was or is given the audit of an application."""
    if application.case_id is None or access.user is None or not access.can(AUDITS):
        return False
    tasks = Task.objects.filter(case=application.case_id, step__code=AUDIT)
    mine = own_tasks(desk_of(access))
    return (
        tasks.filter(state=Task.State.DONE, acted_by=access.user).exists()
        or tasks.filter(mine, state=Task.State.OPEN).exists()
    )


def require_auditor(application: Application, by: User) -> None:
    """Raises :class:`Denied` for somebody who has no audit of it to do."""
    if not audits_now(application, access_of(by)):
        raise Denied("not-the-auditor", "这项申报的审计不由您办理", "请从办件待办进入")
