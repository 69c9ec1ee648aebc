"""列入规划: a project carries out a plan, or no longer does."""

from __future__ import annotations

from django.db import transaction

from jigai.core.access import Access, check
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.projects.library.access import EDIT
from jigai.projects.library.plans import plans_for
from jigai.projects.models import PlanProject, Project
from jigai.projects.selectors import REACH


def link_plan(*, project: int, plan: int, note: str, by: User, access: Access) -> PlanProject:
    """List a project under a plan. Raises :class:`Denied` out of reach, :class:`JigaiError` for a
    plan that is not there, a repeated row or a second time."""
    access.require(EDIT)
    entry = plans_for(access).filter(pk=plan).first()
    if entry is None:
        raise JigaiError("no-plan", "没有这份规划或计划", "从列表里选")
    with transaction.atomic():
        row = Project.objects.select_for_update(of=("self",)).get(pk=project)
        check(row, access, EDIT, REACH)
        if row.duplicate_of_id:
            raise JigaiError("repeats", "这一条与另一个项目是同一个", "到那个项目去列入")
        made, fresh = PlanProject.objects.get_or_create(
            project=row, plan=entry, defaults={"note": note.strip(), "created_by": by}
        )
        if not fresh:
            raise JigaiError("planned-already", "项目已经列入这份规划", "不用再列")
    return made


def unlink_plan(*, link: int, access: Access) -> int:
    """Take a project off a plan; the history keeps that it stood there. The project's key."""
    access.require(EDIT)
    with transaction.atomic():
        row = PlanProject.objects.select_for_update(of=("self",)).select_related("project").get(
            pk=link
        )  # fmt: skip
        check(row.project, access, EDIT, REACH)
        row.delete()
    return row.project_id
