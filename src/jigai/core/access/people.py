"""Which accounts and assignments a person may see or manage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from jigai.core.access.grants import Access, Denied, Grant, expanded
from jigai.core.access.scoping import Scope, region_prefix
from jigai.core.models.access import Assignment
from jigai.core.models.user import User

EVERYWHERE = ""
# Who manages accounts or roles sees no data of enterprises, so that nobody can give it to himself.
MANAGING = frozenset({"person.manage", "role.manage"})
_DATA_ROOMS = ("enterprise", "project", "funding", "evaluation", "evidence", "gate", "case",
               "export")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """How far an assignment reaches: code prefixes (``""`` is everywhere), whole or exact."""

    prefixes: tuple[str, ...]
    exact: bool = False


def is_data(capability: str) -> bool:
    """Whether a capability opens data of enterprises."""
    return capability.partition(".")[0] in _DATA_ROOMS


def clashes(capabilities: Iterable[str]) -> bool:
    """Whether one person would both manage accounts and see enterprise data."""
    held = set(capabilities)
    return bool(held & MANAGING) and any(is_data(name) for name in held)


def span_of(assignment: Assignment) -> Span:
    """The reach of an assignment, saved or not yet saved."""
    if assignment.enterprise is not None:
        return Span((_prefix(assignment.enterprise.region_code),), exact=True)
    if assignment.institution is not None:
        return Span((_prefix(assignment.institution.region_code),), exact=True)
    if assignment.scope == Scope.ALL:
        return Span((EVERYWHERE,))
    if assignment.scope == Scope.CUSTOM:
        return Span(tuple(_prefix(code) for code in expanded(assignment.custom_regions)))
    home = assignment.department.region_code if assignment.department else ""
    return Span((_prefix(home),), exact=assignment.scope != Scope.BELOW)


def covers(access: Access, capability: str, assignment: Assignment) -> bool:
    """Whether the person's grants of a capability reach at least as far as an assignment."""
    span = span_of(assignment)
    grants = access.granting(capability)
    return bool(span.prefixes) and all(
        any(_covers(grant, prefix, span.exact) for grant in grants) for prefix in span.prefixes
    )


def _covers(grant: Grant, prefix: str, exact: bool) -> bool:
    if grant.enterprise_id is not None or grant.institution_id is not None:
        return False
    if grant.scope == Scope.ALL:
        return True
    if prefix == EVERYWHERE:
        return False
    own = [_prefix(code) for code in grant.regions]
    if grant.scope in (Scope.BELOW, Scope.CUSTOM):
        return any(prefix.startswith(one) for one in own if one)
    return grant.scope == Scope.DEPARTMENT and exact and prefix in own


def people_in_reach(access: Access, capability: str) -> QuerySet[User]:
    """The accounts that hold, or held, a duty within reach, and those one made that hold none."""
    wanted = Q(pk=access.user.pk) if access.user else Q(pk__in=())
    for grant in access.granting(capability):
        if grant.enterprise_id is not None or grant.institution_id is not None:
            continue
        if grant.scope == Scope.ALL:
            return User.objects.all()
        if grant.scope == Scope.SELF:
            continue
        wanted |= Q(Exists(_held_in(grant)))
    if access.user and access.can(capability):
        idle = ~Exists(Assignment.objects.filter(user=OuterRef("pk")))
        wanted |= Q(idle, created_by=access.user)
    return User.objects.filter(wanted)


def _held_in(grant: Grant) -> QuerySet[Assignment]:
    """Assignments of the outer account whose department, enterprise or institution is in reach."""
    place = Q(pk__in=())
    for code in grant.regions:
        exact = grant.scope == Scope.DEPARTMENT
        test = ("", code) if exact else ("__startswith", region_prefix(code))
        for holder in ("department", "enterprise", "institution"):
            place |= Q(**{f"{holder}__region_code{test[0]}": test[1]})
    return Assignment.objects.filter(place, user=OuterRef("pk"))


def check_person(access: Access, capability: str, user: User) -> None:
    """Raises :class:`Denied` unless the account is in reach, and with it all its duties.

    Without the second half a county's administrator could reset the password of the province's.
    """
    if not people_in_reach(access, capability).filter(pk=user.pk).exists():
        raise Denied("out-of-reach", "这个账号不在您的管理范围之内")
    held = user.assignments.select_related("department", "enterprise", "institution")
    held = held.exclude(valid_to__lt=timezone.localdate())
    if not all(covers(access, capability, item) for item in held):
        raise Denied(
            "wider-than-own",
            f"“{user}”还有您管理范围以外的授权，不能由您办理",
            "请联系上级平台管理员",
        )


def _prefix(code: str) -> str:
    """The prefix of a region; a holder without region is managed by those who reach everywhere."""
    return region_prefix(code) if code else EVERYWHERE
