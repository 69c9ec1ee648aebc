"""Values that the tables cannot hold are findings, not failures in the middle of a commit."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from jigai.sheets.table import Table
from jigai.sheets.values.result import missing

# Largest whole number kept (well below 2^63), and largest figure with decimals (16 digits before).
_MOST = 4_000_000_000_000_000_000
_MOST_DECIMAL = Decimal(10) ** 15


def check_fits(table: Table, lengths: Mapping[str, int]) -> None:
    """Empty and report cells that are too long (``lengths``: field to characters) or too large."""
    for part in table.parts:
        _check_part(part, lengths)


def _check_part(table: Table, lengths: Mapping[str, int]) -> None:
    texts = [(name, most) for name, most in lengths.items() if name in table.columns]
    figures = [
        name
        for name, column in table.columns.items()
        if column.field.type in {"money", "area", "count", "number", "percent"}
    ]
    for row in table.rows:
        for name, most in texts:
            value = row.get(name)
            if value is not None and len(value) > most:
                row.cells[name] = missing("E_TOO_LONG")
                table.report(row, name, "E_TOO_LONG", detail=f"最多{most}个字")
        for name in figures:
            value = row.get(name)
            if value is not None and abs(value) > _limit(value):
                row.cells[name] = missing("E_TOO_LARGE")
                table.report(row, name, "E_TOO_LARGE")


def _limit(value: int | Decimal) -> int | Decimal:
    return _MOST_DECIMAL if isinstance(value, Decimal) else _MOST
