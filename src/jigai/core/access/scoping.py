"""Cuts every query down to what a person may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from jigai.core.access.grants import Access, Denied, Grant
from jigai.core.models.access import Assignment

Row = TypeVar("Row", bound=Model)
Scope: Any = Assignment.Scope


@dataclass(frozen=True, slots=True)
class Reach:
    """Which columns of a table say where a row belongs; empty where there is no such column."""

    region: str = "region_code"
    enterprise: str = ""
    owner: str = ""
    programme: str = ""


def region_prefix(code: str) -> str:
    """What codes of a region and below start with: 370000 → 37, 370800 → 3708, 370812 → 370812.

    Raises ``ValueError`` for an empty code, which would be the beginning of every other.
    """
    if len(code) == 6 and code.endswith("0000"):
        return code[:2]
    if len(code) == 6 and code.endswith("00"):
        return code[:4]
    if len(code) < 2:
        raise ValueError(f"not a region code: {code!r}")
    return code


def lies_in(region_code: str, wide: str) -> bool:
    """Whether a region is another or lies in it; nothing lies in an unknown one."""
    return len(wide) > 1 and region_code.startswith(region_prefix(wide))


def scoped(rows: QuerySet[Row], access: Access, capability: str, reach: Reach) -> QuerySet[Row]:
    """The rows that one of the person's grants of this capability reaches."""
    wanted = Q()
    for grant in access.granting(capability):
        part = _reached(grant, access, reach)
        if part is None:
            return rows
        wanted |= part
    return rows.filter(wanted) if wanted else rows.none()


def _reached(grant: Grant, access: Access, reach: Reach) -> Q | None:
    """The condition a grant puts on rows; ``None`` means every row."""
    nothing = Q(pk__in=())
    if grant.enterprise_id is not None:
        return Q(**{reach.enterprise: grant.enterprise_id}) if reach.enterprise else nothing
    if grant.institution_id is not None:
        return nothing
    part: Q | None = None
    if grant.scope == Scope.SELF:
        person = access.user.pk if access.user else None
        part = Q(**{reach.owner: person}) if reach.owner else nothing
    elif grant.scope == Scope.DEPARTMENT:
        part = Q(**{f"{reach.region}__in": grant.regions}) if reach.region else nothing
    elif grant.scope in (Scope.BELOW, Scope.CUSTOM):
        part = _below(grant.regions, reach) if reach.region else nothing
    if grant.programme and reach.programme:
        limited = Q(**{reach.programme: grant.programme})
        part = limited if part is None else part & limited
    return part


def _below(regions: tuple[str, ...], reach: Reach) -> Q:
    wanted = Q(pk__in=())
    for code in regions:
        if len(code) < 2:
            # Fails closed: nothing is seen by a broken code.
            continue
        wanted |= Q(**{f"{reach.region}__startswith": region_prefix(code)})
    return wanted


def check(row: Row, access: Access, capability: str, reach: Reach) -> Row:
    """The row itself, when the person's grants reach it.

    Raises :class:`Denied` otherwise; views answer 404, so that nobody learns what exists.
    """
    rows = type(row)._default_manager.filter(pk=row.pk)
    if not scoped(rows, access, capability, reach).exists():
        raise Denied("out-of-reach", "这条记录不在您的数据权限之内", "需要时请联系平台管理员")
    return row
