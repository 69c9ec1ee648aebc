"""Originals of red letters that an earlier file brought."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from jigai.core.imports.registry import Place
from jigai.funding.invoice_lines import RED
from jigai.funding.invoice_lines import InvoiceLine as Record
from jigai.funding.models import InvoiceLine
from jigai.sheets.table import Table

_ORPHAN = "E_INV_ORPHAN_RED"
Target = Callable[[Record], tuple[int | None, int | None]]


def earlier_originals(
    table: Table, records: Iterable[Record], place: Place, target: Target
) -> dict[int, int]:
    """Stored originals (primary keys) of red letters whose original is not in the file, by row.

    The same project comes first, then the place itself, then the same item. The findings of the
    table say so instead of calling the red letter an orphan.
    """
    orphans = [r for r in records if r.status == RED and r.red_original_row is None and r.red_of_no]
    if not orphans:
        return {}
    stored: dict[tuple[str | None, str | None], list[dict[str, Any]]] = defaultdict(list)
    rows = InvoiceLine.objects.filter(invoice_no__in={r.red_of_no for r in orphans})
    for row in rows.exclude(status=RED).order_by("pk").values(
        "pk", "invoice_code", "invoice_no", "project_id", "consortium_id", "region_code", "item",
        "spec",
    ):  # fmt: skip
        stored[row["invoice_code"], row["invoice_no"]].append(row)
    found = {}
    for record in orphans:
        candidates = stored.get((record.red_of_code, record.red_of_no), [])
        if candidates:
            best = min(candidates, key=lambda row: _difference(record, row, place, target))
            found[record.row] = best["pk"]
    _tell(table, found)
    return found


def _difference(record: Record, row: dict[str, Any], place: Place, target: Target) -> Any:
    return (
        target(record) != (row["project_id"], row["consortium_id"]),
        not row["region_code"].startswith(place.prefix),
        record.item != row["item"], record.spec != row["spec"], row["pk"],
    )  # fmt: skip


def _tell(table: Table, found: dict[int, int]) -> None:
    table.issues[:] = [i for i in table.issues if not (i.code == _ORPHAN and i.row in found)]
    for row in table.rows:
        if row.number in found:
            table.report(row, "status", "W_INV_RED", detail="此前导入的发票")
