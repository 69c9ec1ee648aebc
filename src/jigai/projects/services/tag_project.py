"""Sets the tags of a project."""

from __future__ import annotations

from collections.abc import Sequence

import pghistory
from django.db import transaction

from jigai.core.access import Access, check
from jigai.core.models import User
from jigai.core.project_tags import MOST, named_tags, tag_of
from jigai.errors import JigaiError
from jigai.projects.models import Project
from jigai.projects.selectors import REACH

CAPABILITY = "project.import"


def tag_project(
    *, project: int, tags: Sequence[str], seen: int, by: User, access: Access
) -> Project:
    """Store exactly these tags, each once.

    Raises :class:`Denied` out of reach, :class:`JigaiError` for one that is not on record, too
    many, or a project somebody changed since version ``seen``.
    """
    access.require(CAPABILITY)
    wanted = list(dict.fromkeys(tags))
    for tag_id in wanted:
        if tag_id not in named_tags() and not tag_of(tag_id).codes:
            raise JigaiError("unknown-tag", f"没有标签“{tag_id}”", "从列表里选")
    if len(wanted) > MOST:
        raise JigaiError("too-many-tags", f"一个项目最多 {MOST} 个标签", "留最贴切的")
    with transaction.atomic(), pghistory.context(user=by.pk, reason="改标签"):
        row = Project.objects.select_for_update(of=("self",)).get(pk=project)
        check(row, access, CAPABILITY, REACH)
        if row.version != seen:
            raise JigaiError("changed", "刚有人改过这个项目，标签还没有保存", "刷新后再改")
        if row.tags != wanted:
            row.tags = wanted
            row.version += 1
            row.save(update_fields=["tags", "version"])
    return row
