"""Two departments' figures beside each other: monthly reports and the statistics bureau's file.

Both stand as they were given; a ruling says what a difference comes from and which figure is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Max, QuerySet

from jigai.core.access import Access, Reach, scoped
from jigai.core.region_years import codes_of_place
from jigai.metrics.structure import growth
from jigai.metrics.worked import Worked
from jigai.projects.analysis.facts import Facts, visible_reports
from jigai.projects.models import FigureRuling, StatisticsFigure

FIGURES = Reach(region="region_code", enterprise="project__enterprise", owner="project__created_by")
KINDS = {
    "differ": "两边都有，数不同",
    "ours": "月报有，统计没有",
    "theirs": "统计有，月报没有",
    "nowhere": "统计有，没有对上项目",
    "same": "一致",
}
SAME = "same"


@dataclass(frozen=True, slots=True)
class Difference:
    """One project (or one row of the file that no project matches) of a month; fen, cumulative.

    ``included`` says whether the project is in the statistics. ``ruling`` is the latest;
    ``overtaken`` that a figure changed after it.
    """

    project: int | None
    figure: int | None
    name: str
    region: str
    ours: int | None
    theirs: int | None
    kind: str
    included: bool
    ruling: FigureRuling | None = None
    overtaken: bool = False

    @property
    def gap(self) -> int | None:
        """Ours less theirs; not known where one side says nothing."""
        return None if self.ours is None or self.theirs is None else self.ours - self.theirs

    @property
    def settled(self) -> bool:
        """Whether a ruling stands on the figures as they are now."""
        return self.kind == SAME or (self.ruling is not None and not self.overtaken)


def visible_figures(access: Access) -> QuerySet[StatisticsFigure]:
    """The bureau's figures within reach."""
    return scoped(StatisticsFigure.objects.all(), access, "project.view", FIGURES)


def latest_month(access: Access, year: int) -> int:
    """The newest month of a year of which the bureau's file is here, else the newest reported one,
    else January."""
    theirs = visible_figures(access).filter(year=year).aggregate(last=Max("month"))["last"]
    ours = visible_reports(access).filter(year=year).aggregate(last=Max("month"))["last"]
    return int(theirs or ours or 1)


# A corrected file is imported again: of several rows for one project the newest counts.
_PAIRS = """
    WITH ours AS (
        SELECT r.project_id, r.region_code, r.month, r.cumulative_fen AS fen
        FROM projects_monthlyreport r
        WHERE r.id IN ({ours}) AND r.accepted AND r.cumulative_fen IS NOT NULL
    ), theirs AS (
        SELECT DISTINCT ON (s.month, coalesce(s.project_id::text, ''),
                CASE WHEN s.project_id IS NULL THEN coalesce(s.code, s.name) ELSE '' END)
            s.id, s.project_id, s.region_code, s.month, s.name, s.cumulative_fen AS fen
        FROM projects_statisticsfigure s WHERE s.id IN ({theirs})
        ORDER BY s.month, coalesce(s.project_id::text, ''),
            CASE WHEN s.project_id IS NULL THEN coalesce(s.code, s.name) ELSE '' END, s.id DESC
    )
    SELECT coalesce(o.project_id, t.project_id) AS project, t.id AS figure,
        coalesce(p.name, t.name) AS name, coalesce(o.region_code, t.region_code) AS region,
        coalesce(o.month, t.month) AS month, o.fen AS ours, t.fen AS theirs,
        CASE WHEN i.status IS NULL OR i.status = 'none' THEN coalesce(p.in_statistics, false)
             ELSE i.status = 'included' END AS included,
        CASE WHEN o.project_id IS NULL AND t.project_id IS NULL THEN 'nowhere'
             WHEN t.id IS NULL THEN 'ours' WHEN o.project_id IS NULL THEN 'theirs'
             WHEN o.fen IS DISTINCT FROM t.fen THEN 'differ' ELSE 'same' END AS kind
    FROM ours o FULL JOIN theirs t ON t.project_id = o.project_id AND t.month = o.month
    LEFT JOIN projects_project p ON p.id = coalesce(o.project_id, t.project_id)
    LEFT JOIN projects_statisticsinclusion i ON i.project_id = p.id
"""


def _pairs(access: Access, year: int, region: str, month: int | None = None) -> Facts:
    ours, theirs = visible_reports(access).filter(year=year), visible_figures(access)
    theirs = theirs.filter(year=year)
    if month is not None:
        ours, theirs = ours.filter(month=month), theirs.filter(month=month)
    if region:
        codes = codes_of_place(region, year)
        ours, theirs = ours.filter(region_code__in=codes), theirs.filter(region_code__in=codes)
    one, first = ours.order_by().values("id").query.sql_with_params()
    two, second = theirs.order_by().values("id").query.sql_with_params()
    sql = _PAIRS.format(ours=one, theirs=two)
    return Facts(sql, (*first, *second))


def differences(
    access: Access, year: int, month: int, region: str = "", project: int | None = None,
    figure: int | None = None,
) -> list[Difference]:  # fmt: skip
    """What the two say of each project of a month, the widest gap first; two queries.

    A project that is not in the statistics and that they do not know of is no difference.
    """
    pairs = _pairs(access, year, region, month)
    where, params = ["NOT (q.kind = 'ours' AND NOT q.included)"], list(pairs.params)
    for name, value in (("project", project), ("figure", figure)):
        if value is not None:
            where.append(f"q.{name} = %s")
            params.append(value)
    sql = f"""
        SELECT q.project, q.figure, q.name, q.region, q.ours, q.theirs, q.kind, q.included
        FROM ({pairs.sql}) q WHERE {" AND ".join(where)}
        ORDER BY q.kind = 'same', abs(coalesce(q.ours, 0) - coalesce(q.theirs, 0)) DESC,
            q.project, q.figure
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    return list(_ruled(rows, year, month))


def _ruled(rows: list[tuple[Any, ...]], year: int, month: int) -> Iterator[Difference]:
    rulings = FigureRuling.objects.filter(year=year, month=month).select_related("created_by")
    by_project: dict[int, FigureRuling] = {}
    by_figure: dict[int, FigureRuling] = {}
    for ruling in rulings.order_by("id"):
        if ruling.project_id is not None:
            by_project[ruling.project_id] = ruling
        elif ruling.figure_id is not None:
            by_figure[ruling.figure_id] = ruling
    for project, figure, name, region, ours, theirs, kind, included in rows:
        found = by_project.get(project) if project is not None else by_figure.get(figure)
        changed = found is not None and (found.ours_fen, found.theirs_fen) != (ours, theirs)
        yield Difference(
            project, figure, name, region, ours, theirs, kind, included, found, changed
        )


@dataclass(frozen=True, slots=True)
class Beside:
    """Both sums of one month or place, of included projects only; fen, ``None`` without rows."""

    key: str
    ours: int | None
    theirs: int | None
    projects: int
    differing: int

    @property
    def gap(self) -> int | None:
        """Ours less theirs."""
        return None if self.ours is None or self.theirs is None else self.ours - self.theirs

    @property
    def rate(self) -> Worked:
        """The gap in per cent of theirs."""
        return growth(self.theirs, self.ours, "fen")


def beside(access: Access, year: int, region: str, by: str, month: int | None) -> list[Beside]:
    """Sums by ``month`` or by ``region`` (six digits of the rows), in one query."""
    pairs = _pairs(access, year, region, month)
    key = {"month": "q.month::text", "region": "left(q.region, 6)"}[by]
    sql = f"""
        SELECT {key} AS key, sum(q.ours) FILTER (WHERE q.included), sum(q.theirs),
            count(*) FILTER (WHERE q.included OR q.figure IS NOT NULL),
            count(*) FILTER (WHERE q.kind <> 'same' AND NOT (q.kind = 'ours' AND NOT q.included))
        FROM ({pairs.sql}) q GROUP BY 1
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, pairs.params)
        found = [Beside(row[0], _whole(row[1]), _whole(row[2]), row[3], row[4])
                 for row in cursor.fetchall()]  # fmt: skip
    return sorted(found, key=lambda one: one.key.rjust(6, "0"))


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)
