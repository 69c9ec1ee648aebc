"""Brings spans, state and dates of entries in line with their events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from jigai.registers.lifecycle import Happening, Life, derive
from jigai.registers.models import Entry, EntrySpan, LifeEvent

_DERIVED = ["state", "starts", "ends"]
_CHUNK = 2000


def settle(entries: Sequence[Entry], *, until_field: str) -> None:
    """Derive everything anew for these entries of one register, in a few statements.

    The caller holds their rows. What was never admitted keeps its state.
    """
    for place in range(0, len(entries), _CHUNK):
        _settle(entries[place : place + _CHUNK], until_field)


def _settle(entries: Sequence[Entry], until_field: str) -> None:
    events: dict[int, list[Happening]] = defaultdict(list)
    stored = LifeEvent.objects.filter(entry__in=entries).order_by("pk")
    for row in stored.values_list("entry", "kind", "effective", "until", "values"):
        events[row[0]].append(Happening(*row[1:]))
    EntrySpan.objects.filter(entry__in=entries).delete()
    spans: list[EntrySpan] = []
    for entry in entries:
        life = derive(events[entry.pk], until_field)
        spans += spans_of(entry, life)
        if life.outcome:
            entry.state = life.outcome
            last = life.spans[-1] if life.spans else None
            entry.starts, entry.ends = (last.starts, last.ends) if last else (None, None)
    EntrySpan.objects.bulk_create(spans)
    Entry.objects.bulk_update(entries, _DERIVED)


def spans_of(entry: Entry, life: Life) -> Iterable[EntrySpan]:
    """The rows of a life."""
    for span in life.spans:
        yield EntrySpan(
            entry=entry, register_id=entry.register_id, edition_id=entry.edition_id,
            enterprise_id=entry.enterprise_id, region_code=entry.region_code,
            starts=span.starts, ends=span.ends, values=dict(span.values), batch_id=entry.batch_id,
        )  # fmt: skip
