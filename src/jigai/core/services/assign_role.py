"""Gives a person a role for a department, an enterprise or an institution."""

from __future__ import annotations

import pghistory
from django.db import transaction
from django.utils import timezone

from jigai.core.access.duties import in_force
from jigai.core.access.grants import Access, Denied
from jigai.core.access.people import check_person, clashes, covers
from jigai.core.models.access import Assignment, Role
from jigai.core.models.region import Region, RegionGroup
from jigai.core.models.user import User
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError

Scope = Assignment.Scope


def assign_role(*, by: Access, duty: Assignment, reason: str) -> Assignment:
    """Save a duty made up but not saved: its person, role, holder, scope and validity.

    Nobody gives more than their own reach, nobody gives to themselves, and nobody both manages
    accounts and sees enterprise data. The first who acts for an enterprise becomes its 经办人.

    Raises :class:`Denied` for the first two, ``JigaiError`` for duties that make no sense.
    """
    by.require("person.manage")
    user = duty.user
    if by.user is not None and user.pk == by.user.pk:
        raise Denied("own-duty", "不能给自己授权", "请由另一位平台管理员办理")
    with transaction.atomic(), pghistory.context(reason=reason):
        User.objects.select_for_update().get(pk=user.pk)
        check_duty(duty)
        if user.assignments.exists():
            check_person(by, "person.manage", user)
        if not covers(by, "person.manage", duty):
            raise Denied("beyond-own", "授权范围超出了您自己的管理范围", "请联系上级平台管理员")
        _check_separation(user, duty.role)
        _check_not_twice(duty)
        duty.granted_by = by.user
        if duty.department is None:
            # What one does for an enterprise or an institution reaches that one and no further.
            duty.scope, duty.custom_regions = Scope.SELF, []
        duty.is_primary = _becomes_primary(duty)
        duty.save()
        send_notice(
            user=user, event="duty-changed", title=f"您获得了“{duty.role}”的授权",
            body=f"{duty}；数据权限：{duty.get_scope_display()}。事由：{reason}",
        )  # fmt: skip
    return duty


def check_duty(duty: Assignment) -> None:
    """Raises ``JigaiError`` where role, holder, scope and dates do not fit together."""
    side = duty.role.side
    holders = {
        Role.Side.ENTERPRISE: (duty.enterprise, "企业"),
        Role.Side.THIRD_PARTY: (duty.institution, "机构"),
    }
    holder, kind = holders.get(Role.Side(side), (duty.department, "部门"))
    given = [h for h in (duty.department, duty.enterprise, duty.institution) if h is not None]
    if holder is None or len(given) != 1:
        raise JigaiError("duty-holder", f"“{duty.role}”要授予在一个{kind}里，且只能选一个{kind}")
    if duty.scope == Scope.CUSTOM:
        _check_regions(duty.custom_regions)
    elif duty.custom_regions:
        raise JigaiError("duty-scope", "只有数据权限为“自定义”时才能指定区划")
    if duty.valid_from and duty.valid_to and duty.valid_to < duty.valid_from:
        raise JigaiError("duty-dates", "授权的止日早于起日", "请改正日期")
    if duty.valid_to and duty.valid_to < timezone.localdate():
        raise JigaiError("duty-dates", "授权的止日已经过去", "请改正日期")


def _check_regions(codes: list[str]) -> None:
    if not codes:
        raise JigaiError("duty-scope", "数据权限为“自定义”时至少要指定一个区划或区域组")
    known = set(Region.objects.filter(code__in=codes).values_list("code", flat=True))
    known |= set(RegionGroup.objects.filter(slug__in=codes).values_list("slug", flat=True))
    if unknown := [code for code in codes if code not in known]:
        raise JigaiError("duty-scope", f"没有这样的区划或区域组：{'、'.join(unknown)}")


def _check_separation(user: User, role: Role) -> None:
    held = Assignment.objects.filter(in_force(), user=user).values_list("role__capabilities")
    if clashes([name for (names,) in held for name in names] + list(role.capabilities)):
        raise JigaiError(
            "duty-clash",
            "管理账号与角色的人不能同时查看企业数据",
            "请为其中一项工作另开账号",
        )


def _check_not_twice(duty: Assignment) -> None:
    same = Assignment.objects.filter(
        in_force(), user=duty.user, role=duty.role, department=duty.department,
        enterprise=duty.enterprise, institution=duty.institution, programme=duty.programme,
    )  # fmt: skip
    if same.exists():
        raise JigaiError("duty-twice", f"“{duty.user}”已有这项授权", "要改范围，请先结束原授权")


def _becomes_primary(duty: Assignment) -> bool:
    if duty.enterprise is None or duty.valid_to is not None:
        return False
    held = Assignment.objects.filter(in_force(), enterprise=duty.enterprise, is_primary=True)
    return not held.exists()
