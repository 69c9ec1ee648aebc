"""Changes what a role may do; shipped roles can be set back."""

from __future__ import annotations

from collections.abc import Iterable

import pghistory
from django.db import transaction

from jigai.core.access.capabilities import capability_names
from jigai.core.access.duties import in_force
from jigai.core.access.grants import Access, Denied
from jigai.core.access.people import clashes
from jigai.core.access.scoping import Scope
from jigai.core.models.access import Assignment, Role
from jigai.core.services.last_administrator import keeping_an_administrator
from jigai.errors import JigaiError


def edit_role(*, by: Access, role: Role, capabilities: Iterable[str], reason: str) -> Role:
    """Replace the capabilities of a role, for everybody who holds it.

    Needs ``role.manage`` everywhere, because roles are shared by all regions. Raises
    :class:`Denied` for more power to a role one holds, ``JigaiError`` for a mixture of managing
    accounts and seeing data, or where no administrator would be left.
    """
    _check_reach(by)
    wanted = [name for name in capability_names() if name in set(capabilities)]
    with transaction.atomic(), pghistory.context(reason=reason):
        row = Role.objects.select_for_update().get(pk=role.pk)
        added = set(wanted) - set(row.capabilities)
        if added and any(grant.role == row.code for grant in by.grants):
            raise Denied("own-role", "不能给自己担任的角色增加权能", "请由另一位平台管理员办理")
        if clashes(wanted):
            raise JigaiError("duty-clash", "一个角色不能既管理账号与角色，又查看企业数据")
        row.capabilities = wanted
        with keeping_an_administrator():
            row.save(update_fields=["capabilities"])
        _check_holders(row)
    return row


def restore_role(*, by: Access, role: Role, reason: str) -> Role:
    """Give a shipped role the capabilities of this release again."""
    if not role.shipped:
        raise JigaiError("role-own", f"“{role}”不是随版本提供的角色，没有出厂设置")
    return edit_role(by=by, role=role, capabilities=role.shipped, reason=reason)


def create_role(
    *, by: Access, code: str, name: str, side: str, description: str, reason: str
) -> Role:
    """A new role without capabilities."""
    _check_reach(by)
    if Role.objects.filter(code=code).exists():
        raise JigaiError("role-taken", f"标识 {code} 已有角色使用", "请换一个标识")
    with transaction.atomic(), pghistory.context(reason=reason):
        return Role.objects.create(code=code, name=name, side=side, description=description)


def _check_reach(by: Access) -> None:
    by.require("role.manage")
    everywhere = [g for g in by.granting("role.manage") if g.scope == Scope.ALL]
    if not everywhere:
        raise Denied("beyond-own", "角色由各地共用，只有全部范围的平台管理员才能修改")


def _check_holders(role: Role) -> None:
    """Two roles of one person must not make together what one role may not be."""
    holders = Assignment.objects.filter(in_force(), role=role).values("user")
    held: dict[int, list[str]] = {}
    rows = Assignment.objects.filter(in_force(), user__in=holders).values_list(
        "user_id", "role__capabilities"
    )
    for person, names in rows:
        held.setdefault(person, []).extend(names)
    if any(clashes(names) for names in held.values()):
        raise JigaiError("duty-clash", "有人因此会既管理账号又查看企业数据", "请先调整其授权")
