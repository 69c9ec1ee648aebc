"""A project to be changed: locked, in reach, and as the person last saw it."""

from __future__ import annotations

from jigai.core.access import Access, check
from jigai.errors import JigaiError
from jigai.projects.models import Project
from jigai.projects.selectors import REACH

EDIT = "project.edit"


def locked_project(project: int, *, seen: int, access: Access, capability: str = EDIT) -> Project:
    """The row under lock.

    Raises :class:`Denied` out of reach, :class:`JigaiError` when somebody changed it since version
    ``seen`` or when it only repeats another.
    """
    access.require(capability)
    row = Project.objects.select_for_update(of=("self",)).get(pk=project)
    check(row, access, capability, REACH)
    if row.version != seen:
        raise JigaiError("changed", "刚有人改过这个项目，您填的还没有保存", "刷新后再改")
    if row.duplicate_of_id:
        raise JigaiError("repeats", "这一条与另一个项目是同一个，不再单独登记", "到那个项目去记")
    return row
