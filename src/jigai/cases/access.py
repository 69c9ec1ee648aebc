"""Who may see and do what with cases."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from jigai.cases.holdings import Holding, capability_tasks, holdings_of
from jigai.cases.models import Case, CaseProcedure, Task
from jigai.core.access import Access, Denied, Reach, scoped
from jigai.core.models import DepartmentMerger
from jigai.policies.addressees import reaches

VIEW, VIEW_ALL, APPLY, HANDLE, SUPERVISE, DESIGN = (
    "case.view", "case.view-all", "case.apply", "case.handle", "case.supervise",
    "procedure.design",
)  # fmt: skip
REACH = Reach(region="region_code", enterprise="enterprise", owner="started_by")


@dataclass(frozen=True, slots=True)
class Desk:
    """What a person's work arrives at: departments (those merged into one's own with them),
    enterprises, people (oneself, and those who delegated to one) and capabilities held;
    ``by_delegation`` are the ids among ``departments`` that come by delegation only."""

    departments: tuple[int, ...]
    enterprises: tuple[int, ...]
    people: tuple[int, ...]
    user: int
    absent: dict[int, str]
    by_delegation: frozenset[int]
    holdings: tuple[Holding, ...] = ()


def desk_of(access: Access) -> Desk:
    """The desk of a person today, in at most two queries."""
    assert access.user is not None
    own: set[int] = set()
    lent: set[int] = set()
    enterprises: list[int] = []
    for grant in access.grants:
        if grant.department_id and HANDLE in grant.capabilities:
            (lent if grant.on_behalf else own).add(grant.department_id)
        if grant.enterprise_id and APPLY in grant.capabilities:
            enterprises.append(grant.enterprise_id)
    merged = _merged_into(own | lent)
    departments = own | lent | set(merged)
    from jigai.core.models import Delegation

    now = timezone.now()
    absent = (
        dict(
            Delegation.objects.filter(
                taker=access.user, starts__lte=now, ends__gt=now, revoked_at__isnull=True
            ).values_list("giver_id", "giver__name")
        )
        if access.acting_for
        else {}
    )
    only_lent = {one for one in lent | {m for m, into in merged.items() if into in lent}
                 if one not in own and merged.get(one) not in own}  # fmt: skip
    return Desk(
        tuple(sorted(departments)), tuple(dict.fromkeys(enterprises)),
        (access.user.pk, *sorted(absent)), access.user.pk, absent, frozenset(only_lent),
        tuple(holdings_of(access, absent)),
    )  # fmt: skip


def _merged_into(departments: set[int]) -> dict[int, int]:
    """Departments that became one of these, with the one they became; along every merger."""
    if not departments:
        return {}
    rows = list(
        DepartmentMerger.objects.filter(on__lte=timezone.localdate()).values_list("old", "new")
    )
    found: dict[int, int] = {}
    grown = True
    while grown:
        more = {
            old: found.get(new, new) for old, new in rows
            if old not in found and (new in departments or new in found)
        }  # fmt: skip
        found.update(more)
        grown = bool(more)
    return found


def own_tasks(desk: Desk) -> Q:
    """The condition on tasks that are this person's to do, apart from their state."""
    today = timezone.localdate()
    # Barred, a task comes to nobody by any way, be it as a deputy of whoever took it.
    return ~Q(barred=desk.user) & (
        Q(person__in=desk.people)
        | Q(person__isnull=True, department__in=desk.departments)
        | Q(person__isnull=True, enterprise__in=desk.enterprises)
        | Q(deputy=desk.user, deputy_until__gte=today)
        | reduce(or_, capability_tasks(desk.holdings, desk.user), Q(pk__in=()))
    )


def visible_cases(access: Access) -> QuerySet[Case]:
    """Cases one applied for, has or had a task in, or oversees."""
    rows = Case.objects.all()
    if access.user is None or not (access.can(VIEW) or access.can(HANDLE)):
        return rows.none()
    desk = desk_of(access)
    tasks = Task.objects.filter(
        own_tasks(desk) | Q(department__in=desk.departments) | Q(acted_by=access.user)
    )
    applied = Q(started_by=access.user)
    if desk.enterprises:
        applied |= Q(enterprise__in=desk.enterprises)
    if not access.can(VIEW_ALL):
        # As one set of keys: an "or" would be asked of every case there is.
        mine = tasks.order_by().values("case").union(rows.order_by().filter(applied).values("pk"))
        return rows.filter(pk__in=mine)
    # What the case itself tells comes first: an "or" is answered from the left, and its tasks are
    # only read for one that nothing else shows.
    wide = scoped(rows, access, VIEW_ALL, REACH)
    return wide | rows.filter(applied | Q(Exists(tasks.filter(case=OuterRef("pk")))))


def relations_of(case: Case, access: Access, tasks: list[Task], desk: Desk) -> set[str]:
    """How a person stands to a case; ``tasks`` are all of the case's. Empty for an outsider."""
    assert access.user is not None
    found: set[str] = set()
    for task in tasks:
        if task.state == Task.State.OPEN and task.kind != Task.Kind.COPY:
            how = holds(task, desk)
            if how:
                found.add(how)
        if task.acted_by_id == access.user.pk and task.state == Task.State.DONE:
            found.add("past")
        if holds(task, desk) or task.department_id in desk.departments:
            found.add("reader")
    if case.started_by_id == access.user.pk or (
        case.enterprise_id is not None and case.enterprise_id in desk.enterprises
    ):
        found |= {"applicant", "reader"}
    if reaches(access, SUPERVISE, case.region_code):
        found |= {"supervisor", "reader"}
    if not found and visible_cases(access).filter(pk=case.pk).exists():
        found.add("reader")
    return found


def holds(task: Task, desk: Desk) -> str:
    """``handler``, ``deputy`` or nothing: how a task is this person's."""
    today = timezone.localdate()
    if task.barred_id == desk.user:
        return ""
    if task.person_id is None and task.capability:
        ways = _ways_to(task, desk)
        return "" if not ways else "deputy" if all(one.givers for one in ways) else "handler"
    if task.person_id is None:
        if task.department_id in desk.departments:
            return "deputy" if task.department_id in desk.by_delegation else "handler"
        return "handler" if task.enterprise_id in desk.enterprises else ""
    if task.person_id == desk.user:
        return "handler"
    if task.person_id in desk.absent:
        return "deputy"
    lent = task.deputy_id == desk.user and task.deputy_until and task.deputy_until >= today
    return "deputy" if lent else ""


def _ways_to(task: Task, desk: Desk) -> list[Holding]:
    return [one for one in desk.holdings if one.covers(task)]


def giver_of(task: Task, desk: Desk) -> int | None:
    """The absent person whose right a task of a capability comes by; ``None`` where one's own."""
    if holds(task, desk) != "deputy":
        return None
    return next((pk for one in _ways_to(task, desk) for pk in sorted(one.givers)), None)


def acting_for(task: Task, desk: Desk) -> str:
    """The name of the absent person a task is done for; empty where it is one's own."""
    if task.person_id is not None and task.person_id != desk.user:
        return desk.absent.get(task.person_id) or str(task.person)
    if task.person_id is None and task.capability and holds(task, desk) == "deputy":
        names = [one.grant.on_behalf for one in _ways_to(task, desk)]
        return "、".join(dict.fromkeys(names))
    if task.person_id is None and task.department_id in desk.by_delegation:
        return "、".join(dict.fromkeys(desk.absent.values()))
    return ""


def may_design(access: Access, procedure: CaseProcedure) -> bool:
    """Whether the person may change the definition."""
    return reaches(access, DESIGN, procedure.region_code)


def require_design(access: Access, procedure: CaseProcedure) -> None:
    """Raises :class:`Denied` for somebody who may not change the definition."""
    access.require(DESIGN)
    if not may_design(access, procedure):
        raise Denied("not-the-keeper", f"“{procedure.name}”不由您所在的地区设计", "请联系主管单位")
