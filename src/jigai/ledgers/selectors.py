"""What people and other rooms read of books."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from jigai.core.access import Access, Reach, scoped
from jigai.ledgers.models import Account, Book, Entry, Posting

REACH = Reach(region="region_code")
# Everything that makes an entry what it is, in the order of writing.
_ROOT = """
    SELECT encode(sha256(convert_to(coalesce(string_agg(line, E'\\n' ORDER BY id), ''), 'UTF8')),
                  'hex')
    FROM (SELECT e.id, concat_ws('|', e.key, e.kind, e.happened_on, e.text,
            string_agg(a.code || '=' || p.amount, ',' ORDER BY a.code)) AS line
          FROM ledgers_entry e JOIN ledgers_posting p ON p.entry_id = e.id
          JOIN ledgers_account a ON a.id = p.account_id
          WHERE e.book_id = %s AND e.happened_on <= %s GROUP BY e.id) lines
"""


def books_for(access: Access, capability: str = "ledger.view") -> QuerySet[Book]:
    """Books within reach."""
    return scoped(Book.objects.all(), access, capability, REACH)


def entries_for(access: Access, capability: str = "ledger.view") -> QuerySet[Entry]:
    """Entries of books within reach."""
    return scoped(Entry.objects.all(), access, capability, Reach(region="book__region_code"))


def balances_on(book: Book, day: dt.date) -> dict[str, int]:
    """The balance of every account at the end of a day, by code, in units of the book."""
    moved = Sum("postings__amount", filter=Q(postings__entry__happened_on__lte=day))
    rows = Account.objects.filter(book=book).annotate(then=Coalesce(moved, 0))
    return dict(rows.order_by("code").values_list("code", "then"))


def wrong_balances(book: Book) -> list[str]:
    """Names of accounts whose balance is not the sum of their postings; none, ever."""
    rows = Account.objects.filter(book=book).annotate(told=Coalesce(Sum("postings__amount"), 0))
    return list(rows.exclude(told=F("balance")).order_by("code").values_list("name", flat=True))


def root_hash(book: Book, until: dt.date) -> str:
    """SHA-256 over all entries up to a day, in the order they were written."""
    with connection.cursor() as cursor:
        cursor.execute(_ROOT, [book.pk, until])
        return str(cursor.fetchone()[0])


def postings_of(account: Account) -> QuerySet[Posting]:
    """Postings to an account with their entries, newest first."""
    return Posting.objects.filter(account=account).select_related("entry").order_by("-id")
