"""Investment as each statement tells it, one row a project, year and month, in one SQL relation.

Statements never stand in for one another (reading U16): the monthly reports of included projects
are the statistical one, the fixed investment on file the filed one, invoice lines the invoiced one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from jigai.core.access import Access, Reach, scoped
from jigai.projects.analysis.line_source import lines_within
from jigai.projects.models import MonthlyReport
from jigai.projects.selectors import projects_for

STATISTICAL, FILED, INVOICED = "statistical", "filed", "invoiced"
STATEMENTS = {STATISTICAL: "统计口径", FILED: "备案口径", INVOICED: "发票口径"}
METHODS = {
    STATISTICAL: "取已入统项目的月报：每月完成额为已计入月报的“自年初累计”比上一次计入月报增加"
    "的数，按报送当时的属地归集；未入统项目另列，不计入。",
    FILED: "取项目备案的固定资产投资，按项目首次入账年度归集；是计划数，不是完成数。",
    INVOICED: "取设备、软件与信息化硬件发票行的不含税金额，按开票年月归集；作废、重复和单位可疑的"
    "行不计，红字冲减。是购置额，不等于固定资产投资。",
}
BY_MONTH = frozenset({STATISTICAL, INVOICED})
# Where a report belongs is said by the report: a project that moves later changes no past month.
_REPORTED = Reach(
    region="region_code", enterprise="project__enterprise", owner="project__created_by"
)


@dataclass(frozen=True, slots=True)
class Facts:
    """A relation ``project enterprise region year month fen counted`` with its parameters.

    ``fen`` may be null: the amount is not known. ``counted`` is false for what the statement leaves
    out (projects that are not in the statistics).
    """

    sql: str
    params: tuple[Any, ...]


def facts_of(access: Access, statement: str, year: int, month: int = 12) -> Facts | None:
    """What the person may see of a statement: the year up to a month, and the same months of the
    year before. ``None`` where the person may not see the rows it is made of."""
    years = [year - 1, year]
    if statement == STATISTICAL:
        return _statistical(access, years, month)
    if statement == FILED:
        return _filed(access, years)
    return _invoiced(access, years, month)


def visible_reports(access: Access) -> QuerySet[MonthlyReport]:
    """Monthly reports within reach, by where the project was when it reported."""
    rows = MonthlyReport.objects.filter(project__duplicate_of__isnull=True)
    return scoped(rows, access, "project.view", _REPORTED)


def _statistical(access: Access, years: list[int], month: int) -> Facts:
    # The step from the report before is taken over all reports of the project, also where some of
    # them belong to a region out of reach; only then are rows cut down.
    mine, params = visible_reports(access).order_by().values("id").query.sql_with_params()
    sql = f"""
        SELECT r.project_id AS project, p.enterprise_id AS enterprise, r.region_code AS region,
            r.year, r.month, r.fen,
            CASE WHEN i.status IS NULL OR i.status = 'none' THEN coalesce(p.in_statistics, false)
                 ELSE i.status = 'included' END AS counted
        FROM (
            SELECT id, project_id, region_code, year, month, cumulative_fen - coalesce(
                lag(cumulative_fen) OVER (PARTITION BY project_id, year ORDER BY month), 0) AS fen
            FROM projects_monthlyreport
            WHERE accepted AND cumulative_fen IS NOT NULL AND year = ANY(%s) AND month <= %s
        ) r
        JOIN projects_project p ON p.id = r.project_id
        LEFT JOIN projects_statisticsinclusion i ON i.project_id = p.id
        WHERE r.id IN ({mine})
    """
    return Facts(sql, (years, month, *params))


def _filed(access: Access, years: list[int]) -> Facts:
    rows = projects_for(access).filter(duplicate_of__isnull=True, year__in=years).order_by()
    mine, params = rows.values("id").query.sql_with_params()
    sql = f"""
        SELECT p.id AS project, p.enterprise_id AS enterprise, p.region_code AS region, p.year,
            12 AS month, coalesce(v.amount_fen, p.fixed_fen) AS fen, true AS counted
        FROM projects_project p
        LEFT JOIN projects_projectinvestment v ON v.project_id = p.id AND v.year = 0
            AND v.statement = 'filed' AND v.kind = 'fixed'
        WHERE p.id IN ({mine})
    """
    return Facts(sql, params)


def _invoiced(access: Access, years: list[int], month: int) -> Facts | None:
    lines = lines_within(access)
    if lines is None:
        return None
    rows = lines.filter(date__year__in=years, date__month__lte=month, project__isnull=False)
    mine, params = rows.order_by().query.sql_with_params()
    sql = f"""
        SELECT l.project_id AS project, l.enterprise_id AS enterprise, l.region_code AS region,
            extract(year FROM l.date)::int AS year, extract(month FROM l.date)::int AS month,
            l.amount_fen AS fen, true AS counted
        FROM ({mine}) l
    """
    return Facts(sql, params)
