"""Invented accounts for a trial platform, one a role."""

from __future__ import annotations

from typing import Any

import pghistory
from django.db import transaction

from jigai.core.models.access import Assignment, Role
from jigai.core.models.department import Department
from jigai.core.models.enterprise import Enterprise, Institution
from jigai.core.models.user import User
from jigai.core.services.install_departments import install_departments
from jigai.paths import data_dir
from jigai.yaml_files import read_yaml

Account = tuple[str, str, str, str]
_INSTITUTIONS = {
    "示例评审专家组": ("91370000SAMPLE0001", Institution.Kind.SERVICE),
    "示例商业银行兖州支行": ("91370000SAMPLE0002", Institution.Kind.BANK),
    "示例会计师事务所": ("91370000SAMPLE0003", Institution.Kind.SERVICE),
}
_HOME = "370812"


def install_demo_people(*, password: str, enterprise: Enterprise | None = None) -> list[Account]:
    """Departments of the sample district and an account a role; makes only what is missing.

    An account that exists keeps its password and its assignments. The enterprise account is bound
    to ``enterprise``, else to the first of the district as soon as there is one;
    those that the file names by credit code to that enterprise as soon as it is there.

    Returns (role name, user name, person, what they may see) in the order of the file. Needs the
    roles of :func:`install_reference`.
    """
    people: list[dict[str, Any]] = read_yaml(data_dir() / "demo_people.yaml")
    roles = {role.code: role for role in Role.objects.all()}
    departments = install_departments()
    with transaction.atomic(), pghistory.context(reason="建立试用账号"):
        held = {user.username: user for user in User.objects.filter(
            username__in=[row["user"] for row in people])}  # fmt: skip
        for row in people:
            user = held.get(row["user"]) or User.objects.create_user(
                row["user"], password, name=row["name"]
            )
            if not user.assignments.exists():
                _assign(user, row, roles[row["role"]], departments, enterprise)
    return [(roles[r["role"]].name, r["user"], r["name"], r["sees"]) for r in people]


def _assign(
    user: User, row: dict[str, Any], role: Role, departments: dict[str, Department],
    enterprise: Enterprise | None,
) -> None:  # fmt: skip
    holder: dict[str, Any] = {}
    if row.get("enterprise"):
        named = row["enterprise"] if isinstance(row["enterprise"], str) else ""
        enterprise = (
            Enterprise.objects.filter(uscc=named).first()
            if named
            else enterprise or _first_enterprise()
        )
        if enterprise is None:
            return
        primary = not enterprise.assignments.filter(is_primary=True, valid_to=None).exists()
        holder = {"enterprise": enterprise, "is_primary": primary}
    elif name := row.get("institution"):
        uscc, kind = _INSTITUTIONS[name]
        holder["institution"], _ = Institution.objects.get_or_create(
            uscc=uscc, defaults={"name": name, "kind": kind, "region_code": _HOME}
        )
    else:
        holder["department"] = departments[row["department"]]
    Assignment.objects.create(user=user, role=role, scope=row["scope"], **holder)


def _first_enterprise() -> Enterprise | None:
    found = Enterprise.objects.filter(region_code=_HOME).order_by("id")
    return found.first()
