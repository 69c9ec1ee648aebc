"""Titles of all public rosters asked at once: level, batch, validity, and what changed when.

Only public rosters, and of them only what their public view shows, whoever asks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from jigai.core.fields.values import show_value
from jigai.core.screens.list_filters import search
from jigai.registers.entry_states import STATES, states_of
from jigai.registers.lifecycle import KINDS
from jigai.registers.masks import masked
from jigai.registers.models import Entry, LifeEvent, Register
from jigai.registers.selectors_public import public_registers
from jigai.registers.shapes import Schema

SYSTEM = "recognition-roster"
# More than this are not shown at once; the person narrows the question.
MOST = 200


@dataclass(frozen=True, slots=True)
class Title:
    """One title of one holder: as on the day if it was held then, else as it stood at its end."""

    entry: int
    holder: str
    title: str
    roster: str
    level: str
    batch: str
    since: dt.date | None
    until: dt.date | None
    state: str

    @property
    def word(self) -> str:
        """The state in words."""
        return STATES[self.state]


@dataclass(slots=True)
class Happened:
    """One event of a title: what changed are (label, before, after) of shown fields."""

    word: str
    on: dt.date
    until: dt.date | None
    reason: str
    document: str
    diffs: list[tuple[str, str, str]] = field(default_factory=list)


def rosters() -> list[Register]:
    """Public rosters of titles, and whatever else says it serves this system."""
    return [
        row for row in public_registers()
        if row.kind == Register.Kind.TITLES or SYSTEM in row.systems
    ]  # fmt: skip


def find_titles(
    day: dt.date, words: str = "", roster: str = "", held: bool = False
) -> tuple[list[Title], bool]:
    """Titles as of a day, those held first, at most :data:`MOST`; whether there are more.

    With ``held`` those that are not in their roster that day are left out.
    """
    known = {row.pk: row for row in rosters() if not roster or row.code == roster}
    rows = Entry.objects.filter(register__in=known, starts__isnull=False, spans__starts__lte=day)
    if words.strip():
        rows = rows.filter(title__icontains=words.strip()) | search(rows, words, codes=("title",))
    rows = rows.distinct().order_by("pinyin", "pk").defer("search", "words")
    entries = list(rows.prefetch_related("spans")[: MOST + 1])
    states = states_of(entries, day)
    found = [
        title for entry in entries[:MOST]
        if (title := _title(known[entry.register_id], entry, states[entry.pk], day)) is not None
        and (title.state == "listed" or not held)
    ]  # fmt: skip
    return sorted(found, key=lambda t: t.state != "listed"), len(entries) > MOST


def _title(register: Register, entry: Entry, state: str, day: dt.date) -> Title | None:
    spans = sorted((s for s in entry.spans.all() if s.starts <= day), key=lambda s: s.starts)
    if not spans:
        return None
    last, since = spans[-1], spans[-1].starts
    for span in reversed(spans[:-1]):
        since = span.starts if span.ends == since else since
    shown = _shown(register.schema, last.values)
    return Title(
        entry=entry.pk, holder=shown.get(register.schema.title, ("", entry.title))[1],
        title=register.name, roster=register.code, level=shown.get("level", ("", ""))[1]
        or register.level, batch=shown.get("batch", ("", ""))[1], since=since,
        until=last.ends - dt.timedelta(days=1) if last.ends else None, state=state,
    )  # fmt: skip


def public_title(pk: int) -> Entry | None:
    """An entry of a public roster that was admitted some day."""
    rows = Entry.objects.filter(register__in=rosters(), starts__isnull=False)
    return rows.select_related("register__current").filter(pk=pk).first()


def happenings(entry: Entry) -> list[Happened]:
    """What happened to a title, the latest effect first; applications stay inside."""
    schema = entry.register.schema
    found: list[Happened] = []
    before: dict[str, Any] = {}
    events = entry.life.exclude(kind="apply").order_by("effective", "pk")
    for event in events:
        found.append(_happened(schema, event, before))
        before = event.values if event.values is not None else before
    return found[::-1]


def _happened(schema: Schema, event: LifeEvent, before: dict[str, Any]) -> Happened:
    one = Happened(KINDS[event.kind], event.effective, event.until, event.reason, event.document)
    if event.values is not None and before:
        old, new = _shown(schema, before), _shown(schema, event.values)
        one.diffs = [
            (label, old[name][1] or "空", text or "空")
            for name, (label, text) in new.items() if text != old[name][1]
        ]  # fmt: skip
    return one


def _shown(schema: Schema, values: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Label and text of every public field as the public sees it."""
    consented = bool(values.get(schema.consent)) if schema.consent else False
    return {
        item.id: (
            item.shown_label,
            masked(item, values.get(item.id), consented, partial(show_value, item)),
        )
        for item in schema.public_fields
    }


def details(entry: Entry) -> Sequence[tuple[str, str]]:
    """Label and text of what the roster shows of it."""
    return list(_shown(entry.register.schema, entry.values).values())
