"""How entries stand today, for lists and pages: by their spans, not only by their last event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from jigai.registers.models import Entry, EntrySpan
from jigai.registers.selectors import on_day

STATES = {
    "listed": "在册", "proposed": "待审核", "upcoming": "待生效", "expired": "已到期",
    "removed": "已移出", "revoked": "已撤销", "refused": "未通过", "withdrawn": "已撤回",
}  # fmt: skip


def held_on(day: dt.date) -> Exists:
    """The condition on entries that are in the list on a day."""
    return Exists(EntrySpan.objects.filter(on_day(day), entry=OuterRef("pk")))


def in_state(rows: QuerySet[Entry], state: str, today: dt.date) -> QuerySet[Entry]:
    """The entries that stand so today."""
    if state == "listed":
        return rows.filter(held_on(today))
    listed = Q(state=Entry.State.LISTED)
    if state == "upcoming":
        return rows.filter(listed, ~held_on(today), starts__gt=today)
    if state == "expired":
        return rows.filter(listed, ~held_on(today)).exclude(starts__gt=today)
    if state in ("removed", "revoked"):
        # A withdrawal of tomorrow has not happened yet.
        return rows.filter(~held_on(today), state=state)
    return rows.filter(state=state)


def states_of(entries: Iterable[Entry], today: dt.date) -> dict[int, str]:
    """How each entry stands today, in one query."""
    rows = list(entries)
    spans = EntrySpan.objects.filter(on_day(today), entry__in=[row.pk for row in rows])
    held = set(spans.values_list("entry", flat=True))
    return {row.pk: _state(row, row.pk in held, today) for row in rows}


def _state(entry: Entry, held: bool, today: dt.date) -> str:
    if held:
        return "listed"
    if entry.state != Entry.State.LISTED:
        return str(entry.state)
    return "upcoming" if entry.starts is not None and entry.starts > today else "expired"
