"""本月无进展: the sum so far is carried on in one step."""

from __future__ import annotations

from django.db import transaction

from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.projects.models import MonthlyReport, Project
from jigai.projects.monthly.access import check_fill
from jigai.projects.monthly.checks import check_year
from jigai.projects.monthly.parameters import limits
from jigai.projects.monthly.services.fill_report import Figures, Origin, entries_of, fill_report


def report_quiet(*, project: int, year: int, month: int, by: User, access: Access) -> MonthlyReport:
    """Report nothing for the month and the sum of the months before it.

    Raises :class:`JigaiError` where a report is there already, and as :func:`fill_report` does.
    """
    with transaction.atomic():
        row = Project.objects.select_for_update(of=("self",)).get(pk=project)
        check_fill(row, access)
        if MonthlyReport.objects.filter(project=row, year=year, month=month).exists():
            raise JigaiError("reported", "这个月已经报过", "要改数请点“填报”")
        last = last_report(row, year, month)
        figures = Figures(
            0, reached(row, year, month), last.year_plan_fen if last else None,
            last.since_start_fen if last else None, last.equipment_fen if last else None,
            (last.progress or "") if last else "",
        )  # fmt: skip
        return fill_report(
            project=project, year=year, month=month, figures=figures, reason="", seen=0, by=by,
            access=access, origin=Origin.QUIET,
        )  # fmt: skip


def reached(project: Project, year: int, month: int) -> int:
    """The sum since January at the end of the last accepted month before."""
    earlier = {m: entry for m, entry in entries_of(project, year).items() if m < month}
    checked = check_year(earlier.values(), limits())
    accepted = [m for m, found in checked.items() if found.accepted]
    return (earlier[max(accepted)].cumulative or 0) if accepted else 0


def last_report(project: Project, year: int, month: int) -> MonthlyReport | None:
    """The report of the last month before."""
    rows = MonthlyReport.objects.filter(project=project, year=year, month__lt=month)
    return rows.order_by("-month").first()
