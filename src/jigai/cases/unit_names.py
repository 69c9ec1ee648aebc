"""Who stands behind a unit of a step: in words, and whether there is anybody at a place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from django.utils import timezone

from jigai.cases.access import HANDLE
from jigai.cases.addressable import addressable
from jigai.cases.flow.problems import WARNING, Problem
from jigai.cases.flow.shapes import LEVELS, Procedure, Unit
from jigai.cases.services.give_tasks import department_of, pool
from jigai.core.access import access_of
from jigai.core.access.capabilities import capability_names
from jigai.core.access.duties import in_force
from jigai.core.access.scoping import region_prefix
from jigai.core.departments import line_name
from jigai.core.models import Assignment, Department, Role, User
from jigai.errors import JigaiError
from jigai.policies.addressees import people_with


def unit_words(unit: Unit, roles: dict[str, str] | None = None) -> str:
    """A unit as people say it: 自然资源（市级）, 申请人, 评审专家."""
    if unit.line:
        name = line_name(unit.line)
        return name if unit.level == "own" else f"{name}（{LEVELS[unit.level]}）"
    if unit.applicant:
        return "申请人"
    if unit.pool:
        return (roles or {}).get(unit.pool, unit.pool)
    if unit.capability:
        return f"有“{capability_names().get(unit.capability, unit.capability)}”权限的人"
    return "指定人员" if unit.person else "未写明"


def role_names() -> dict[str, str]:
    """Names of the roles whose people may do steps, by code."""
    rows = Role.objects.filter(capabilities__contains=[HANDLE]).order_by("name")
    return dict(rows.values_list("code", "name"))


def lines_at(region_code: str) -> dict[str, str]:
    """Lines of departments that stand in a region, above or below it, with their names."""
    rows = Department.objects.all()
    if region_code:
        rows = rows.filter(region_code__startswith=region_code[:2])
    codes = rows.order_by("line").values_list("line", flat=True).distinct()
    return {code: line_name(code) for code in codes}


def missing_unit(region_code: str) -> Callable[[Unit], str]:
    """For the check of a procedure of a region: why nobody stands behind a unit, or nothing."""
    known: dict[Unit, str] = {}

    def reason(unit: Unit) -> str:
        if unit not in known:
            known[unit] = _reason(unit, region_code)
        return known[unit]

    return reason


def _reason(unit: Unit, region_code: str) -> str:
    if unit.line:
        return _no_department(unit, region_code)
    if unit.pool:
        role = Role.objects.filter(code=unit.pool).first()
        if role is None:
            return f"没有“{unit.pool}”这个角色"
        if HANDLE not in role.capabilities:
            return f"角色“{role.name}”没有办理办件的权限"
        return "" if pool(unit.pool) else f"现在没有人担任“{role.name}”"
    if unit.capability:
        return _no_holder(unit.capability, region_code)
    if unit.person:
        person = User.objects.filter(username__iexact=unit.person, is_active=True).first()
        if person is None:
            return f"没有“{unit.person}”这个账号，或已停用"
        return "" if access_of(person).can(HANDLE) else f"“{person.name}”没有办理办件的权限"
    return ""


def _no_holder(capability: str, region_code: str) -> str:
    known = addressable()
    if capability not in known:
        names = "、".join(f"{code}（{name}）" for code, name in known.items())
        return f"“{capability}”不能作为办理人，可以写：{names}"
    is_place = len(region_code) == 6 and not region_code.endswith("00")
    if is_place and not people_with(capability, region_code):
        return f"{region_code} 现在没有人有“{known[capability]}”的权限"
    return ""


def _no_department(unit: Unit, region_code: str) -> str:
    is_county = len(region_code) == 6 and not region_code.endswith("00")
    above = unit.level in ("city", "province") and len(region_code) == 6
    if is_county or (above and not (unit.level == "city" and region_code.endswith("0000"))):
        try:
            department_of(unit, region_code, timezone.localdate())
        except JigaiError as problem:
            return problem.message
        return ""
    # Runs in many places: each place is asked when a case is handed in there.
    rows = Department.objects.filter(line=unit.line)
    if region_code:
        rows = rows.filter(region_code__startswith=region_prefix(region_code))
    return "" if rows.exists() else f"{region_code} 没有“{line_name(unit.line)}”条线的部门"


def empty_desks(procedure: Procedure, region_code: str) -> Iterator[Problem]:
    """A warning for departments that stand but where no account may do anything."""
    if len(region_code) != 6 or region_code.endswith("00"):
        return
    today = timezone.localdate()
    held = set(
        Assignment.objects.filter(
            in_force(), user__is_active=True, role__capabilities__contains=[HANDLE],
            department__isnull=False,
        ).values_list("department", flat=True)
    )  # fmt: skip
    lines = {unit for step in procedure.steps for unit in step.who if unit.line}
    known = {unit: _standing(unit, region_code, today) for unit in lines}
    empty = {row.pk: row.name for row in known.values() if row and row.pk not in held}
    if empty:
        names = "、".join(dict.fromkeys(
            row.name for step in procedure.steps for unit in step.who
            if (row := known.get(unit)) is not None and row.pk in empty
        ))  # fmt: skip
        yield Problem(
            "desk-empty", "办理人", f"{len(empty)} 个部门还没有能办理的账号：{names}",
            "先给这些部门的经办人开账号、授角色，否则办件到那一步会等着", WARNING,
        )  # fmt: skip


def _standing(unit: Unit, region_code: str, on: dt.date) -> Department | None:
    try:
        return department_of(unit, region_code, on)
    except JigaiError:
        return None
