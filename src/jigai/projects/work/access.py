"""Who may do what with the work on projects; everything belongs where its project is."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from jigai.core.access import Access, Denied, Reach, scoped
from jigai.core.access.scoping import region_prefix
from jigai.core.models import User
from jigai.policies.addressees import reaches
from jigai.projects.models import Project, Visit, WorkTask, ZoneDuty
from jigai.projects.selectors import projects_for

VIEW, MANAGE = "project.view", "project.work"
AT_PROJECT = Reach(region="project__region_code", enterprise="project__enterprise")
AT_REGION = Reach(region="region_code")
Row = TypeVar("Row", bound=Model)


def project_in_reach(access: Access, pk: int, capability: str = VIEW) -> Project:
    """One project the person's capability reaches. Raises :class:`Denied`."""
    access.require(capability)
    rows = projects_for(access).select_related("enterprise")
    found = rows.filter(pk=pk).first()
    if found is None or (capability != VIEW and not reaches(access, capability, found.region_code)):
        raise Denied("out-of-reach", "这个项目不在您的数据权限之内", "请联系项目所在地的部门")
    return found


def require_region(access: Access, capability: str, region: str) -> None:
    """Raises :class:`Denied` where the capability does not cover a region."""
    access.require(capability)
    if not reaches(access, capability, region):
        raise Denied("out-of-reach", "这个地区不在您的数据权限之内", "选您所在的地区或其下级")


def visits_for(access: Access) -> QuerySet[Visit]:
    """Visits to projects within reach; an enterprise does not read what was found there."""
    rows = Visit.objects.filter(project__duplicate_of__isnull=True)
    return scoped(rows, access, VIEW, Reach(region="project__region_code"))


def duties_for(access: Access) -> QuerySet[ZoneDuty]:
    """Duties in regions within reach, and one's own."""
    mine = ZoneDuty.objects.filter(person=access.user)
    return scoped(ZoneDuty.objects.all(), access, VIEW, AT_REGION) | mine


def tasks_for(access: Access) -> QuerySet[WorkTask]:
    """Tasks about projects within reach, and one's own."""
    return scoped(WorkTask.objects.all(), access, VIEW, AT_PROJECT) | WorkTask.objects.filter(
        person=access.user
    )


def may_answer(access: Access, task: WorkTask) -> bool:
    """Whether the task is this person's: named, of the enterprise, or of who manages the region."""
    user = access.user
    if user is None:
        return False
    own = {g.enterprise_id for g in access.granting(VIEW) if g.enterprise_id}
    return (
        task.person_id == user.pk
        or task.project.enterprise_id in own
        or reaches(access, MANAGE, task.project.region_code)
    )


def responsible_for(projects: list[Project], on: object) -> dict[int, User]:
    """Who answers for each project on a day: the one named for the project, else for its park or
    zone, else for the nearest region above."""
    rows = ZoneDuty.objects.filter(Q(until__isnull=True) | Q(until__gte=on), since__lte=on)
    rows = rows.select_related("person").order_by("-since", "-id")
    listed = list(rows)
    found: dict[int, User] = {}
    for project in projects:
        best = max(
            ((_closeness(duty, project), -place, duty) for place, duty in enumerate(listed)),
            key=lambda item: item[:2], default=None,
        )  # fmt: skip
        if best and best[0] > 0:
            found[project.pk] = best[2].person
    return found


def covers(duty: ZoneDuty, project: Project) -> bool:
    """Whether a project lies in what a duty is about."""
    return _closeness(duty, project) > 0


def _closeness(duty: ZoneDuty, project: Project) -> int:
    """0 where the duty does not cover the project, more the closer it is."""
    if duty.project_id is not None:
        return 100 if duty.project_id == project.pk else 0
    if not project.region_code.startswith(region_prefix(duty.region_code)):
        return 0
    near = len(region_prefix(duty.region_code))
    if not duty.zone:
        return near
    return 50 + near if duty.zone in (project.park or "", *_places(project)) else 0


def _places(project: Project) -> tuple[str, ...]:
    owner = project.enterprise
    return (owner.town,) if owner else ()
