"""上报: a level puts projects before the library of the level above (or its own, the first)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pghistory
from django.db import transaction

from jigai.core.access import Access
from jigai.core.models import User
from jigai.projects.library.access import EDIT, editable, level_below, levels_of, library_of
from jigai.projects.library.codes import Level, Status
from jigai.projects.library.services.outcome import Done
from jigai.projects.models import LibraryEntry, Project

_STANDS = {Status.REPORTED: "已经上报，正在待审", Status.IN: "已经在库"}


def report_up(
    *,
    projects: Sequence[int],
    level: str,
    day: dt.date,
    by: User,
    access: Access,
    versions: dict[int, int] | None = None,
) -> Done:
    """Put projects before the library of a level; one that was returned or had left comes again.

    ``versions`` are those of the projects as they were previewed. Rows that cannot go are told with
    their reason and stay as they are. Raises :class:`Denied` without the capability.
    """
    access.require(EDIT)
    done = Done()
    with transaction.atomic(), pghistory.context(user=by.pk, reason="上报入库"):
        rows = editable(access).filter(pk__in=projects).order_by("pk")
        # Two clerks who report the same project wait for each other here.
        locked = list(rows.select_for_update(of=("self",)))
        entries = _entries([row.pk for row in locked])
        fresh, again = [], []
        for row in locked:
            entry = entries.get((row.pk, level))
            refusal = _refusal(row, level, entries, (versions or {}).get(row.pk, row.version))
            if refusal:
                done.refuse(row.name, refusal)
            elif entry is None:
                fresh.append(_new(row, level, day, by))
            else:
                again.append(_again(entry, row, day, by))
        LibraryEntry.objects.bulk_create(fresh, batch_size=2000)
        columns = ["status", "reported_on", "reason", "region_code", "version", "updated_by",
                   "updated_at"]  # fmt: skip
        LibraryEntry.objects.bulk_update(again, columns, batch_size=2000)
        done.count = len(fresh) + len(again)
    return done


def _entries(projects: Sequence[int]) -> dict[tuple[int, str], LibraryEntry]:
    rows = LibraryEntry.objects.filter(project__in=projects).order_by("project_id", "id")
    found = rows.select_for_update(of=("self",))
    return {(row.project_id, row.level): row for row in found}


def _refusal(
    row: Project, level: str, entries: dict[tuple[int, str], LibraryEntry], seen: int
) -> str:
    if row.version != seen:
        return "预览之后被他人修改，没有上报"
    if level not in levels_of(row.region_code):
        return f"属地是{row.region_code}，没有{Level(level).label}"
    entry = entries.get((row.pk, level))
    if entry is not None and entry.status in _STANDS:
        return f"{_STANDS[Status(entry.status)]}（{Level(level).label}）"
    below = level_below(row.region_code, level)
    held = entries.get((row.pk, below)) if below else None
    if below is not None and (held is None or held.status != Status.IN):
        return f"还不在{below.label}，逐级上报"
    return ""


def _new(row: Project, level: str, day: dt.date, by: User) -> LibraryEntry:
    return LibraryEntry(
        project=row, level=level, region_code=library_of(row.region_code, level),
        status=Status.REPORTED, reported_on=day, updated_by=by,
    )  # fmt: skip


def _again(entry: LibraryEntry, row: Project, day: dt.date, by: User) -> LibraryEntry:
    entry.status, entry.reported_on, entry.reason = Status.REPORTED, day, ""
    entry.region_code = library_of(row.region_code, entry.level)
    entry.version += 1
    entry.updated_by = by
    return entry
