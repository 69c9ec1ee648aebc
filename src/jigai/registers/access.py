"""Who may see and change what in this room."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from jigai.core.access import Access, Denied, Reach, scoped
from jigai.policies.addressees import reaches
from jigai.registers.models import Entry, Proposal, Register
from jigai.registers.own_ways import has_own_way

VIEW, DESIGN, EDIT, APPROVE, APPLY = (
    "register.view", "register.design", "register.edit", "register.approve", "register.apply",
)  # fmt: skip
_ENTRY = Reach(region="region_code", enterprise="enterprise", owner="created_by")
_PROPOSAL = Reach(region="region_code", enterprise="entry__enterprise", owner="proposed_by")


def is_official(access: Access) -> bool:
    """Whether the person sees registers as an office does, not as an enterprise or institution."""
    return any(g.department_id for g in access.granting(VIEW))


def visible_registers(access: Access) -> QuerySet[Register]:
    """Offices see every published register and drafts they may design; others what is public to
    them, or open to applications, or names them."""
    rows = Register.objects.all()
    if not access.can(VIEW):
        return rows.none()
    published = Q(state=Register.State.PUBLISHED)
    if not is_official(access):
        own = scoped(Entry.objects.all(), access, VIEW, _ENTRY).values("register")
        wanted = Q(public=True) | Q(current__content__apply=True) | Q(pk__in=own)
        return rows.filter(published & wanted)
    mine = scoped(rows, access, DESIGN, Reach(region="region_code")).values("pk")
    return rows.filter(published | Q(state=Register.State.RETIRED) | Q(pk__in=mine))


def may_design(access: Access, register: Register) -> bool:
    """Whether the person may change the definition."""
    return reaches(access, DESIGN, register.region_code)


def may_edit(access: Access, register: Register) -> bool:
    """Whether the person may propose entries somewhere in the register."""
    open_ = register.state == Register.State.PUBLISHED and not has_own_way(register)
    return access.can(EDIT) and open_


def require_design(access: Access, register: Register) -> None:
    """Raises :class:`Denied` for somebody who may not change the definition."""
    access.require(DESIGN)
    if not may_design(access, register):
        raise Denied("not-the-keeper", f"“{register.name}”不由您所在的地区设计", "请联系管理单位")


def visible_entries(access: Access, register: Register | None = None) -> QuerySet[Entry]:
    """Entries in reach, of one register or all; those of no place (national lists) are for every
    office."""
    rows = Entry.objects.all() if register is None else Entry.objects.filter(register=register)
    own = scoped(rows, access, VIEW, _ENTRY)
    if not is_official(access):
        return own
    return own | rows.filter(region_code="", enterprise__isnull=True)


def visible_proposals(access: Access, capability: str = VIEW) -> QuerySet[Proposal]:
    """Proposals in reach."""
    rows: QuerySet[Any] = Proposal.objects.all()
    return scoped(rows, access, capability, _PROPOSAL)


def covers(access: Access, capability: str, region_code: str, *, without: str = "") -> bool:
    """Whether a capability reaches entries of a region; rights lent by ``without`` do not count."""
    return reaches(access, capability, region_code, without=without)
