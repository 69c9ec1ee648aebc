"""The list page every room declares: query form, table, saved views, export, bulk actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import get_resolver, reverse
from django.utils.cache import patch_vary_headers
from django.views import View

from jigai.core.access import Access, requires, signed_in
from jigai.core.screens.keyset import Cursor, Page, Sort, fetch_page, ordered
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import ListFilters
from jigai.core.screens.list_state import SIZES, ListState, read_state
from jigai.core.screens.list_views import SavedViews, departments_of
from jigai.core.screens.menu import url_of
from jigai.errors import JigaiError

# Beyond this many rows a list says "10,000+": counting them all would cost more than it tells.
COUNTED_TO = 10_000


@dataclass(frozen=True, slots=True)
class ListAction:
    """A button of the toolbar: a page by name, shown to those who hold the capability."""

    label: str
    url_name: str
    icon: str = ""
    capability: str = ""
    primary: bool = False

    @property
    def url(self) -> str:
        """The address; empty where no room has given the page one."""
        return url_of(self.url_name)


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows there are, exactly or at least."""

    number: int
    exact: bool

    def __str__(self) -> str:
        return f"{self.number:,}" + ("" if self.exact else "+")


class ListPage(View):
    """One list. Subclasses declare; requests, exports and bulk actions all read the declaration.

    ``rows(access)`` gives what the person may see; nothing else widens it. ``decorate`` adds to a
    page (or a chunk of an export) what needs a query of its own, set by set.
    """

    page: ClassVar[str] = ""
    title: ClassVar[str] = ""
    note: ClassVar[str] = ""
    capability: ClassVar[str | tuple[str, ...]] = ""
    columns: ClassVar[tuple[Column, ...]] = ()
    filters: ClassVar[type[ListFilters]] = ListFilters
    fields_shown: ClassVar[int] = 3
    default_sort: ClassVar[str] = "-id"
    actions: ClassVar[tuple[ListAction, ...]] = ()
    bulk: ClassVar[tuple[Any, ...]] = ()
    can_export: ClassVar[bool] = True
    # Whether the export is offered as comma-separated text besides.
    offers_csv: ClassVar[bool] = False
    empty_title: ClassVar[str] = "还没有记录"
    empty_hint: ClassVar[str] = ""
    template_name: ClassVar[str] = "core/list/page.html"
    url_name: ClassVar[str] = ""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if cls.page:
            names = (cls.capability,) if isinstance(cls.capability, str) else cls.capability
            (requires(*names) if names[0] else signed_in)(cls)
            _PAGES[cls.page] = cls

    @property
    def bulk_url_name(self) -> str:
        """The name of the address bulk actions are sent to."""
        return f"{self.url_name}-bulk"

    def require(self, access: Access) -> None:
        """Raise :class:`Denied` unless the person may open the list."""
        names = (self.capability,) if isinstance(self.capability, str) else self.capability
        if names[0]:
            access.require(*names)

    def home(self) -> str:
        """The address of the list."""
        return reverse(self.url_name)

    def about(self, subject: str) -> None:
        """Become the list of one subject (a register): title, columns and conditions are its own.

        ``page`` then ends in ``:<subject>``, so that saved views and exports find the way back.
        Raises :class:`JigaiError` where there is no such subject.
        """
        raise JigaiError("unknown-list", "没有这个列表", "请回到原页面重新操作")

    def rows(self, access: Access) -> QuerySet[Any]:
        """The rows this person may see, unordered."""
        raise NotImplementedError

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Add to these rows what the columns need beyond the row itself."""

    def row_url(self, row: Any) -> str:
        """Where a linked cell leads."""
        return ""

    def row_css(self, row: Any) -> str:
        """A class of the table row, such as ``is-off``."""
        return ""

    def summary(self, rows: QuerySet[Any], count: Count) -> str:
        """A line under the table about all filtered rows; amounts in 万元."""
        return ""

    # What a request makes of the declaration.

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or only its list when htmx asks for that."""
        access: Access = request.access
        saved = SavedViews(self.page, access)
        state = self.read(request, saved)
        context = {**self.shown(access, state), "saved": saved.menu(state), "list_page": self}
        htmx = request.htmx
        part = bool(htmx) and htmx.target == "list" and not htmx.history_restore_request
        response = render(request, "core/list/part.html" if part else self.template_name, context)
        patch_vary_headers(response, ["HX-Request"])
        if part:
            response["HX-Push-Url"] = request.path + state.address(page=state.page)
        return response

    def read(self, request: HttpRequest, saved: SavedViews) -> ListState:
        """The state in the address, or that of the default view where nothing was asked for."""
        default = None if request.GET else saved.default_state()
        if default is not None:
            return default
        return read_state(
            request.GET,
            columns=[column.key for column in self.columns],
            sorts=self.sorts(),
            conditions=self.filters.base_fields,
        )

    def shown(self, access: Access, state: ListState) -> dict[str, Any]:
        """Everything the template needs."""
        form, rows = self.narrowed(access, state)
        sort = self.sort_of(state)
        cursor = Cursor.read(state.page, sort) if state.page else None
        if state.page and cursor is None:
            state = replace(state, page="", problems=(*state.problems, "页码已失效，已回到第一页"))
        found: Page[Any] = fetch_page(rows, sort, state.size, cursor)
        count = counted(rows)
        self.decorate(found.rows, state)
        columns = self.chosen(state)
        form.carry(state.columns, sort=state.sort, size=str(state.size))
        return {
            "form": form,
            "state": state,
            "count": count,
            "summary": self.summary(rows, count) if found.rows else "",
            "heads": [_head(column, sort, state) for column in columns],
            "lines": [self._line(row, columns) for row in found.rows],
            "chips": _chips(form, state),
            "pager": _pager(found, state),
            "chooser": self._chooser(state),
            "buttons": [a for a in self.actions if _allowed(access, a.capability) and a.url],
            "bulk_actions": [a for a in self.bulk if access.can(a.capability)],
            "export_url": self._export_url(access),
            "offers_csv": self.offers_csv,
            "reset": "?view=",
            "default_columns": state.address(columns=()),
            "can_share": bool(departments_of(access)),
            "sizes": [(n, state.address(size=n), n == state.size) for n in SIZES],
        }

    def narrowed(self, access: Access, state: ListState) -> tuple[ListFilters, QuerySet[Any]]:
        """The bound query form and the rows it leaves."""
        form = self.filters(state.data, access=access)
        return form, form.narrow(self.rows(access))

    def exported(self, access: Access, state: ListState) -> QuerySet[Any]:
        """All rows of a state in its order, for a workbook."""
        return ordered(self.narrowed(access, state)[1], self.sort_of(state))

    def sort_of(self, state: ListState) -> Sort:
        """The order asked for, or the list's own."""
        return Sort.parse(state.sort or self.default_sort)

    def sorts(self) -> list[str]:
        """Paths the list may be ordered by."""
        own = Sort.parse(self.default_sort).path
        return [own, *(column.sort for column in self.columns if column.sort)]

    def chosen(self, state: ListState) -> list[Column]:
        """The columns to show, in the order chosen."""
        known = {column.key: column for column in self.columns}
        if state.columns:
            return [known[key] for key in state.columns if key in known]
        return [column for column in self.columns if column.shown]

    def _line(self, row: Any, columns: list[Column]) -> dict[str, Any]:
        url = self.row_url(row)
        cells = [column.cell(row, url) for column in columns]
        return {"pk": row.pk, "css": self.row_css(row), "cells": cells, "name": str(row)}

    def _chooser(self, state: ListState) -> list[tuple[str, str, bool]]:
        chosen = self.chosen(state)
        rest = [column for column in self.columns if column not in chosen]
        return [(c.key, c.label, c in chosen) for c in (*chosen, *rest)]

    def _export_url(self, access: Access) -> str:
        if not (self.can_export and self.url_name and access.can("export.make")):
            return ""
        return reverse(f"{self.url_name}-export")


_PAGES: dict[str, type[ListPage]] = {}


def list_page(page: str) -> ListPage:
    """A declared list by its name, which may end in ``:<subject>``.

    Raises :class:`JigaiError` for one that does not exist.
    """
    name, _, subject = page.partition(":")
    if name not in _PAGES:
        # A worker has imported no view yet.
        assert get_resolver().url_patterns
    if name not in _PAGES:
        raise JigaiError("unknown-list", f"没有“{page}”这个列表", "请回到原页面重新操作")
    found = _PAGES[name]()
    if subject:
        found.about(subject)
    return found


def counted(rows: QuerySet[Any], limit: int = COUNTED_TO) -> Count:
    """The number of rows, stopping at the limit."""
    number = rows.order_by().values("pk")[: limit + 1].count()
    return Count(min(number, limit), number <= limit)


def _allowed(access: Access, capability: str) -> bool:
    return not capability or access.can(capability)


def _head(column: Column, sort: Sort, state: ListState) -> dict[str, Any]:
    active = bool(column.sort) and column.sort == sort.path
    # Figures are most often wanted from the largest down.
    wanted = sort.reversed if active else Sort(column.sort, column.is_figure)
    return {
        "label": column.heading,
        "css": "num" if column.is_figure else "",
        "url": state.address(sort=str(wanted)) if column.sort else "",
        "aria": ("descending" if sort.descending else "ascending") if active else "",
    }


def _chips(form: ListFilters, state: ListState) -> list[tuple[str, str, str]]:
    """Conditions in force: label, words, and the address without this one."""
    return [
        (label, words, state.address(query={k: v for k, v in state.query.items() if k != name}))
        for name, label, words in form.told()
    ]


def _pager(found: Page[Any], state: ListState) -> dict[str, str]:
    return {
        "first": state.address() if found.before else "",
        "before": state.address(page=found.before) if found.before else "",
        "after": state.address(page=found.after) if found.after else "",
    }
