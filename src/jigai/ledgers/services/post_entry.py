"""Post entries: balanced, above every floor, in an open period, and once."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from jigai.core.models import User
from jigai.core.screens import formats
from jigai.errors import JigaiError
from jigai.ledgers.models import Account, Book, Entry, Posting
from jigai.ledgers.words import quantity

# A key that somebody else posts at this moment is waited for and then left out.
_ENTRIES = """
    INSERT INTO ledgers_entry
      (book_id, by_id, at, key, kind, happened_on, text, about, basis, reverses_id)
    SELECT %s, %s, now(), e.* FROM unnest(%s::text[], %s::text[], %s::date[], %s::text[],
      %s::text[], %s::jsonb[], %s::bigint[]) AS e
    ON CONFLICT (key) DO NOTHING RETURNING id, key, at
"""
# One statement for all postings, so that the triggers look at balances, books and sums once.
_POSTINGS = """
    INSERT INTO ledgers_posting (entry_id, account_id, amount)
    SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[])
"""


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry to post. ``moves`` is the amount by account code, in units of the book; what comes
    is positive, what leaves negative, together nothing."""

    key: str
    kind: str
    on: dt.date
    moves: Mapping[str, int]
    text: str
    about: str = ""
    basis: Mapping[str, Any] = field(default_factory=dict)
    reverses: int | None = None


def post_entry(
    *,
    book: Book,
    key: str,
    kind: str,
    on: dt.date,
    moves: Mapping[str, int],
    text: str,
    about: str = "",
    basis: Mapping[str, Any] | None = None,
    by: User | None = None,
) -> Entry:
    """One entry; see :func:`post_entries`."""
    new = NewEntry(key, kind, on, moves, text, about, basis or {})
    return post_entries(book=book, entries=[new], by=by)[0]


def post_entries(*, book: Book, entries: Sequence[NewEntry], by: User | None = None) -> list[Entry]:
    """The entries in the order given, all of them or none; set-based, for tens of thousands.

    A key posted before gives its first entry back. Raises :class:`JigaiError`
    ``entry-key-reused`` where it then moved something else, ``unbalanced``, ``unknown-account``,
    ``account-short`` with what is missing, ``period-locked``.
    """
    wanted = _by_key(entries)
    if not wanted:
        return []
    with transaction.atomic():
        # Shared by all who post, kept from those who close a period.
        held = Book.objects.raw("SELECT * FROM ledgers_book WHERE id = %s FOR SHARE", [book.pk])[0]
        accounts = _locked_accounts(held, wanted.values())
        found = _posted(wanted)
        fresh = [new for key, new in wanted.items() if key not in found]
        _period_open(held, fresh)
        _enough(held, fresh, accounts)
        made = _write_entries(held, fresh, by)
        _write_postings(made, wanted, accounts)
        # Posted by somebody else between the look and the writing.
        found |= _posted([new.key for new in fresh if new.key not in made])
        _same_as_before(held, wanted, found)
    found |= made
    return [found[new.key] for new in entries]


def _by_key(entries: Iterable[NewEntry]) -> dict[str, NewEntry]:
    """In the order of keys: two who post the same never wait for each other in a ring."""
    wanted: dict[str, NewEntry] = {}
    for new in entries:
        _whole(new)
        if dict(wanted.setdefault(new.key, new).moves) != dict(new.moves):
            raise _reused(new)
    return dict(sorted(wanted.items()))


def _whole(new: NewEntry) -> None:
    if not new.moves or any(amount == 0 for amount in new.moves.values()):
        raise JigaiError("unbalanced", f"分录“{new.text}”有空的一方", "每一方都要有数额")
    if sum(new.moves.values()):
        raise JigaiError("unbalanced", f"分录“{new.text}”两边不平", "转入与转出的合计应相等")


def _reused(new: NewEntry) -> JigaiError:
    return JigaiError(
        "entry-key-reused",
        f"“{new.text}”已经记过账，而且数额不同（{new.key}）",
        "打开原分录核对；要更正的，用冲销分录",
    )


def _locked_accounts(book: Book, entries: Iterable[NewEntry]) -> dict[str, Account]:
    codes = {code for new in entries for code in new.moves}
    rows = Account.objects.select_for_update().filter(book=book, code__in=codes).order_by("id")
    accounts = {account.code: account for account in rows}
    unknown = sorted(codes - set(accounts))
    if unknown:
        raise JigaiError(
            "unknown-account", f"账簿“{book.name}”没有科目“{unknown[0]}”", "先建立科目再记账"
        )
    return accounts


def _posted(keys: Iterable[str]) -> dict[str, Entry]:
    wanted = list(keys)
    rows = Entry.objects.raw("SELECT * FROM ledgers_entry WHERE key = ANY(%s)", [wanted])
    return {entry.key: entry for entry in rows} if wanted else {}


def _period_open(book: Book, entries: Iterable[NewEntry]) -> None:
    for new in entries:
        if book.closed_until is not None and new.on <= book.closed_until:
            raise JigaiError(
                "period-locked",
                f"账簿“{book.name}”已关账至 {formats.day(book.closed_until)}，"
                f"{formats.day(new.on)} 的“{new.text}”记不进去",
                "用关账之后的日期，或由另一人说明理由重新开账",
            )


def _enough(book: Book, entries: Iterable[NewEntry], accounts: Mapping[str, Account]) -> None:
    """The database refuses it too; here people are told what is missing."""
    moved: dict[str, int] = defaultdict(int)
    for new in entries:
        for code, amount in new.moves.items():
            moved[code] += amount
    for code, amount in moved.items():
        account = accounts[code]
        free = account.balance - (account.floor or 0)
        if account.floor is None or amount >= 0 or free + amount >= 0:
            continue
        raise JigaiError(
            "account-short",
            f"“{book.name}”的{account.name}只有 {quantity(free, book.unit)}，"
            f"要用 {quantity(-amount, book.unit)}，还差 {quantity(-amount - free, book.unit)}",
            "减少数额，或先追加预算",
        )


def _write_entries(book: Book, entries: Sequence[NewEntry], by: User | None) -> dict[str, Entry]:
    """The entries this call wrote, by key; postings are still to come."""
    if not entries:
        return {}
    rows = [
        (e.key, e.kind, e.on, e.text[:300], e.about, json.dumps(dict(e.basis)), e.reverses)
        for e in entries
    ]
    who = by.pk if by else None
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES, [book.pk, who, *map(list, zip(*rows, strict=True))])
        written = cursor.fetchall()
    wanted = {new.key: new for new in entries}
    return {key: _entry(book, wanted[key], pk, at, by) for pk, key, at in written}


def _entry(book: Book, new: NewEntry, pk: int, at: dt.datetime, by: User | None) -> Entry:
    entry = Entry(
        pk=pk, book=book, key=new.key, kind=new.kind, happened_on=new.on, text=new.text[:300],
        about=new.about, basis=dict(new.basis), by=by, reverses_id=new.reverses, at=at,
    )  # fmt: skip
    entry._state.adding = False
    return entry


def _write_postings(
    made: Mapping[str, Entry], wanted: Mapping[str, NewEntry], accounts: Mapping[str, Account]
) -> None:
    rows = [
        (entry.pk, accounts[code].pk, amount)
        for key, entry in made.items()
        for code, amount in wanted[key].moves.items()
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_POSTINGS, [list(column) for column in zip(*rows, strict=True)])


def _same_as_before(book: Book, wanted: Mapping[str, NewEntry], found: Mapping[str, Entry]) -> None:
    """Raise where a key now asks for other moves than it once made."""
    if not found:
        return
    pks = [entry.pk for entry in found.values()]
    moves: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Posting.objects.filter(entry__in=pks).values_list("entry_id", "account__code", "amount")
    for pk, code, amount in rows.order_by("id"):
        moves[pk][code] = amount
    for key, entry in found.items():
        if entry.book_id != book.pk or moves[entry.pk] != dict(wanted[key].moves):
            raise _reused(wanted[key])
