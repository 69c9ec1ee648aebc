"""A correction: the counter-entry of an entry."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.ledgers.models import Entry, Posting
from jigai.ledgers.services.post_entry import NewEntry, post_entries


def reverse_entry(
    *, entry: Entry, key: str, text: str, on: dt.date, by: User | None = None
) -> Entry:
    """Post the opposite of an entry; the first one stays as it is.

    The same key gives the first counter-entry back. Raises :class:`JigaiError`
    ``already-reversed`` where it was taken back under another key, and what
    :func:`~jigai.ledgers.services.post_entry.post_entries` raises.
    """
    with transaction.atomic():
        # Two who take back the same entry wait for each other here.
        held = Entry.objects.select_for_update().select_related("book").get(pk=entry.pk)
        before = Entry.objects.filter(reverses=held).first()
        if before is not None and before.key != key:
            raise JigaiError("already-reversed", f"“{held.text}”已经冲销过", "打开冲销分录核对")
        rows = Posting.objects.filter(entry=held).values_list("account__code", "amount")
        new = NewEntry(
            key=key, kind="reverse", on=on, moves={code: -amount for code, amount in rows},
            text=text, about=held.about, basis={"reverses": held.key}, reverses=held.pk,
        )  # fmt: skip
        return post_entries(book=held.book, entries=[new], by=by)[0]
