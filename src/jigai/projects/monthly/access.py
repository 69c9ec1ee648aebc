"""Who may read, fill in, lock and reconcile monthly reports."""

from __future__ import annotations

from django.db.models import QuerySet

from jigai.core.access import Access, Denied, Reach, check, scoped
from jigai.core.access.scoping import region_prefix
from jigai.policies.addressees import reaches
from jigai.projects.models import (
    MonthlyPeriod,
    MonthlyReport,
    Project,
    StatisticsFigure,
    StatisticsInclusion,
)
from jigai.projects.selectors import REACH as PROJECT

VIEW, FILL, LOCK, STATISTICS = "project.view", "report.fill", "report.lock", "statistics.manage"
PERIOD = Reach(region="region_code")
REPORT = Reach(region="region_code", enterprise="project__enterprise")


def periods_for(access: Access) -> QuerySet[MonthlyPeriod]:
    """Periods of regions within reach."""
    return scoped(MonthlyPeriod.objects.all(), access, VIEW, PERIOD)


def reports_for(access: Access) -> QuerySet[MonthlyReport]:
    """Reports within reach: an enterprise sees its own."""
    return scoped(MonthlyReport.objects.all(), access, VIEW, REPORT)


def projects_to_fill(access: Access) -> QuerySet[Project]:
    """Projects whose reports the person may fill in."""
    rows = Project.objects.filter(duplicate_of__isnull=True)
    return scoped(rows, access, FILL, PROJECT)


def figures_for(access: Access) -> QuerySet[StatisticsFigure]:
    """The statistics bureau's figures within reach; enterprises do not see them."""
    return scoped(StatisticsFigure.objects.all(), access, STATISTICS, PERIOD)


def inclusions_for(access: Access) -> QuerySet[StatisticsInclusion]:
    """How far projects within reach are on their way into the statistics."""
    place = Reach(region="project__region_code", enterprise="project__enterprise")
    return scoped(StatisticsInclusion.objects.all(), access, VIEW, place)


def require_region(access: Access, capability: str, region_code: str) -> None:
    """Raises :class:`Denied` where the capability does not cover a region."""
    access.require(capability)
    if not reaches(access, capability, region_code):
        raise Denied("out-of-reach", "这个地区不在您的数据权限之内", "选您所在的地区或其下级")


def check_fill(project: Project, access: Access) -> Project:
    """The project, where the person may report for it. Raises :class:`Denied`."""
    return check(project, access, FILL, PROJECT)


def is_owner(access: Access, project: Project) -> bool:
    """Whether the person reports for the project as its enterprise."""
    grants = access.granting(FILL)
    own = any(g.enterprise_id and g.enterprise_id == project.enterprise_id for g in grants)
    return own and not reaches(access, FILL, project.region_code)


def within(rows: QuerySet[Project], region_code: str) -> QuerySet[Project]:
    """Projects of a region and below."""
    return rows.filter(region_code__startswith=region_prefix(region_code))
