"""The list of the entries of one register; columns and conditions come from its schema."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django import forms
from django.db.models import BigIntegerField, DateField, DecimalField, QuerySet
from django.db.models import Field as ModelField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access, requires
from jigai.core.fields.shapes import Field
from jigai.core.fields.values import show_value
from jigai.core.screens import list_columns as c
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import (
    ListFilters,
    RegionField,
    below,
    choice,
    search,
    words_field,
)
from jigai.core.screens.list_page import ListPage
from jigai.core.screens.list_state import ListState
from jigai.core.selectors_regions import names_of_regions
from jigai.core.views.exports import ExportStart
from jigai.registers.access import EDIT, VIEW, visible_entries, visible_registers
from jigai.registers.entry_states import STATES, held_on, in_state, states_of
from jigai.registers.importing import kind_of
from jigai.registers.models import Entry, Register
from jigai.registers.selectors import problems_of_entries, register_by_code
from jigai.registers.shapes import Schema

_DAY = dt.timedelta(days=1)
_KINDS = {"money": c.WAN, "area": c.AREA, "date": c.DAY, "number": c.NUMBER, "flag": c.FLAG}
# More columns than this do not fit 1366 pixels; the rest can be chosen.
_SHOWN = 6
_MOST_CHOICES = 3
# Columns of JSON are sorted as what they hold.
_SORTED = "sort_"
_NUMBERS: dict[str, ModelField[Any, Any]] = {
    "number": DecimalField(max_digits=18, decimal_places=6), "money": BigIntegerField(),
    "area": BigIntegerField(), "date": DateField(),
}  # fmt: skip
_FEW = 5


def day_field(label: str) -> forms.DateField:
    """A date picker of a query form."""
    box = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=box)


class EntryFilters(ListFilters):
    """Entries by words, state, day, region, edition and the choices of the schema."""

    q = words_field("名称或内容")
    state = choice("状态", STATES.items())
    on = day_field("某日在册")
    region = RegionField()
    ends_by = day_field("到期不晚于")
    field_order = ("q", "state", "edition", "on", "region", "ends_by")

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Words of the entry."""
        return search(rows, value)

    def by_state(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """As it stands today."""
        return in_state(rows, value, timezone.localdate())

    def by_on(self, rows: QuerySet[Any], value: dt.date) -> QuerySet[Any]:
        """In the list on a day."""
        return rows.filter(held_on(value))

    def by_region(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The region and below."""
        return below(rows, "region_code", value)

    def by_ends_by(self, rows: QuerySet[Any], value: dt.date) -> QuerySet[Any]:
        """Listed now and run out by then."""
        return rows.filter(state=Entry.State.LISTED, ends__lte=value + _DAY)


class EntryList(ListPage):
    """Entries of one register."""

    page = "entries"
    template_name = "registers/entries.html"
    url_name = "entry-list"
    capability = VIEW
    filters = EntryFilters
    empty_title = "没有条目"
    empty_hint = "登记或导入后列在这里"
    fields_shown = 4
    offers_csv = True

    register: Register

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The list of the register in the address."""
        access: Access = request.access
        get_object_or_404(visible_registers(access), code=kwargs["slug"])
        self.about(kwargs["slug"])
        return super().get(request)

    def about(self, subject: str) -> None:
        """See :meth:`ListPage.about`; the subject is the register's code."""
        self.register = register_by_code(subject)
        schema = self.register.schema
        # These belong to the class where the columns are fixed; here each request has its own.
        own: Any = self
        own.page, own.title = f"entries:{subject}", f"{self.register.name}"
        own.columns, own.filters = columns_of(schema), filters_of(self.register)
        own.actions = ()

    def home(self) -> str:
        """The list of this register."""
        return reverse("entry-list", args=[self.register.code])

    def rows(self, access: Access) -> QuerySet[Any]:
        """Entries in reach."""
        own: Any = self
        own.actions = _actions(self.register) if access.can(EDIT) else ()
        rows = visible_entries(access, self.register).alias(**sort_keys(self.register.schema))
        return rows.select_related("edition", "batch").defer("search", "words")

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """States today, names of regions, and what is wrong with their enterprises."""
        states = states_of(rows, timezone.localdate())
        names = names_of_regions(row.region_code for row in rows)
        for row in rows:
            row.register = self.register
        problems = problems_of_entries(rows)
        for row in rows:
            row.shown_state = states[row.pk]
            row.region_name = names.get(row.region_code, row.region_code)
            row.problem = problems.get(row.pk, "")

    def row_url(self, row: Entry) -> str:
        """The entry."""
        return reverse("entry-detail", args=[row.pk])

    def row_css(self, row: Entry) -> str:
        """What is no longer in the list is grey."""
        off = ("removed", "revoked", "refused", "withdrawn")
        return "is-off" if getattr(row, "shown_state", "") in off else ""

    def _export_url(self, access: Access) -> str:
        if not access.can("export.make"):
            return ""
        return reverse("entry-list-export", args=[self.register.code])


@dataclass(frozen=True, slots=True)
class Button:
    """A button of the toolbar whose address needs the register."""

    label: str
    url: str
    icon: str
    capability: str = EDIT
    primary: bool = False


def _actions(register: Register) -> tuple[Button, ...]:
    if register.state != Register.State.PUBLISHED:
        return ()
    brought = f"{reverse('import-new')}?kind={kind_of(register)}"
    return (
        Button("登记条目", reverse("entry-new", args=[register.code]), "plus", primary=True),
        Button("导入", brought, "file-import"),
    )


def columns_of(schema: Schema) -> tuple[Column, ...]:
    """The naming field first, then the others in order, then what every entry has."""
    naming = schema.field(schema.title)
    found = [Column("title", naming.label if naming else "名称", link=True, clip=True,
                    sort="pinyin")]  # fmt: skip
    rest = [f for f in schema.fields if f.id != schema.title]
    found += [_column(f, shown=place < _SHOWN) for place, f in enumerate(rest)]
    if schema.editions:
        found.append(Column("edition", "版次", "edition.name", clip=True))
    return (
        *found,
        Column("region", "地区", lambda row: row.region_name, sort="region_code",
               shown=len(rest) < _FEW),
        Column("state", "状态", lambda row: row.shown_state, kind=c.STATUS, choices=STATES),
        Column("starts", "入册日期", kind=c.DAY, sort="starts"),
        Column("until", "在册至", lambda row: row.ends - _DAY if row.ends else None, kind=c.DAY,
               sort="ends", shown=schema.validity.kind != "field"),
        Column("problem", "需处理", lambda row: row.problem, clip=True),
        Column("source", "来源", clip=True, shown=False),
        Column("created_at", "登记时间", kind=c.MOMENT, sort="id", shown=False),
    )  # fmt: skip


def _column(item: Field, *, shown: bool) -> Column:
    return Column(
        f"f_{item.id}", item.shown_label, partial(_value, item), _KINDS.get(item.type, c.TEXT),
        sort=f"{_SORTED}{item.id}" if item.type in _NUMBERS else "",
        shown=shown, clip=item.type in ("text", "long", "enterprise", "entry"),
    )  # fmt: skip


def sort_keys(schema: Schema) -> dict[str, Any]:
    """What figures and dates of the schema are sorted by, under the names their columns use."""
    return {
        f"{_SORTED}{item.id}": Cast(KeyTextTransform(item.id, "values"), _NUMBERS[item.type])
        for item in schema.fields if item.type in _NUMBERS
    }  # fmt: skip


def _value(item: Field, row: Entry) -> Any:
    """A value as its kind of column takes it."""
    value = row.values.get(item.id)
    if value is None or item.type in ("money", "area", "flag"):
        return value
    if item.type == "date":
        return dt.date.fromisoformat(value)
    return Decimal(value) if item.type == "number" else show_value(item, value)


def filters_of(register: Register) -> type[ListFilters]:
    """The query form of a register: its editions and first choices besides the usual."""
    schema = register.schema
    more: dict[str, Any] = {"lookups": {}}
    if schema.editions:
        editions = register.editions.order_by("-valid_from", "id").values_list("pk", "name")
        more["edition"] = choice("版次", [(str(pk), name) for pk, name in editions])
        more["lookups"]["edition"] = "edition"
    for item in [f for f in schema.fields if f.type == "choice"][:_MOST_CHOICES]:
        more[f"f_{item.id}"] = choice(item.label, item.options.items())
        more["lookups"][f"f_{item.id}"] = f"values__{item.id}"
    return type("RegisterEntryFilters", (EntryFilters,), more)


@requires("export.make")
class EntryExport(ExportStart):
    """The export of one register's list."""

    def get(self, request: Any, slug: str = "") -> HttpResponse:
        """Somebody reloaded the address: back to the list."""
        return redirect("entry-list", slug)

    def post(self, request: Any, slug: str = "") -> HttpResponse:
        """Queue it as :class:`ExportStart` does."""
        get_object_or_404(visible_registers(request.access), code=slug)
        self.list_class = partial(_list_of, slug)  # type: ignore[assignment]
        return super().post(request)


def _list_of(slug: str) -> EntryList:
    found = EntryList()
    found.about(slug)
    return found
