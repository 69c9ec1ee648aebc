"""Puts prepared rows into a register at once: entries, their admission and their spans."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from jigai.core.models import ImportBatch, User
from jigai.registers.entry_values import Prepared, search_words
from jigai.registers.lifecycle import ADMIT, Happening, derive, until_of
from jigai.registers.models import Edition, Entry, EntrySpan, LifeEvent, Register
from jigai.registers.services.life import spans_of


@dataclass(frozen=True, slots=True)
class Admission:
    """A row with the day it enters and where it comes from."""

    row: Prepared
    effective: dt.date
    edition: Edition | None = None
    source: str = ""
    until: dt.date | None = None


def admit_entries(
    *, register: Register, admissions: Sequence[Admission], by: User | None = None,
    reason: str = "", document: str = "", origin: str = "", batch: ImportBatch | None = None,
    rows: Sequence[int] = (),
) -> list[Entry]:  # fmt: skip
    """New entries in a fixed number of statements, ``rows`` their numbers in the file of ``batch``.

    The caller has checked the rows and that none of
    them exists yet, and runs this in a transaction."""
    schema = register.schema
    until_field = schema.validity.field if schema.validity.kind == "field" else ""
    entries = [new_entry(register, one, by=by, origin=origin) for one in admissions]
    for entry, number in zip(entries, rows, strict=False):
        entry.batch, entry.source_row = batch, number
    events: list[LifeEvent] = []
    spans: list[EntrySpan] = []
    for entry, one in zip(entries, admissions, strict=True):
        until = one.until or until_of(schema, entry.values, one.effective)
        life = derive([Happening(ADMIT, one.effective, until, entry.values)], until_field)
        entry.state, entry.starts, entry.ends = Entry.State.LISTED, one.effective, None
        if life.spans:
            entry.starts, entry.ends = life.spans[-1].starts, life.spans[-1].ends
        events.append(
            LifeEvent(entry=entry, kind=ADMIT, effective=one.effective, until=until,
                      values=entry.values, reason=reason[:400], document=document[:200], by=by,
                      batch=batch)
        )  # fmt: skip
        spans += spans_of(entry, life)
    Entry.objects.bulk_create(entries, batch_size=2000)
    LifeEvent.objects.bulk_create(events, batch_size=2000)
    EntrySpan.objects.bulk_create(spans, batch_size=2000)
    return entries


def new_entry(register: Register, one: Admission, *, by: User | None, origin: str = "") -> Entry:
    """The unsaved entry of a row."""
    row = one.row
    return Entry(
        register=register, edition=one.edition, key=row.key, title=row.title, pinyin=row.pinyin,
        region_code=row.region_code, enterprise_id=row.enterprise_id, values=row.values,
        words=search_words(register.schema, row.values), source=one.source[:300],
        origin=origin, created_by=by,
    )  # fmt: skip
