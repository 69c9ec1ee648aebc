"""What may be counted of invoices again once a file of red letters is taken back."""

from __future__ import annotations

from typing import Any

from jigai.core.models import ImportBatch
from jigai.funding.invoices.items import refresh_capacity
from jigai.funding.invoices.suspects import forget_gone


def note_items(cursor: Any, batch: ImportBatch) -> None:
    """Remember the items a batch bears on, while its lines are still there."""
    cursor.execute("DROP TABLE IF EXISTS undone_items")
    cursor.execute(
        "CREATE TEMP TABLE undone_items ON COMMIT DROP AS "
        "SELECT l.same_id AS item FROM funding_invoiceline l WHERE l.batch_id = %s "
        "UNION SELECT o.same_id FROM funding_invoiceline l "
        "JOIN funding_invoiceline o ON o.id = l.red_original_id WHERE l.batch_id = %s",
        [batch.pk, batch.pk],
    )


def settle_items(cursor: Any, batch: ImportBatch) -> None:
    """Work out anew what may be counted of them."""
    cursor.execute("SELECT item FROM undone_items WHERE item IS NOT NULL")
    refresh_capacity(key for (key,) in cursor.fetchall())
    forget_gone()
