"""Bulk actions on ticked rows: choose, preview, carry out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from jigai.core.screens.list_bulk import MOST_ROWS, BulkAction
from jigai.core.screens.list_page import ListPage
from jigai.core.services.send_once import send_once
from jigai.core.views.saved_views import state_in
from jigai.errors import JigaiError


class BulkView(View):
    """Everything arrives by POST; nothing changes before the preview has been confirmed."""

    list_class: type[ListPage] = ListPage

    def get(self, request: Any, key: str) -> HttpResponse:
        """A reloaded address leads back to the list."""
        return redirect(self.list_class().home())

    def post(self, request: Any, key: str) -> HttpResponse:
        """The form, then its preview, then the change."""
        page = self.list_class()
        page.require(request.access)
        action = self._action(page, key)
        request.access.require(action.capability)
        ids = _ids(request.POST.getlist("row"))
        step = request.POST.get("step", "")
        form = action.form_class(request.POST if step else None)
        if not step or not form.is_valid() or step == "choose":
            return self._page(request, page, action, ids, form, lines=None)
        rows = action.rows(request.access, ids)
        if step == "apply":
            return self._apply(request, page, action, ids, form)
        lines = action.lines(list(rows), form.cleaned_data)
        return self._page(request, page, action, ids, form, lines=lines)

    def _action(self, page: ListPage, key: str) -> BulkAction:
        for action in page.bulk:
            if action.key == key:
                made: BulkAction = action()
                return made
        raise Http404

    def _page(
        self,
        request: Any,
        page: ListPage,
        action: BulkAction,
        ids: list[int],
        form: Any,
        lines: Any,
    ) -> HttpResponse:
        found = lines if lines is not None else list(action.rows(request.access, ids))
        context = {
            "list_page": page,
            "action": action,
            "ids": ids,
            "form": form,
            "lines": lines,
            "changing": [line for line in lines or () if line.changes],
            "unseen": len(ids) - len(found),
            "state": request.POST.get("state", ""),
            "back": page.home() + _address(page, request),
        }
        return render(request, "core/list/bulk.html", context)

    def _apply(
        self, request: Any, page: ListPage, action: BulkAction, ids: list[int], form: Any
    ) -> HttpResponse:
        versions = _versions(request.POST.getlist("version"))

        def act() -> str:
            done, refused = action.carry_out(
                rows=action.rows(request.access, ids), values=form.cleaned_data,
                user=request.user, versions=versions,
            )  # fmt: skip
            messages.success(request, f"{action.label}：已修改 {done} 行")
            for words in refused[:5]:
                messages.warning(request, words)
            if len(refused) > 5:
                messages.warning(request, f"另有 {len(refused) - 5} 行未修改")
            return page.home() + _address(page, request)

        nonce = request.POST.get("nonce", "")
        return redirect(send_once(user=request.user, nonce=nonce, path=request.path, act=act))


def _address(page: ListPage, request: Any) -> str:
    return state_in(page, request.POST.get("state", "")).address()


def _ids(given: list[str]) -> list[int]:
    ids = list(dict.fromkeys(int(text) for text in given if text.isdecimal() and len(text) < 19))
    if not ids:
        raise JigaiError("nothing-chosen", "还没有选择行", "请先在列表里勾选要修改的行")
    if len(ids) > MOST_ROWS:
        raise JigaiError("too-many-chosen", f"一次最多修改 {MOST_ROWS} 行", "请分几次进行")
    return ids


def _versions(given: list[str]) -> dict[int, int]:
    """``pk:version`` of each row as it stood in the preview."""
    pairs = (text.partition(":") for text in given)
    return {
        int(pk): int(version)
        for pk, _, version in pairs
        if pk.isdecimal() and version.isdecimal() and len(pk) < 19 and len(version) < 10
    }
