"""Writes one event of an entry and what follows from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from jigai.core.models import User
from jigai.registers.entry_values import prepare_one, search_words
from jigai.registers.lifecycle import ADMIT, READMIT, REVIEW, until_of
from jigai.registers.models import Entry, LifeEvent
from jigai.registers.services.life import settle


def record(
    *, entry: Entry, kind: str, effective: dt.date, by: User | None, reason: str = "",
    document: str = "", values: Mapping[str, Any] | None = None,
) -> LifeEvent:  # fmt: skip
    """The event, with spans and state derived anew. The caller holds the entry's row and has
    checked that this may happen; ``values`` are whole and as stored."""
    schema = entry.register.schema
    whole = dict(entry.values if values is None else values)
    until = until_of(schema, whole, effective) if kind in (ADMIT, READMIT, REVIEW) else None
    kept = whole if values is not None or kind in (ADMIT, READMIT) else None
    event = LifeEvent.objects.create(
        entry=entry, kind=kind, effective=effective, until=until, values=kept,
        reason=reason[:400], document=document[:200], by=by,
    )  # fmt: skip
    if values is not None:
        _take_values(entry, whole)
    entry.version += 1
    entry.save()
    settle([entry], until_field=schema.validity.field if schema.validity.kind == "field" else "")
    return event


def _take_values(entry: Entry, values: dict[str, Any]) -> None:
    row = prepare_one(entry.register, values, entry=entry.pk)
    entry.values, entry.key, entry.title = row.values, row.key, row.title
    entry.pinyin, entry.region_code = row.pinyin, row.region_code
    entry.enterprise_id = row.enterprise_id
    entry.words = search_words(entry.register.schema, row.values)
