"""Enterprises, projects, investment and evaluated money by region: sums that add up at every level.

The database groups by code; a few thousand sums are then folded up the tree of the year asked for,
so that rows recorded under an old code stand where its region stands in that year.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Left

from jigai.core.access import Access
from jigai.core.region_years import below_in, name_in, path_in
from jigai.core.regions import region_groups
from jigai.core.screens.place_filter import enterprise_place, row_place
from jigai.core.selectors_enterprises import enterprises_for
from jigai.policies.models import EvaluationRun
from jigai.policies.selectors import visible_decisions
from jigai.projects.selectors import projects_for

SITE, REGISTERED = "site", "registered"
UNKNOWN = "?"


@dataclass(slots=True)
class Sums:
    """Counts and money (fen) of one place."""

    enterprises: int = 0
    projects: int = 0
    planned_fen: int = 0
    selected: int = 0
    evaluated_fen: int = 0

    def add(self, other: Sums) -> None:
        """Add the sums of another place."""
        self.enterprises += other.enterprises
        self.projects += other.projects
        self.planned_fen += other.planned_fen
        self.selected += other.selected
        self.evaluated_fen += other.evaluated_fen


@dataclass(slots=True)
class Line:
    """One place. ``code`` as the lists take it; ``deeper`` where something lies below."""

    code: str
    name: str
    sums: Sums
    deeper: bool = False


@dataclass(slots=True)
class Rollup:
    """The places of one level and their total; ``above`` are the places on the way up."""

    lines: list[Line] = field(default_factory=list)
    total: Sums = field(default_factory=Sums)
    above: list[tuple[str, str]] = field(default_factory=list)
    name: str = ""


def rollup(
    access: Access, *, year: int, by: str, parent: str = "", run: EvaluationRun | None = None
) -> Rollup:
    """What lies in each place below ``parent`` (a code, a group's id, or nothing for all).

    ``year`` says whose ledger and which divisions, ``by`` whether a row stands where its project is
    or where its enterprise is registered. Only what the person may see is summed.
    """
    return fold(sums_by_code(access, year=year, by=by, run=run), year, parent)


def sums_by_code(
    access: Access, *, year: int, by: str, run: EvaluationRun | None
) -> dict[str, Sums]:
    """Sums by the six digits recorded on the rows; three queries."""
    found: dict[str, Sums] = {}
    enterprises = enterprises_for(access)
    for code, count in _grouped(enterprises, enterprise_place(by), n=Count("pk")):
        _of(found, code).enterprises += count
    ledger = projects_for(access).filter(ledger_years__contains=[year], duplicate_of__isnull=True)
    for code, count, fen in _grouped(ledger, row_place(by), n=Count("pk"), fen=Sum("total_fen")):
        sums = _of(found, code)
        sums.projects += count
        sums.planned_fen += fen or 0
    if run is not None:
        decided = visible_decisions(access).filter(run=run, selected=True)
        decided = decided.exclude(subject="member")
        for code, count, fen in _grouped(
            decided, row_place(by), n=Count("pk"), fen=Sum("paid_fen")
        ):
            sums = _of(found, code)
            sums.selected += count
            sums.evaluated_fen += fen or 0
    return found


def _grouped(rows: QuerySet[Any], place: Any, **sums: Any) -> Any:
    grouped = rows.order_by().annotate(place=Left(place, 6)).values_list("place")
    return grouped.annotate(**sums).order_by("place").iterator()


def _of(found: dict[str, Sums], code: str | None) -> Sums:
    return found.setdefault(code or "", Sums())


def fold(sums: dict[str, Sums], year: int, parent: str) -> Rollup:
    """Lines below a place out of sums by code; every sum lands in exactly one line."""
    members = below_in(parent, year)
    lines = {code: Sums() for code in members}
    own, unknown, total = Sums(), Sums(), Sums()
    group = parent in region_groups()
    for code, each in sums.items():
        path = path_in(code, year) if code else ()
        line = next((lines[step] for step in path if step in lines), None)
        if line is None and parent and path and path[-1] == parent:
            line = own
        if line is None and not parent:
            line = unknown
        if line is not None:
            line.add(each)
            total.add(each)
    empty = Sums()
    found = [
        Line(code, name_in(code, year), each, deeper=code.endswith("00"))
        for code, each in lines.items()
        if each != empty or group
    ]
    if own != empty:
        found.append(Line(f"={parent}", f"{name_in(parent, year)}本级（未分到下级）", own))
    if unknown != empty:
        found.append(Line(UNKNOWN, "区划不明", unknown))
    return Rollup(found, total, _above(parent, year), _named(parent, year))


def _above(parent: str, year: int) -> list[tuple[str, str]]:
    path = path_in(parent, year)[:-1] if parent and parent not in region_groups() else ()
    return [(code, name_in(code, year)) for code in path]


def _named(parent: str, year: int) -> str:
    group = region_groups().get(parent)
    return group.name if group else name_in(parent, year) if parent else ""
