"""Who must report for a month, and how each stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Sum, Value, When
from django.utils import timezone

from jigai.core.access import Access, scoped
from jigai.core.access.scoping import region_prefix
from jigai.projects.models import LibraryEntry, MonthlyPeriod, MonthlyReport, Project
from jigai.projects.monthly.access import VIEW, within
from jigai.projects.selectors import REACH
from jigai.projects.states import ENDED, UNDER_WAY

WAITING, LATE, HELD, ODD, ZERO, DONE = "waiting", "late", "held", "odd", "zero", "done"
WORDS = {
    WAITING: "待报", LATE: "逾期未报", HELD: "不采用", ODD: "待确认", ZERO: "零报", DONE: "已报",
}  # fmt: skip
# Codes of the house for the colour of each.
LOOKS = {
    WAITING: "pending", LATE: "failed", HELD: "error", ODD: "warning", ZERO: "info", DONE: "ok",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """How many projects of a period stand how; ``overdue`` reports came after the cut-off."""

    due: int
    by_state: dict[str, int]
    overdue: int
    current_fen: int
    cumulative_fen: int

    @property
    def reported(self) -> int:
        """Projects with a report, whatever is to be said of it."""
        return self.due - self.by_state.get(WAITING, 0) - self.by_state.get(LATE, 0)


def due_projects(region_code: str, year: int) -> QuerySet[Project]:
    """Projects of a year's ledger that report monthly: those in the library, and who began to.

    A region that keeps no library asks those under way. Stopped and withdrawn ones no longer do.
    """
    rows = within(Project.objects.filter(duplicate_of__isnull=True), region_code)
    entries = LibraryEntry.objects.filter(status="in")
    kept = entries.filter(project__region_code__startswith=region_prefix(region_code)).exists()
    own = Exists(entries.filter(project=OuterRef("pk"))) if kept else Q(state__in=UNDER_WAY)
    begun = MonthlyReport.objects.filter(project=OuterRef("pk"), year=year)
    wanted = rows.filter(Q(own) | Exists(begun), ledger_years__contains=[year])
    return wanted.exclude(state__in=ENDED)


def rows_of(period: MonthlyPeriod, access: Access) -> QuerySet[Project]:
    """Due projects within reach, each with the figures of its report and its ``standing``."""
    rows = scoped(due_projects(period.region_code, period.year), access, VIEW, REACH)
    return _annotated(rows, period)


def _annotated(rows: QuerySet[Project], period: MonthlyPeriod) -> QuerySet[Project]:
    own = MonthlyReport.objects.filter(project=OuterRef("pk"), year=period.year, month=period.month)
    names = ("pk", "current_fen", "cumulative_fen", "accepted", "flags", "confirmed", "origin")
    more: dict[str, Any] = {f"report_{name}": own.values(name)[:1] for name in names}
    return rows.annotate(**more).annotate(standing=_standing(period))


def _standing(period: MonthlyPeriod) -> Case:
    unreported = LATE if overdue(period) else WAITING
    return Case(
        When(report_pk=None, then=Value(unreported)),
        When(report_accepted=False, then=Value(HELD)),
        When(~Q(report_flags=[]) & Q(report_confirmed=""), then=Value(ODD)),
        When(report_current_fen=0, then=Value(ZERO)),
        default=Value(DONE),
        output_field=CharField(),
    )


def overdue(period: MonthlyPeriod) -> bool:
    """Whether the cut-off day has passed."""
    return timezone.localdate() > period.cut_off


def standing_of(period: MonthlyPeriod, access: Access) -> Standing:
    """Numbers of a period in two queries."""
    rows = rows_of(period, access)
    counted = rows.order_by().values("standing").annotate(number=Count("pk"))
    by_state = {row["standing"]: row["number"] for row in counted}
    reports = MonthlyReport.objects.filter(
        project__in=rows.order_by().values("pk"), year=period.year, month=period.month
    )
    after = Q(created_at__date__gt=period.cut_off) & ~Q(origin=MonthlyReport.Origin.IMPORT)
    sums = reports.aggregate(
        overdue=Count("pk", filter=after),
        current=Sum("current_fen", filter=Q(accepted=True)),
        cumulative=Sum("cumulative_fen", filter=Q(accepted=True)),
    )
    return Standing(
        sum(by_state.values()), by_state, sums["overdue"], sums["current"] or 0,
        sums["cumulative"] or 0,
    )  # fmt: skip


def system_standing(period: MonthlyPeriod) -> dict[str, int]:
    """How many due projects stand how, for the schedule, which sees all of the region."""
    rows = _annotated(due_projects(period.region_code, period.year), period)
    counted = rows.order_by().values("standing").annotate(number=Count("pk"))
    return {row["standing"]: row["number"] for row in counted}


def unreported(period: MonthlyPeriod) -> QuerySet[Project]:
    """Due projects without a report of the month."""
    own = MonthlyReport.objects.filter(project=OuterRef("pk"), year=period.year, month=period.month)
    return due_projects(period.region_code, period.year).exclude(Exists(own))
