"""Locked versions read again, and what changed between two of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet

from jigai.core.access import Access, Reach, scoped
from jigai.projects.models import MonthlyLock, MonthlyLockRow
from jigai.projects.monthly.access import VIEW

_REACH = Reach(region="region_code", enterprise="project__enterprise")
PAGE = 50
MOST_CHANGES = 200


@dataclass(frozen=True, slots=True)
class Change:
    """One project whose figures differ: cumulative and the month's own, ``None`` for none; fen."""

    project: int
    name: str
    before: int | None
    after: int | None
    current_before: int | None
    current_after: int | None


def visible_rows(lock: MonthlyLock, access: Access) -> QuerySet[MonthlyLockRow]:
    """Rows of a version within reach."""
    return scoped(MonthlyLockRow.objects.filter(lock=lock), access, VIEW, _REACH)


def rows_page(lock: MonthlyLock, access: Access, after: int) -> tuple[list[Any], int | None]:
    """One page of the rows of a version in the order of projects, and where the next begins."""
    rows = visible_rows(lock, access).filter(project__gt=after).select_related("project")
    page = list(rows.defer("project__search").order_by("project")[: PAGE + 1])
    return page[:PAGE], page[PAGE - 1].project_id if len(page) > PAGE else None


def changes_since(lock: MonthlyLock, access: Access) -> list[Change]:
    """What differs from the version before, at most a few hundred projects."""
    before = MonthlyLock.objects.get(period=lock.period_id, number=lock.number - 1)
    old, new = _figures(before, access), _figures(lock, access)
    changed = [key for key in sorted({*old, *new}) if old.get(key) != new.get(key)]
    names = dict(
        MonthlyLockRow.objects.filter(lock__in=[before, lock], project__in=changed[:MOST_CHANGES])
        .values_list("project", "project__name")
    )  # fmt: skip
    nothing = (None, None)
    pairs = [(key, old.get(key, nothing), new.get(key, nothing)) for key in changed[:MOST_CHANGES]]
    return [Change(key, names[key], was[1], now[1], was[0], now[0]) for key, was, now in pairs]


def _figures(lock: MonthlyLock, access: Access) -> dict[int, tuple[int | None, int | None]]:
    rows = visible_rows(lock, access).annotate(key=F("project"))
    return {key: (now, total) for key, now, total in
            rows.values_list("key", "current_fen", "cumulative_fen")}  # fmt: skip
