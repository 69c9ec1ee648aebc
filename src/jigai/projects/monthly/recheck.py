"""Checks the months of projects again after one of them changed."""

from __future__ import annotations

from collections.abc import Collection

from jigai.projects.models import MonthlyReport
from jigai.projects.monthly.checks import STANDARD, Limits, check_year
from jigai.projects.monthly.locks import Locks
from jigai.projects.monthly.stored import entry_of, figures_of, planned_totals, stored_reports


def recheck(projects: Collection[int], year: int, limits: Limits = STANDARD) -> list[MonthlyReport]:
    """Store what the checks now say of these projects' months; returns the rows that changed.

    Rows of locked months stay as they were published. A confirmation lapses with what it confirmed.
    """
    totals, locks = planned_totals(projects), Locks(year)
    changed = []
    for key, reports in stored_reports(projects, year).items():
        entries = {report.month: entry_of(report, totals.get(key)) for report in reports}
        checked = check_year(entries.values(), limits)
        for report in reports:
            found = figures_of(entries[report.month], checked[report.month])
            same = (report.flags, report.accepted) == (found.flags, found.accepted)
            if same or locks.covers(report.region_code, report.month):
                continue
            report.current_fen, report.cumulative_fen = found.current_fen, found.cumulative_fen
            report.accepted, report.written = found.accepted, found.written
            if not set(found.flags) <= set(report.flags):
                report.confirmed = ""
            report.flags = found.flags
            report.version += 1
            report.save()
            changed.append(report)
    return changed
