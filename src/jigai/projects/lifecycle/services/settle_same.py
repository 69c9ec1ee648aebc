"""One project that two offices entered: which record stays, so that it counts once."""

from __future__ import annotations

import pghistory
from django.db import transaction

from jigai.core.access import Access, check
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.projects.models import Project
from jigai.projects.selectors import REACH

ADMIT = "project.admit"


def settle_same(
    *, repeats: int, keeps: int | None, reason: str, seen: int, by: User, access: Access
) -> Project:
    """Mark a record as repeating another (or, with ``keeps`` ``None``, as a project of its own).

    Both must be in reach of whoever decides, so it is the level above that settles two counties.
    Raises :class:`Denied`, or :class:`JigaiError` without a reason or for a chain of repeats.
    """
    access.require(ADMIT)
    if not reason.strip():
        raise JigaiError("same-reason", "没有写依据", "写清怎样核实的")
    with transaction.atomic(), pghistory.context(user=by.pk, reason=f"同一项目：{reason.strip()}"):
        # In the order of keys, so that two people settling the same pair wait for each other.
        wanted = sorted({repeats, *([keeps] if keeps else [])})
        rows = {
            row.pk: row
            for row in Project.objects.select_for_update(of=("self",))
            .filter(pk__in=wanted)
            .order_by("pk")
        }
        for row in rows.values():
            check(row, access, ADMIT, REACH)
        row = rows[repeats]
        if row.version != seen:
            raise JigaiError("changed", "刚有人改过这个项目，您填的还没有保存", "刷新后再改")
        if keeps is not None:
            _check_chain(row, rows[keeps])
        row.duplicate_of_id = keeps
        row.version += 1
        row.save(update_fields=["duplicate_of", "version"])
    return row


def _check_chain(row: Project, kept: Project) -> None:
    if row.pk == kept.pk:
        raise JigaiError("same-self", "选的是同一条记录", "选另一条")
    if kept.duplicate_of_id:
        raise JigaiError("same-chain", "要保留的那条自己也标作重复", "选最终保留的一条")
    if Project.objects.filter(duplicate_of=row).exists():
        raise JigaiError("same-chain", "有别的记录标作与这一条重复", "先改那些记录")
