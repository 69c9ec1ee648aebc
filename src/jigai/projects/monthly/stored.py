"""Reports as stored, in the entries that checks work with, and back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from jigai.projects.models import MonthlyReport, Project, ProjectMove
from jigai.projects.monthly.checks import Checked, Entry


@dataclass(frozen=True, slots=True)
class Figures:
    """What is stored of an entry: figures only where it is accepted, else what was written."""

    current_fen: int | None
    cumulative_fen: int | None
    accepted: bool
    flags: list[str]
    written: dict[str, int | None]


def figures_of(entry: Entry, checked: Checked) -> Figures:
    """A month that is not accepted has no figures: they would otherwise be added up somewhere."""
    flags = list(checked.flags)
    if checked.accepted:
        return Figures(entry.current, entry.cumulative, True, flags, {})
    written = {
        "current": entry.current, "cumulative": entry.cumulative, "total": entry.total,
    }  # fmt: skip
    return Figures(None, None, False, flags, written)


def entry_of(report: MonthlyReport, total: int | None) -> Entry:
    """The entry of a stored report, as it was read; ``total`` is the project's planned total.

    Figures that were doubted against the total their own row states stay doubted against it.
    """
    current, cumulative = report.current_fen, report.cumulative_fen
    if not report.accepted:
        current = report.written.get("current", current)
        cumulative = report.written.get("cumulative", cumulative)
        known = [value for value in (total, report.written.get("total")) if value]
        total = min(known, default=None)
    return Entry(report.month, current, cumulative, report.year_plan_fen, total)


def stored_reports(projects: Collection[int], year: int) -> dict[int, list[MonthlyReport]]:
    """The reports of projects in a year by project, in the order of months."""
    found: dict[int, list[MonthlyReport]] = defaultdict(list)
    rows = MonthlyReport.objects.filter(project__in=projects, year=year)
    for report in rows.order_by("project", "month"):
        found[report.project_id].append(report)
    return found


class Places:
    """Where projects were at the end of a month, moves taken into account."""

    def __init__(self, projects: Collection[int]) -> None:
        rows = Project.objects.filter(pk__in=projects)
        self._now: dict[int, str] = dict(rows.values_list("pk", "region_code"))
        self._moves: dict[int, list[Any]] = defaultdict(list)
        moves = ProjectMove.objects.filter(project__in=projects).order_by("effective", "pk")
        for project, day, before in moves.values_list("project", "effective", "from_region"):
            self._moves[project].append((day, before))

    def region(self, project: int, year: int, month: int) -> str:
        """The region that keeps the project's figures of a month."""
        after = date(year + month // 12, month % 12 + 1, 1)
        for day, before in self._moves.get(project, ()):
            if day >= after:
                return str(before)
        return self._now.get(project, "")


def planned_totals(projects: Iterable[int]) -> dict[int, int | None]:
    """Planned totals in fen by project."""
    rows = Project.objects.filter(pk__in=list(projects))
    return dict(rows.values_list("pk", "total_fen"))
