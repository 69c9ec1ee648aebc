"""Running numbers: repeated or skipped."""

from __future__ import annotations

from jigai.sheets.table import Row, Table


def check_serials(table: Table) -> None:
    """Report rows whose running number is not the one that comes next (``W_SERIAL``).

    Numbers may start again at 1 in every block. After a gap the count goes on from what is written.
    """
    if "serial" not in table.columns:
        return
    numbered = [row for row in table.rows if row.get("serial") is not None]
    expected = numbered[0].get("serial") if numbered else 0
    for place, row in enumerate(numbered):
        serial = row.get("serial")
        if serial == 1 and place and numbered[place - 1].block != row.block:
            expected = 1
        if serial != expected:
            table.report(row, "serial", "W_SERIAL", str(expected))
            expected = _resume(numbered, place, expected)
        expected += 1


def _resume(numbered: list[Row], place: int, expected: int) -> int:
    """One wrong number among right ones is a slip; otherwise the count has moved."""
    serial: int = numbered[place].get("serial")
    following = numbered[place + 1].get("serial") if place + 1 < len(numbered) else None
    return expected if following == expected + 1 else serial
