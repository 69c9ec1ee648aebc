"""Library membership as facts of projects: what makes 入库 a condition of subsidies.

As it was known at a moment, so that an evaluation can be replayed: entries, main directions and
statements are read from their history. Where nobody keeps a library over a place, nothing is known
of membership, and an evaluation asks for it instead of refusing.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import apps
from django.db.models import Model, OuterRef, Subquery

from jigai.core.above_scale import above_scale
from jigai.core.models import Enterprise
from jigai.core.project_tags import tag_of
from jigai.core.selectors_figures import latest_figures
from jigai.projects.library.codes import Statement, Status
from jigai.projects.models import (
    LibraryEntry,
    MainDirection,
    Project,
    ProjectInvestment,
    ProjectStep,
)
from jigai.projects.selectors_steps import standing
from jigai.projects.states import State

_FIXED = {Statement.FILED: "planned_fixed_assets", Statement.STATISTICAL: "completed_fixed_assets"}
_OPEN_TO_ANY = frozenset({"信息化", "创新化"})
# Option codes of the term 改造主方向.
_CODES = {
    "高端化": "high_end", "智能化": "intelligent", "信息化": "information", "自动化": "automation",
    "绿色化": "green", "创新化": "innovation",
}  # fmt: skip
Row = dict[str, Any]


def add_library_facts(rows: Sequence[Row], known_at: dt.datetime | None = None) -> None:
    """Put the terms of the library into rows of project facts (``key`` is the project's)."""
    keys = [row["key"] for row in rows]
    if not keys:
        return
    projects = {row["id"]: row for row in _then(Project, "id", keys, known_at).values(
        "id", "region_code", "enterprise_id", "fixed_fen", "cell_errors", "tags"
    )}  # fmt: skip
    entries: dict[int, list[Row]] = defaultdict(list)
    for entry in _then(LibraryEntry, "project_id", keys, known_at).values(
        "project_id", "status", "level", "admitted_on", "left_on"
    ):
        entries[entry["project_id"]].append(entry)
    kept = _kept(projects.values(), known_at)
    settled = {
        row["project_id"]: row["direction"]
        for row in _then(MainDirection, "project_id", keys, known_at).values(
            "project_id", "direction"
        )
    }
    amounts = _amounts(keys, known_at)
    filed = _filed(keys, known_at)
    for row in rows:
        project = projects.get(row["key"])
        if project is None:
            continue
        row.update(_membership(entries[row["key"]], project["region_code"][:4] in kept))
        row.update(_fixed(project, amounts))
        row.update(filed.get(row["key"], {}))
        row.update(_directions(project["tags"], settled.get(row["key"])))
    _scales(rows, projects, known_at)


def _then(model: type[Model], column: str, keys: Iterable[int], known_at: Any) -> Any:
    """Rows now, or as their history shows them at a moment; deleted ones left out."""
    if known_at is None:
        return model._default_manager.filter(**{f"{column}__in": keys}).order_by("id")
    events = apps.get_model(f"{model._meta.label}Event")._default_manager
    newest = events.filter(id=OuterRef("id"), pgh_created_at__lte=known_at).order_by("-pgh_id")
    rows = events.filter(**{f"{column}__in": keys}, pgh_id=Subquery(newest.values("pgh_id")[:1]))
    return rows.exclude(pgh_label="delete").order_by("id")


def _kept(projects: Iterable[Row], known_at: Any) -> set[str]:
    """The cities (four digits) over which somebody had admitted to a library by then."""
    cities = {project["region_code"][:4] for project in projects}
    rows = LibraryEntry.objects.filter(admitted_on__isnull=False)
    if known_at is not None:
        rows = rows.filter(admitted_on__lte=known_at.date())
    places = rows.order_by().values_list("project__region_code", flat=True).distinct()
    return cities & {place[:4] for place in places}


def _membership(entries: Sequence[Row], kept: bool) -> Row:
    """In the library of any level: the first day it was admitted to one it still stands in."""
    standing = [entry for entry in entries if entry["status"] == Status.IN]
    if standing:
        first = min(entry["admitted_on"] for entry in standing)
        return {"in_rolling_library": True, "library_date": first}
    return {"in_rolling_library": False} if kept or entries else {}


def _amounts(keys: Sequence[int], known_at: Any) -> dict[tuple[int, str], int]:
    rows = _then(ProjectInvestment, "project_id", keys, known_at).filter(year=0, kind="fixed")
    return {
        (project, statement): amount
        for project, statement, amount in rows.values_list("project_id", "statement", "amount_fen")
    }


def _filed(keys: Sequence[int], known_at: Any) -> dict[int, Row]:
    """备案日期: the last step to 已备案核准 that still stands."""
    rows = ProjectStep.objects.filter(project__in=keys)
    if known_at is not None:
        rows = rows.filter(created_at__lte=known_at)
    return {
        step.project_id: {"filing_date": step.happened_on}
        for step in standing(rows)
        if step.after == State.FILED and step.happened_on
    }


def _fixed(project: Row, amounts: dict[tuple[int, str], int]) -> Row:
    """Each statement by itself; the ledger's own figure is the filed one."""
    found: Row = {}
    for statement, term in _FIXED.items():
        amount = amounts.get((project["id"], statement))
        if (
            amount is None
            and statement is Statement.FILED
            and "fixed" not in project["cell_errors"]
        ):
            amount = project["fixed_fen"]
        if amount is not None:
            found[term] = amount
    return found


def _directions(tags: Iterable[str], settled: str | None) -> Row:
    own = [name for tag in tags if tag.startswith("direction/") and (name := tag_of(tag).name)]
    known = [name for name in own if name in _CODES]
    main = settled or (known[0] if len(known) == 1 else None)
    found: Row = {}
    if main in _CODES:
        found["main_direction"] = _CODES[main]
    if known:
        found["partly_information_or_innovation"] = bool(_OPEN_TO_ANY & set(known))
    return found


def _scales(rows: Sequence[Row], projects: dict[int, Row], known_at: Any) -> None:
    """入库时为规上: by the revenue of the year of admission, or of the year before."""
    wanted: dict[int, dt.date] = {
        row["key"]: row["library_date"] for row in rows if row.get("library_date")
    }
    owners = {projects[key]["enterprise_id"] for key in wanted} - {None}
    if not owners:
        return
    codes = _industries(owners)
    years = {day.year - back for day in wanted.values() for back in (0, 1)}
    revenue = {
        (figure.enterprise_id, year): figure.number
        for year in sorted(years)
        for figure in latest_figures(sorted(owners), year, known_at, terms=["revenue"])
    }
    for row in rows:
        day, owner = wanted.get(row["key"]), projects.get(row["key"], {}).get("enterprise_id")
        if day is None or owner is None:
            continue
        asked = (above_scale(codes.get(owner), y, revenue.get((owner, y))) for y in
                 (day.year, day.year - 1))  # fmt: skip
        answer = next((each.above for each in asked if each.above is not None), None)
        if answer is not None:
            row["large_when_admitted"] = answer


def _industries(owners: Iterable[int]) -> dict[int, str]:
    return dict(Enterprise.objects.filter(pk__in=owners).values_list("pk", "industry_code"))
