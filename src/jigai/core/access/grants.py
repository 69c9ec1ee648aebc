"""What a person may do on a day: assignments of their own and those delegated to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from jigai.core.access.duties import in_force
from jigai.core.models.access import Assignment, Delegation
from jigai.core.models.region import RegionGroupMember
from jigai.core.models.user import User
from jigai.errors import JigaiError


class Denied(JigaiError):
    """The person may not do this; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One assignment as it counts today. ``on_behalf`` is the absent person, if delegated."""

    role: str
    role_name: str
    capabilities: frozenset[str]
    scope: str
    regions: tuple[str, ...]
    department_id: int | None
    department: str
    line: str
    enterprise_id: int | None
    institution_id: int | None
    holder: str
    programme: str
    on_behalf: str = ""


@dataclass(slots=True)
class Access:
    """Everything a request needs to know about its person's rights."""

    user: User | None
    grants: tuple[Grant, ...] = ()
    _capabilities: frozenset[str] = field(init=False, default=frozenset())

    def __post_init__(self) -> None:
        self._capabilities = frozenset().union(*(grant.capabilities for grant in self.grants))

    def can(self, capability: str) -> bool:
        """Whether some grant holds the capability, wherever it reaches."""
        return capability in self._capabilities

    def granting(self, capability: str) -> tuple[Grant, ...]:
        """The grants that hold the capability."""
        return tuple(grant for grant in self.grants if capability in grant.capabilities)

    def require(self, *capabilities: str) -> None:
        """Raise :class:`Denied` unless one of the capabilities is held."""
        if not any(self.can(name) for name in capabilities):
            from jigai.core.access.capabilities import capability_names

            words = "或".join(f"“{capability_names()[name]}”" for name in capabilities)
            raise Denied("denied", f"您没有{words}的权限", "需要时请联系本单位的平台管理员授权")

    @property
    def home_region(self) -> str:
        """The region code of the first department held, or empty."""
        return next((r for g in self.grants if g.department_id for r in g.regions), "")

    @property
    def acting_for(self) -> str:
        """Names of the absent people whose assignments are in use, for the audit context."""
        return "、".join(dict.fromkeys(g.on_behalf for g in self.grants if g.on_behalf))


def access_of(user: Any) -> Access:
    """The rights of a user right now, in two queries, a third for region groups.

    Nobody signed in has none.
    """
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return Access(None)
    now = timezone.now()
    givers = list(
        Delegation.objects.filter(
            taker=user, starts__lte=now, ends__gt=now, revoked_at__isnull=True
        ).values_list("giver_id", flat=True)
    )
    held = (
        Assignment.objects.filter(in_force(), user_id__in=[user.pk, *givers], user__is_active=True)
        .select_related("role", "department", "enterprise", "institution", "user")
        .order_by("-is_primary", "id")
    )
    return Access(user, tuple(_grants(list(held), user.pk)))


def expanded(codes: Iterable[str]) -> tuple[str, ...]:
    """Region codes with every group (such as ``sunan``) replaced by its members."""
    listed = [code for code in codes if code]
    slugs = [code for code in listed if not code[:6].isdigit()]
    members: dict[str, list[str]] = {}
    if slugs:
        rows = RegionGroupMember.objects.filter(group__slug__in=slugs)
        for slug, code in rows.values_list("group__slug", "region_code"):
            members.setdefault(slug, []).append(code)
    found = (members.get(code, []) if code in slugs else [code] for code in listed)
    return tuple(dict.fromkeys(code for codes in found for code in codes))


def _grants(held: list[Assignment], own: int) -> Iterable[Grant]:
    ordered = sorted(held, key=lambda a: a.user_id != own)
    for item in ordered:
        department = item.department
        regions = [department.region_code] if department else []
        if item.scope == Assignment.Scope.CUSTOM:
            regions = list(expanded(item.custom_regions))
        yield Grant(
            role=item.role.code,
            role_name=item.role.name,
            capabilities=frozenset(item.role.capabilities),
            scope=item.scope,
            regions=tuple(regions),
            department_id=item.department_id,
            department=str(department or ""),
            line=department.line if department else "",
            enterprise_id=item.enterprise_id,
            institution_id=item.institution_id,
            holder=str(item.department or item.enterprise or item.institution or ""),
            programme=item.programme,
            on_behalf="" if item.user_id == own else str(item.user),
        )
