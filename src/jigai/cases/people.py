"""Whom a case may be handed, lent or sent to; the services check each choice again."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from jigai.cases.access import HANDLE
from jigai.cases.models import Task
from jigai.cases.viewer import Viewer
from jigai.core.access.duties import in_force
from jigai.core.models import Assignment, Department, User

# Longer lists nobody reads; a department hands on to its own people.
MOST = 200
Pairs = list[tuple[str, str]]


def people_to(view: Viewer, task: Task | None, *, wide: bool = False) -> Pairs:
    """Active accounts that handle cases where the task may go or, with ``wide``, anywhere in the
    region of the case and above; without oneself. Ids and names."""
    where = Q(department__in=_offices(view, task, own=True))
    if wide:
        where |= Q(department__region_code__in=_places(view.case.region_code))
    held = _handling().filter(where).values("user")
    rows = User.objects.filter(pk__in=held, is_active=True).exclude(pk=view.desk.user)
    names = rows.order_by("name", "id").values_list("pk", "name", "username")[:MOST]
    return [(str(pk), f"{name}（{account}）" if name else account) for pk, name, account in names]


def departments_to(view: Viewer, task: Task | None) -> Pairs:
    """Other departments the task may go to in which somebody handles cases."""
    rows = _offices(view, task, own=False).filter(pk__in=_handling().values("department"))
    return [(str(row.pk), str(row)) for row in rows.order_by("-region_code", "name", "id")[:MOST]]


def _handling() -> QuerySet[Assignment]:
    return Assignment.objects.filter(
        in_force(), user__is_active=True, role__capabilities__contains=[HANDLE]
    )


def _offices(view: Viewer, task: Task | None, *, own: bool) -> QuerySet[Department]:
    """The department of the task, its line above and below; for who oversees, its region too."""
    rows = Department.objects.filter(valid_to__isnull=True)
    at = task.department if task is not None else None
    if at is None:
        return rows.filter(pk__in=view.desk.departments) if own else rows.none()
    if own and "supervisor" not in view.relations:
        return rows.filter(pk=at.pk)
    fits = Q(line=at.line, region_code__in=_places(at.region_code)) & ~Q(line="")
    if "supervisor" in view.relations:
        fits |= Q(region_code=at.region_code)
    found = rows.filter(fits | Q(pk=at.pk))
    return found if own else found.exclude(pk=at.pk)


def _places(region: str) -> tuple[str, ...]:
    if len(region) != 6:
        return (region,)
    return (region, region[:4] + "00", region[:2] + "0000")
