"""角色: who may do what, as a table of roles against capabilities."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from jigai.core.access import requires
from jigai.core.access.capabilities import capability_names
from jigai.core.access.duties import in_force
from jigai.core.forms.roles import NewRoleForm, RoleForm
from jigai.core.models import Assignment, Role
from jigai.core.services.edit_role import create_role, edit_role, restore_role
from jigai.core.services.send_once import send_once
from jigai.core.views.edit_conflict import events_of
from jigai.core.views.edit_page import EditPage
from jigai.core.views.form_page import FormPage


@requires("person.view", "role.manage")
def role_list(request: Any) -> HttpResponse:
    """Every role and every capability at one glance."""
    roles = list(Role.objects.order_by("id"))
    held = Counter(
        Assignment.objects.filter(in_force(), user__is_active=True)
        .order_by()
        .values_list("role_id", flat=True)
    )
    context = {
        "roles": [{"row": role, "people": held[role.pk]} for role in roles],
        "lines": [
            {"code": code, "name": name, "cells": [code in role.capabilities for role in roles]}
            for code, name in capability_names().items()
        ],
    }
    return render(request, "core/people/roles.html", context)


@requires("person.view", "role.manage")
def role_detail(request: Any, code: str) -> HttpResponse:
    """One role: what it may do and how that differs from the release."""
    role = get_object_or_404(Role, code=code)
    names = capability_names()
    context = {
        "role": role,
        "capabilities": [(name, names.get(name, name)) for name in role.capabilities],
        "added": [names.get(name, name) for name in role.added] if role.shipped else [],
        "removed": [names.get(name, name) for name in role.removed],
    }
    return render(request, "core/people/role.html", context)


@requires("role.manage")
class RoleEdit(EditPage):
    """修改角色."""

    form_class = RoleForm
    title = "修改角色"
    columns = 1
    note = "立即对所有担任这个角色的人生效"
    above = ("角色", "role-list")
    role: Role

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The role."""
        self.role = get_object_or_404(Role, code=kwargs["code"])

    def stored(self) -> dict[str, Any]:
        """What it may do now."""
        row = Role.objects.get(pk=self.role.pk)
        return {"capabilities": [n for n in capability_names() if n in row.capabilities]}

    def changes(self) -> QuerySet[Any]:
        """Of this role."""
        return events_of("core.Role", pgh_obj_id=self.role.pk)

    def hold(self, request: Any) -> None:
        """The role."""
        Role.objects.select_for_update().get(pk=self.role.pk)

    def words(self, name: str, value: Any) -> str:
        """Names of capabilities, in one order for both sides."""
        return "、".join(word for code, word in capability_names().items() if code in value)

    def context(self, request: Any) -> dict[str, Any]:
        """Which role."""
        return {"heading": f"修改角色：{self.role}", "back": self._home()}

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Change it."""
        edit_role(by=request.access, role=self.role, **values)
        return self._home()

    def _home(self) -> str:
        return reverse("role-detail", args=[self.role.code])


@requires("role.manage")
class RoleNew(FormPage):
    """新增角色."""

    form_class = NewRoleForm
    title = "新增角色"
    above = ("角色", "role-list")

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Make it; its capabilities come next."""
        role = create_role(by=request.access, **values)
        return reverse("role-edit", args=[role.code])


@requires("role.manage")
@require_POST
def restore(request: Any, code: str) -> HttpResponse:
    """Back to what the release says."""
    role = get_object_or_404(Role, code=code)

    def act() -> str:
        restore_role(by=request.access, role=role, reason="恢复出厂设置")
        messages.success(request, f"“{role}”已恢复出厂设置")
        return reverse("role-detail", args=[code])

    nonce = request.POST.get("nonce", "")
    return redirect(send_once(user=request.user, nonce=nonce, path=request.path, act=act))
