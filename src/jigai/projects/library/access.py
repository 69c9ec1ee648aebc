"""Whose library is whose, and who sees and decides about what stands in it."""

from __future__ import annotations

from django.db.models import QuerySet

from jigai.core.access import Access, Denied, Reach, scoped
from jigai.policies.addressees import reaches
from jigai.projects.library.codes import Level
from jigai.projects.models import (
    Adjustment,
    AdmissionDecision,
    LibraryEntry,
    Project,
    RollOver,
)
from jigai.projects.selectors import REACH

VIEW, EDIT, ADMIT = "project.view", "project.edit", "project.admit"
LEVELS = (Level.COUNTY, Level.CITY, Level.PROVINCE)
AT_PROJECT = Reach(region="project__region_code", enterprise="project__enterprise")


def library_of(region: str, level: str) -> str:
    """The region that keeps the library of a level over a place."""
    six = region[:6]
    ends = {Level.COUNTY: six, Level.CITY: f"{six[:4]}00", Level.PROVINCE: f"{six[:2]}0000"}
    return ends[Level(level)]


def levels_of(region: str) -> tuple[Level, ...]:
    """The levels a project of a place goes through: one that a city keeps itself has no county."""
    six = region[:6]
    if six.endswith("0000"):
        return LEVELS[2:]
    return LEVELS[1:] if six.endswith("00") else LEVELS


def level_below(region: str, level: str) -> Level | None:
    """The level a project must stand in before; ``None`` for the first."""
    steps = levels_of(region)
    place = steps.index(Level(level)) if level in steps else 0
    return steps[place - 1] if place else None


def level_of_region(region: str) -> Level:
    """The level of the library a region keeps."""
    return levels_of(region)[0]


def entries_for(access: Access, capability: str = VIEW) -> QuerySet[LibraryEntry]:
    """Entries of projects within reach; those of repeated rows count nowhere."""
    rows = LibraryEntry.objects.filter(project__duplicate_of__isnull=True)
    return scoped(rows, access, capability, AT_PROJECT)


def decisions_for(access: Access) -> QuerySet[AdmissionDecision]:
    """Judgements about projects within reach."""
    rows = AdmissionDecision.objects.filter(project__duplicate_of__isnull=True)
    return scoped(rows, access, VIEW, AT_PROJECT)


def adjustments_for(access: Access) -> QuerySet[Adjustment]:
    """Adjustments of projects within reach."""
    return scoped(Adjustment.objects.all(), access, VIEW, AT_PROJECT)


def rollovers_for(access: Access) -> QuerySet[RollOver]:
    """Year's ends of libraries within reach."""
    return scoped(RollOver.objects.all(), access, VIEW, Reach(region="region_code"))


def editable(access: Access) -> QuerySet[Project]:
    """Projects whose records this person keeps."""
    rows = Project.objects.filter(duplicate_of__isnull=True)
    return scoped(rows, access, EDIT, REACH)


def keeps(access: Access, region: str, capability: str = ADMIT) -> bool:
    """Whether the person decides for the library of a region."""
    return access.can(capability) and reaches(access, capability, region)


def require_keeper(access: Access, region: str) -> None:
    """Raises :class:`Denied` for whoever does not decide for the library of a region."""
    access.require(ADMIT)
    if not keeps(access, region):
        raise Denied("not-your-library", "这一级项目库不由您审核", "由管这一级库的部门办理")
