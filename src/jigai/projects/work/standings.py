"""What the library knows of projects at the end of a month, in a few queries however many."""

from __future__ import annotations

from typing import Any

from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from jigai.projects.models import MonthlyReport, Project, ProjectInvestment
from jigai.projects.work.nudges import Standing


def with_progress(rows: QuerySet[Project], year: int, month: int) -> QuerySet[Any]:
    """Projects with the plan of a year (``planned_fen``: entered in the library, else as told in
    the latest report) and their latest report that counts up to a month (``done_fen``,
    ``done_month``)."""
    plan = ProjectInvestment.objects.filter(
        project=OuterRef("pk"), year=year, statement="planned", kind="total"
    )
    told = MonthlyReport.objects.filter(
        project=OuterRef("pk"), year=year, month__lte=month, accepted=True
    ).order_by("-month")
    reports = told.filter(cumulative_fen__isnull=False)
    planned = told.filter(year_plan_fen__isnull=False).values("year_plan_fen")
    return rows.annotate(
        planned_fen=Coalesce(Subquery(plan.values("amount_fen")[:1]), Subquery(planned[:1])),
        done_fen=Subquery(reports.values("cumulative_fen")[:1]),
        done_month=Subquery(reports.values("month")[:1]),
    )


def standings(rows: QuerySet[Project], year: int, month: int) -> list[Standing]:
    """As the rules of nudging take them."""
    found = with_progress(rows, year, month).order_by("pk").values_list(
        "pk", "name", "state", "start", "start_precision", "planned_fen", "done_fen", "done_month"
    )  # fmt: skip
    return [Standing(*known, done_month=last or 0) for *known, last in found]  # type: ignore[misc]


def last_month_of(year: int) -> int:
    """The latest month of a year with a report; 0 without one."""
    found = MonthlyReport.objects.filter(year=year, accepted=True).aggregate(last=Max("month"))
    return int(found["last"] or 0)
