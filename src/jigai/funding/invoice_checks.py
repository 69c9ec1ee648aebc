"""Checks between invoice lines and inside one: repeats, red letters, arithmetic, units."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from jigai.funding.invoice_lines import ACROSS, IN_PROJECT, RED, ProjectKey
from jigai.sheets.table import Row
from jigai.sheets.text import squeeze

_RED_NOTE = re.compile(r"代码[:：]?(\d{10,12}).{0,4}号码[:：]?(\d{8})")
_RED_DIGITAL = re.compile(r"(?:蓝字|被红冲).{0,12}?号码[:：]?(\d{20})")
_ROUNDING_FEN = 5
# 万元 typed for 元 makes a figure ten thousand times too small.
_SLIP = Decimal(10_000)
_CLOSE = Decimal("0.01")
_CHEAPEST_PIECE_FEN = 10_000
_PHYSICAL = frozenset({"equipment", "robot", "equipment_review", "it_hardware"})


def red_reference(note: str | None) -> tuple[str | None, str | None]:
    """Invoice code and number of the original that a red-letter line names in its note."""
    text = squeeze(note or "")
    found = _RED_NOTE.search(text)
    if found:
        return found[1], found[2]
    digital = _RED_DIGITAL.search(text)
    return (None, digital[1]) if digital else (None, None)


def unit_is_suspect(row: Row, item_class: str) -> bool:
    """Whether the amounts look like 万元 in a column of 元, or the reverse.

    Quantity times unit price shows it; without them only a piece of equipment under 100 元 does.
    """
    amount, price, quantity = row.get("amount"), row.get("unit_price"), row.get("quantity")
    if not amount:
        return False
    if price and quantity:
        ratio = abs(Decimal(price) * quantity * 100 / amount)
        return any(abs(ratio / slip - 1) < _CLOSE for slip in (_SLIP, 1 / _SLIP)) or (
            item_class in _PHYSICAL and abs(amount) < _CHEAPEST_PIECE_FEN * abs(quantity)
        )
    return item_class in _PHYSICAL and abs(amount) < _CHEAPEST_PIECE_FEN


def arithmetic_ok(row: Row) -> bool | None:
    """Whether amount plus tax gives the total within 0.05 元; None when a figure is missing."""
    amount, tax, total = row.get("amount"), row.get("tax"), row.get("total")
    if amount is None or tax is None or total is None:
        return None
    return bool(abs(amount + tax - total) <= _ROUNDING_FEN)


def find_repeats(
    rows: Sequence[Row], projects: Mapping[int, ProjectKey | None]
) -> dict[int, tuple[int, str]]:
    """Lines that appeared higher in the sheet: row to (earlier row, ``project`` or ``cross``)."""
    first: dict[tuple[object, ...], int] = {}
    repeats: dict[int, tuple[int, str]] = {}
    for row in rows:
        if row.get("invoice_no") is None or row.get("amount") is None:
            continue
        key = tuple(
            row.get(name) for name in ("invoice_code", "invoice_no", "item", "spec", "amount")
        )
        earlier = first.setdefault(key, row.number)
        if earlier != row.number:
            same = projects[earlier] == projects[row.number]
            repeats[row.number] = (earlier, IN_PROJECT if same else ACROSS)
    return repeats


def find_originals(rows: Sequence[Row]) -> dict[int, int]:
    """Red-letter lines whose original is listed: row to row of the original."""
    listed: dict[tuple[str | None, str | None], list[Row]] = defaultdict(list)
    for row in rows:
        if row.get("status") != RED:
            listed[row.get("invoice_code"), row.get("invoice_no")].append(row)
    originals: dict[int, int] = {}
    for row in rows:
        if row.get("status") == RED:
            found = listed.get(red_reference(row.text("note")), [])
            # Several lines of one invoice: the same item first, then whatever comes first.
            ranked = sorted(found, key=lambda other: _difference(row, other))
            if ranked:
                originals[row.number] = ranked[0].number
    return originals


def _difference(row: Row, other: Row) -> tuple[bool, bool, int]:
    return other.get("item") != row.get("item"), other.get("spec") != row.get("spec"), other.number
