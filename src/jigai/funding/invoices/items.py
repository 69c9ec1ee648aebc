"""Ties invoice lines to what exists of them in the world, and keeps what may be counted of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from jigai.core.imports.merge import quiet_history
from jigai.funding.invoice_lines import InvoiceLine as Record
from jigai.funding.invoices.identity import identity_of
from jigai.funding.models import InvoiceItem, InvoiceLine

_CHUNK = 5000
_COLUMNS = (
    "id", "invoice_code", "invoice_no", "customs_no", "item", "spec", "amount_fen", "seller",
    "date", "same__identity",
)  # fmt: skip
_TIE = """
    UPDATE funding_invoiceline AS l SET same_id = i.id
    FROM unnest(%s::bigint[], %s::text[]) AS mine(line, identity)
    LEFT JOIN funding_invoiceitem AS i ON i.identity = mine.identity
    WHERE l.id = mine.line AND l.same_id IS DISTINCT FROM i.id
"""
# Red letters whose original came in another file, on the whole platform: the same project first,
# then the same region, then the same item.
_ORIGINALS = """
    UPDATE funding_invoiceline AS r SET red_original_id = pick.original FROM (
      SELECT DISTINCT ON (r.id) r.id AS red, l.id AS original
      FROM funding_invoiceline r JOIN funding_invoiceline l
        ON l.invoice_no = r.red_of_no AND l.invoice_code IS NOT DISTINCT FROM r.red_of_code
        AND l.status <> 'red'
      WHERE r.status = 'red' AND r.red_original_id IS NULL AND r.red_of_no = ANY(%s)
      ORDER BY r.id, (l.project_id IS NOT DISTINCT FROM r.project_id) DESC,
        (l.region_code = r.region_code) DESC, (l.item = r.item) DESC,
        (l.spec IS NOT DISTINCT FROM r.spec) DESC, l.id
    ) AS pick WHERE r.id = pick.red
"""
# What may be counted: the amount of the line, nothing where anybody imported it as void, less what
# red letters took back, each red letter once however often it was imported.
_CAPACITY = """
    WITH mine AS (
      SELECT id, capacity_fen FROM funding_invoiceitem WHERE id = ANY(%s) ORDER BY id FOR UPDATE
    ), held AS (
      SELECT l.same_id AS id, bool_or(l.status = 'void') AS void,
        max(CASE WHEN l.status = 'red' THEN 0 ELSE l.amount_fen END) AS fen
      FROM funding_invoiceline l WHERE l.same_id = ANY(%s) GROUP BY l.same_id
    ), red AS (
      SELECT id, sum(fen) AS fen FROM (
        SELECT o.same_id AS id, COALESCE(r.same_id, -r.id) AS paper, max(abs(r.amount_fen)) AS fen
        FROM funding_invoiceline r JOIN funding_invoiceline o ON o.id = r.red_original_id
        WHERE o.same_id = ANY(%s) AND r.status = 'red' AND r.amount_fen IS NOT NULL
        GROUP BY 1, 2) AS each GROUP BY id
    ), wanted AS (
      SELECT m.id, m.capacity_fen AS before, CASE WHEN h.void THEN 0
        ELSE GREATEST(0, COALESCE(h.fen, 0) - COALESCE(red.fen, 0)) END AS fen
      FROM mine m LEFT JOIN held h ON h.id = m.id LEFT JOIN red ON red.id = m.id
    )
    UPDATE funding_invoiceitem AS i SET capacity_fen = w.fen FROM wanted w
    WHERE i.id = w.id AND w.fen <> w.before
    RETURNING i.id, w.before, w.fen
"""


def ensure_items(lines: QuerySet[InvoiceLine]) -> list[int]:
    """Give every line of a set its item, making those that are new; set-based.

    Lines without a number or with a doubtful amount have none. Returns the items (primary keys)
    of which less may be counted than before: a red letter came, or a paper turned out void.
    """
    rows = list(lines.order_by("id").values(*_COLUMNS))
    with transaction.atomic():
        for at in range(0, len(rows), _CHUNK):
            _tie(rows[at : at + _CHUNK])
        keys = [row["id"] for row in rows]
        _find_originals(keys)
        return refresh_capacity(_items_of(keys))


def ensure_untied() -> int:
    """Items for the lines that have none yet (rows from before there were items); how many got
    one."""
    rows = InvoiceLine.objects.filter(same__isnull=True, amount_fen__isnull=False)
    rows = rows.exclude(Q(invoice_no__isnull=True) & Q(customs_no=""))
    before = rows.count()
    if before:
        ensure_items(rows)
    return before - rows.count() if before else 0


def _tie(rows: Sequence[dict[str, Any]]) -> None:
    found = {
        row["id"]: identity_of(
            code=row["invoice_code"], number=row["invoice_no"], customs_no=row["customs_no"],
            item=row["item"], spec=row["spec"], amount_fen=row["amount_fen"],
        )
        for row in rows
    }  # fmt: skip
    moved = [row for row in rows if (row["same__identity"] or "") != found[row["id"]]]
    if not moved:
        return
    _make({found[row["id"]]: row for row in reversed(moved) if found[row["id"]]})
    # It follows from the line itself, so that the history has nothing to tell about it.
    with quiet_history(InvoiceLine), connection.cursor() as cursor:
        cursor.execute(_TIE, [[r["id"] for r in moved], [found[r["id"]] for r in moved]])


def _make(fresh: Mapping[str, Mapping[str, Any]]) -> None:
    InvoiceItem.objects.bulk_create(
        [
            InvoiceItem(
                identity=identity, invoice_code=row["invoice_code"] or "",
                invoice_no=row["invoice_no"] or row["customs_no"], seller=row["seller"] or "",
                date=row["date"],
            )
            for identity, row in sorted(fresh.items())
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def items_of_records(records: Iterable[Record]) -> dict[int, int]:
    """Items (primary keys) for the rows of a file that is being written, made where new."""
    identities: dict[int, str] = {}
    fresh: dict[str, dict[str, Any]] = {}
    for r in records:
        identity = identity_of(
            code=r.invoice_code, number=r.invoice_no, customs_no="", item=r.item, spec=r.spec,
            amount_fen=r.amount_fen,
        )  # fmt: skip
        if identity:
            identities[r.row] = identity
            fresh.setdefault(identity, {
                "invoice_code": r.invoice_code, "invoice_no": r.invoice_no, "customs_no": "",
                "seller": r.seller, "date": r.date,
            })  # fmt: skip
    _make(fresh)
    rows = InvoiceItem.objects.filter(identity__in=list(fresh)).order_by()
    keys = dict(rows.values_list("identity", "pk"))
    return {row: keys[identity] for row, identity in identities.items()}


def _find_originals(keys: list[int]) -> None:
    """Originals of red letters among these lines, and of earlier red letters that name them."""
    rows = InvoiceLine.objects.filter(pk__in=keys).order_by()
    named = set(rows.filter(status="red").exclude(red_of_no=None).values_list("red_of_no", flat=1))
    own = rows.exclude(status="red").exclude(invoice_no=None).values_list("invoice_no", flat=True)
    named |= set(
        InvoiceLine.objects.filter(status="red", red_original=None, red_of_no__in=list(own))
        .order_by()
        .values_list("red_of_no", flat=True)
    )
    if named:
        with connection.cursor() as cursor:
            cursor.execute(_ORIGINALS, [sorted(named)])


def _items_of(keys: list[int]) -> list[int]:
    """The items of lines, and of what red letters among them take back."""
    rows = InvoiceLine.objects.filter(pk__in=keys).order_by()
    pairs = rows.values_list("same", "red_original__same")
    return sorted({key for pair in pairs for key in pair if key is not None})


def refresh_capacity(items: Iterable[int]) -> list[int]:
    """Work out anew what may be counted of items; returns those of which it is less than before.

    What was counted stays counted: more than there is now is for a recovery to bring back.
    """
    keys = sorted(set(items))
    if not keys:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_CAPACITY, [keys, keys, keys])
        return sorted(key for key, before, fen in cursor.fetchall() if fen < before)
