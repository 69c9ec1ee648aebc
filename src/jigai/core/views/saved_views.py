"""Saving and deleting views of lists."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from jigai.core.access import signed_in
from jigai.core.models import Department, SavedView
from jigai.core.screens.list_page import ListPage, list_page
from jigai.core.screens.list_state import ListState, read_state
from jigai.core.screens.list_views import departments_of
from jigai.core.services.save_view import save_view
from jigai.core.services.send_once import send_once


def state_in(page: ListPage, address: str) -> ListState:
    """The state behind a list's query string as a form sends it back."""
    return read_state(
        QueryDict(address.removeprefix("?")),
        columns=[column.key for column in page.columns],
        sorts=page.sorts(),
        conditions=page.filters.base_fields,
    )


@signed_in
@require_POST
def save(request: Any) -> HttpResponse:
    """Keep the state of a list under a name, then show it."""
    page = list_page(request.POST.get("page", ""))
    page.require(request.access)
    kept = state_in(page, request.POST.get("state", "")).kept()
    shared = departments_of(request.access)[:1] if request.POST.get("shared") else []

    def act() -> str:
        view = save_view(
            owner=request.user,
            page=page.page,
            name=request.POST.get("name", ""),
            kept=kept,
            department=Department.objects.get(pk=shared[0]) if shared else None,
            is_default=bool(request.POST.get("is_default")),
        )
        messages.success(request, f"已保存视图“{view.name}”")
        return page.home() + state_in(page, request.POST.get("state", "")).address(
            view=str(view.pk)
        )

    nonce = request.POST.get("nonce", "")
    return redirect(send_once(user=request.user, nonce=nonce, path=request.path, act=act))


@signed_in
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete an own view."""
    view = get_object_or_404(SavedView, pk=pk, owner_id=request.user.pk)
    page, name = list_page(view.page), view.name
    view.delete()
    messages.success(request, f"已删除视图“{name}”")
    return redirect(page.home() + "?view=")
