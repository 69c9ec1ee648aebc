"""Installs the shipped roles without overwriting what was changed on screen."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from jigai.core.access.capabilities import capability_names
from jigai.core.models.access import Assignment, Role
from jigai.core.models.user import User
from jigai.core.services.send_notice import send_notice
from jigai.paths import data_dir
from jigai.yaml_files import read_yaml


def install_roles() -> int:
    """Make new roles, bring unchanged ones up to date; returns the number of shipped roles.

    A role changed on screen keeps its capabilities; only ``shipped`` moves, and those who manage
    roles are told. Raises ``ValueError`` when the file names a capability that does not exist.
    """
    shipped: list[dict[str, Any]] = read_yaml(data_dir() / "roles.yaml")
    held = {role.code: role for role in Role.objects.select_for_update()}
    kept = []
    for row in shipped:
        _check(row)
        role = held.get(row["code"])
        if role is None:
            Role.objects.create(
                code=row["code"], name=row["name"], side=row["side"],
                description=row.get("description", ""),
                capabilities=row["capabilities"], shipped=row["capabilities"],
            )  # fmt: skip
        elif _bring_up_to_date(role, row):
            kept.append(role)
    if kept:
        transaction.on_commit(lambda: _tell(kept))
    return len(shipped)


def _check(row: dict[str, Any]) -> None:
    unknown = set(row["capabilities"]) - capability_names().keys()
    if unknown:
        raise ValueError(f"roles.yaml, {row['code']}: unknown {', '.join(sorted(unknown))}")


def _bring_up_to_date(role: Role, row: dict[str, Any]) -> bool:
    """Whether the role was changed on screen, so that the release could not be followed."""
    if role.shipped == row["capabilities"]:
        return False
    changed = role.capabilities != role.shipped
    role.shipped = row["capabilities"]
    if not changed:
        role.capabilities = row["capabilities"]
        role.name, role.description = row["name"], row.get("description", "")
    role.save()
    return changed


def _tell(roles: list[Role]) -> None:
    names = "、".join(f"“{role.name}”" for role in roles)
    today = timezone.localdate()
    managers = Assignment.objects.filter(role__capabilities__contains=["role.manage"])
    managers = managers.exclude(valid_to__lt=today).values("user")
    for user in User.objects.filter(is_active=True, pk__in=managers):
        send_notice(
            user=user, event="role-differs", title=f"角色{names}与新版本的出厂设置不同",
            body="这些角色曾在平台上修改过，升级没有改动它们。请到“角色”页比较后决定是否恢复出厂设置。",
            url="/roles/",
        )  # fmt: skip
