"""Subtotals and totals against the rows they claim to add up."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal

from jigai.sheets.roles import TOTAL
from jigai.sheets.table import Row, Table, TotalRow
from jigai.sheets.values.amounts import yuan_text
from jigai.sheets.values.numbers import read_quantity
from jigai.sheets.values.units import FEN_PER_MONEY_UNIT, clean_unit


def check_totals(table: Table, ignore: Collection[int] = ()) -> None:
    """Report total rows that differ from the sum of their rows (``W_SUBTOTAL``).

    ``ignore`` are rows that do not count, such as repeated ones. Unreadable cells add nothing.
    """
    rows = [row for row in table.rows if row.number not in ignore]
    shift = 1 if _subtotals_lead(table) else 0
    for total in table.totals:
        block = [row for row in rows if row.block == total.block + shift]
        members = rows if total.role == TOTAL else block
        for name, column in table.columns.items():
            if column.field.type == "money":
                _check(table, total, name, sum(_fen(table, row, name) for row in members))


def _subtotals_lead(table: Table) -> bool:
    """Whether subtotals stand above their rows: the first one then has no rows before it."""
    first = next((total for total in table.totals if total.role != TOTAL), None)
    return first is not None and all(row.block != first.block for row in table.rows)


def _fen(table: Table, row: Row, name: str) -> int:
    parts = table.spec.fields[name].sum_of
    if parts:
        return sum(row.get(part) or 0 for part in parts)
    return row.get(name) or 0


def _check(table: Table, total: TotalRow, name: str, fen: int) -> None:
    quantity = read_quantity(total.raw.get(name))
    if quantity.number is None:
        return
    unit = clean_unit(quantity.unit) or table.unit(name)
    scale = FEN_PER_MONEY_UNIT.get(unit, 0)
    if scale and abs(quantity.number * scale - fen) > _tolerance(quantity.number) * scale:
        table.report(total, name, "W_SUBTOTAL", yuan_text(fen))


def _tolerance(number: Decimal) -> Decimal:
    """A total typed with two decimals may be off by half of the last one."""
    exponent = number.as_tuple().exponent
    places = max(2, -exponent) if isinstance(exponent, int) else 2
    return Decimal(1).scaleb(-places) / 2


def check_parts(table: Table, rows: Iterable[Row]) -> None:
    """Report row totals that differ from their parts (``W_SUM_PARTS``); the parts win."""
    for name, column in table.columns.items():
        parts = column.field.sum_of
        if not parts:
            continue
        for row in rows:
            total, known = row.get(name), [row.get(part) for part in parts]
            if total is not None and not row.failed(parts) and total != sum(filter(None, known)):
                table.report(row, name, "W_SUM_PARTS", yuan_text(sum(filter(None, known))))
