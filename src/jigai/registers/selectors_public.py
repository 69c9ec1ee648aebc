"""What everybody may see of published registers: public fields only, masked as the schema says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from django.db.models import Count, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform

from jigai.core.access.scoping import region_prefix
from jigai.core.fields.shapes import Field
from jigai.core.fields.values import show_value
from jigai.core.screens.list_filters import search
from jigai.errors import JigaiError
from jigai.registers.masks import is_searchable, masked
from jigai.registers.models import Entry, EntrySpan, Register
from jigai.registers.selectors import entries_on
from jigai.registers.shapes import Schema
from jigai.sheets.csv_writer import lines

_DAY = dt.timedelta(days=1)
_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class PublicRow:
    """One entry as the public sees it; ``until`` is the last valid day."""

    title: str
    cells: Sequence[tuple[str, str]]
    since: dt.date
    until: dt.date | None
    edition: str = ""


def public_registers() -> QuerySet[Register]:
    """Registers anybody may open."""
    rows = Register.objects.filter(public=True, state=Register.State.PUBLISHED)
    return rows.select_related("current").order_by("kind", "name", "id")


def public_register(code: str) -> Register:
    """One of them. Raises :class:`JigaiError` where it is not public."""
    found = public_registers().filter(code=code).first()
    if found is None:
        raise JigaiError("no-register", "没有这个公开的名录", "从名录列表重新打开")
    return found


def region_field(schema: Schema) -> Field | None:
    """The field the public may narrow by region with: only one it sees as it is."""
    found = schema.field(schema.region) if schema.region else None
    return found if found is not None and found in schema.public_fields and not found.mask else None


def public_entries(
    register: Register, as_of: dt.date, query: str = "", region: str = ""
) -> QuerySet[EntrySpan]:
    """Spans of a public register on a day that hold the words in a field shown as it is, of a
    region and below where the region is shown.

    Nothing hidden can be found by guessing at it: the words must stand in an unmasked public field.
    """
    rows = entries_on(register, as_of)
    item = region_field(register.schema)
    if region and item is not None:
        # By the value shown: the region of a row may come from its enterprise, which is not.
        rows = rows.filter(**{f"values__{item.id}__startswith": region_prefix(region)})
    if not query.strip():
        return rows
    found = search(Entry.objects.filter(register=register), query).values("pk")
    rows = rows.filter(entry__in=found)
    fields = [f for f in register.schema.fields if is_searchable(f)]
    for word in query.split():
        wanted = Q(pk__in=())
        for item in fields:
            path = f"values__{item.id}__name" if item.type in ("enterprise", "entry") else (
                f"values__{item.id}"
            )  # fmt: skip
            wanted |= Q(**{f"{path}__icontains": word})
        rows = rows.filter(wanted)
    return rows


def public_row(register: Register, span: EntrySpan) -> PublicRow:
    """The span as the public sees it."""
    schema = register.schema
    consented = bool(span.values.get(schema.consent)) if schema.consent else False
    cells = []
    title = ""
    for item in schema.public_fields:
        text = masked(item, span.values.get(item.id), consented, partial(show_value, item))
        cells.append((item.shown_label, text))
        if item.id == schema.title:
            title = text
    return PublicRow(
        title or f"第 {span.entry_id} 号", cells, span.starts,
        span.ends - _DAY if span.ends else span.edition.valid_to if span.edition else None,
        span.edition.name if span.edition else "",
    )  # fmt: skip


def public_labels(schema: Schema) -> list[str]:
    """Column headings of the public view."""
    return [f.shown_label for f in schema.public_fields]


def public_csv(register: Register, spans: QuerySet[EntrySpan]) -> Iterator[str]:
    """The public view as comma-separated text, line by line through a server-side cursor."""
    rows = spans.select_related("edition").iterator(chunk_size=_CHUNK)
    heads = [*public_labels(register.schema), "起", "止", "批次"]
    return lines(heads, (_csv_row(public_row(register, span)) for span in rows))


def _csv_row(row: PublicRow) -> list[str]:
    until = row.until.isoformat() if row.until else ""
    return [*(text for _, text in row.cells), row.since.isoformat(), until, row.edition]


def public_counts(
    register: Register, as_of: dt.date, field_id: str
) -> list[tuple[str, int | None]]:
    """Numbers by a public choice, region or industry field; ``None`` where fewer than ``k``.

    Raises :class:`JigaiError` for a field that is not public or cannot be grouped by.
    """
    schema = register.schema
    item = schema.field(field_id)
    if item is None or item not in schema.public_fields or item.mask:
        raise JigaiError("not-public", f"“{field_id}”不是公开的字段", "换一个字段")
    if item.type not in ("choice", "region", "industry", "flag"):
        raise JigaiError("not-grouped", f"“{item.label}”不能分组", "换一个选项、地区或行业字段")
    rows = entries_on(register, as_of).order_by().annotate(
        group=KeyTextTransform(item.id, "values")
    )  # fmt: skip
    counts = rows.values_list("group").annotate(count=Count("pk")).order_by("group")
    found: list[tuple[str, int | None]] = []
    for code, count in counts:
        value = code == "true" if item.type == "flag" and code is not None else code
        word = show_value(item, value) if code is not None else "未填"
        found.append((word, count if count >= schema.k else None))
    hidden = [count for _, count in found if count is None]
    if len(hidden) == 1 and len(found) > 1:
        # One hidden group could be told from the total: the smallest other is hidden with it.
        shown = [(count, place) for place, (_, count) in enumerate(found) if count is not None]
        place = min(shown)[1]
        found[place] = (found[place][0], None)
    return found
