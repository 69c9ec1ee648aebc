"""A red letter or a void paper that arrives later: what rests on the invoice is worked out anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection, transaction

from jigai.core.jobs import start_job
from jigai.funding.invoices.items import ensure_items
from jigai.funding.invoices.suspects import find_suspects
from jigai.funding.models import InvoiceLine

RECHECK = "funding-recheck"
_OVER = ("draft", "signing", "withdrawn", "refused")
# The applications that count something of the items, locked in the order of their keys.
_TOUCHED = """
    SELECT a.id, a.state, i.invoice_no FROM funding_application a
    JOIN (SELECT application_id, item_id FROM funding_invoiceuse WHERE item_id = ANY(%s)
          GROUP BY 1, 2 HAVING sum(fen) > 0) AS u ON u.application_id = a.id
    JOIN funding_invoiceitem i ON i.id = u.item_id
    WHERE a.state <> ALL(%s) ORDER BY a.id, i.id FOR UPDATE OF a
"""
_STALE = """
    UPDATE funding_application a SET stale = mine.text, version = a.version + 1
    FROM unnest(%s::bigint[], %s::text[]) AS mine(id, text)
    WHERE a.id = mine.id AND a.stale <> mine.text
"""


def take_in(keys: Sequence[int]) -> list[int]:
    """Tie imported lines to their items, note suspicious sets, and mark what rests on papers that
    lost their worth. Returns the applications (primary keys) that must be worked out anew."""
    with transaction.atomic():
        lowered = ensure_items(InvoiceLine.objects.filter(pk__in=keys))
        find_suspects(keys)
        return mark_stale(lowered)


def mark_stale(items: Iterable[int]) -> list[int]:
    """Say why on every application that counts something of the items; those already paid are
    checked for a recovery in the background."""
    reasons: dict[int, tuple[str, list[str]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, [sorted(items), list(_OVER)])
        for key, state, number in cursor.fetchall():
            reasons.setdefault(key, (state, []))[1].append(number)
        texts = [stale_text(numbers) for _state, numbers in reasons.values()]
        cursor.execute(_STALE, [list(reasons), texts])
    paid = [key for key, (state, _numbers) in reasons.items() if state in ("paid", "recovering")]
    if paid:
        start_recheck(paid)
    return list(reasons)


def stale_text(numbers: Sequence[str]) -> str:
    """Why amounts are out of date."""
    shown = "、".join(dict.fromkeys(numbers[:3]))
    more = f"等 {len(numbers)} 张" if len(numbers) > 3 else ""
    return f"发票 {shown}{more}被红字冲减或作废，金额须重算"[:300]


def start_recheck(applications: Sequence[int]) -> None:
    """Work out paid applications anew in the background, and open recoveries where due."""
    start_job(
        kind=RECHECK, title=f"重算 {len(applications)} 笔已拨付的申报", owner=None,
        params={"applications": list(applications)},
    )  # fmt: skip
