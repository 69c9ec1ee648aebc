"""Three accounts of the same money: the fund's book, the payment orders, the bank's answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Count, Q, Sum

from jigai.core.screens import formats
from jigai.funding.budgets.money import Balances, balances
from jigai.funding.models import PaymentOrder, Programme

# Every order that is or was on its way has one entry of each kind its state asks for, of its
# amount; and every such entry has its order.
_BY_ROW = """
    WITH expected AS (
      SELECT o.reference, k.kind, o.amount_fen FROM funding_paymentorder o
      JOIN funding_paymentbatch b ON b.id = o.batch_id
      JOIN funding_paymentrequest r ON r.id = b.request_id
      CROSS JOIN LATERAL unnest(CASE o.state
        WHEN 'sent' THEN ARRAY['order'] WHEN 'paid' THEN ARRAY['order', 'paid']
        WHEN 'returned' THEN ARRAY['order', 'returned'] ELSE ARRAY[]::text[] END) AS k(kind)
      WHERE r.programme_id = %(programme)s
    ), booked AS (
      SELECT substr(e.key, length(e.kind) + 2) AS reference, e.kind, sum(p.amount)::bigint AS fen
      FROM ledgers_entry e JOIN ledgers_posting p ON p.entry_id = e.id AND p.amount > 0
      WHERE e.book_id = %(book)s AND e.kind IN ('order', 'paid', 'returned')
      GROUP BY e.key, e.kind
    )
    SELECT coalesce(x.reference, k.reference), coalesce(x.kind, k.kind), x.amount_fen, k.fen
    FROM expected x FULL JOIN booked k ON k.reference = x.reference AND k.kind = x.kind
    WHERE x.amount_fen IS DISTINCT FROM k.fen ORDER BY 1, 2 LIMIT 100
"""
_KINDS = {"order": "送出", "paid": "到账", "returned": "退票"}


@dataclass(frozen=True, slots=True)
class Line:
    """One comparison in fen; ``booked`` from the book, ``ordered`` from the orders."""

    name: str
    booked: int
    ordered: int
    count: int

    @property
    def difference(self) -> int:
        """Nothing where they agree."""
        return self.booked - self.ordered


@dataclass(slots=True)
class Reconciliation:
    """Comparisons, and the payments that do not agree one by one (100 at most)."""

    programme: Programme
    balances: Balances
    lines: list[Line] = field(default_factory=list)
    wrong: list[dict[str, str]] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        """To the fen, in sum and row by row."""
        return not self.wrong and all(line.difference == 0 for line in self.lines)


def reconcile(programme: Programme) -> Reconciliation:
    """Compare now; a fixed number of queries."""
    rows = PaymentOrder.objects.filter(batch__request__programme=programme)
    told = rows.aggregate(
        sent=Sum("amount_fen", filter=Q(state="sent"), default=0),
        paid=Sum("amount_fen", filter=Q(state="paid"), default=0),
        returned=Sum("amount_fen", filter=Q(state="returned"), default=0),
        sent_n=Count("pk", filter=Q(state="sent")), paid_n=Count("pk", filter=Q(state="paid")),
        returned_n=Count("pk", filter=Q(state="returned")),
    )  # fmt: skip
    booked = _booked(programme)
    found = Reconciliation(programme, balances(programme))
    found.lines = [
        Line("在途（已送出，等回单）", found.balances.transit, told["sent"], told["sent_n"]),
        Line("累计到账", booked.get("paid", 0), told["paid"], told["paid_n"]),
        Line("累计退票", booked.get("returned", 0), told["returned"], told["returned_n"]),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_BY_ROW, {"programme": programme.pk, "book": programme.book_id})
        found.wrong = [_wrong(*row) for row in cursor.fetchall()]
    return found


def _booked(programme: Programme) -> dict[str, int]:
    """What came in by entries of each kind, in fen."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.kind, sum(p.amount)::bigint FROM ledgers_entry e"
            " JOIN ledgers_posting p ON p.entry_id = e.id AND p.amount > 0"
            " WHERE e.book_id = %s GROUP BY e.kind",
            [programme.book_id],
        )
        return dict(cursor.fetchall())


def _wrong(reference: str, kind: str, ordered: int | None, booked: int | None) -> dict[str, str]:
    told = "没有分录" if booked is None else f"分录 {formats.yuan(booked)} 元"
    asked = "没有支付明细" if ordered is None else f"支付明细 {formats.yuan(ordered)} 元"
    return {"reference": reference, "kind": _KINDS[kind], "told": f"{asked}，{told}"}
