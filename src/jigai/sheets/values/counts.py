"""Counts, plain numbers, tax rates and serial numbers."""

from __future__ import annotations

from decimal import Decimal

from jigai.sheets.text import Scalar
from jigai.sheets.values.numbers import Quantity, as_number, read_quantity
from jigai.sheets.values.result import Parsed, missing
from jigai.sheets.values.units import COUNT_UNITS, clean_unit

_EXEMPT = frozenset({"免税", "不征税", "0税率", "零税率"})


def read_count(raw: Scalar) -> Parsed:
    """Read a whole number, such as people employed; a unit such as 人 in the cell is removed."""
    parsed = read_number(raw, negative_allowed=False)
    if parsed.value is not None and parsed.value != int(parsed.value):
        return missing(*parsed.codes, "E_AMOUNT_INVALID")
    if parsed.value is None:
        return parsed
    whole = int(parsed.value)
    return Parsed(whole, parsed.codes, str(whole), whole, "0")


def read_number(raw: Scalar, *, negative_allowed: bool = True) -> Parsed:
    """Read a plain number as an exact ``Decimal`` (quantities, unit prices)."""
    quantity = read_quantity(raw)
    if quantity.number is None:
        return Parsed(codes=quantity.codes)
    if quantity.unit and clean_unit(quantity.unit) not in COUNT_UNITS | {"元"}:
        return missing(*quantity.codes, "E_AMOUNT_INVALID")
    if quantity.number < 0 and not negative_allowed:
        return missing(*quantity.codes, "E_AMOUNT_NEGATIVE")
    return _numeric(raw, quantity, quantity.number)


def read_percent(raw: Scalar) -> Parsed:
    """Read a rate as per cent: ``13%``, ``0.13`` and ``13`` are all 13; 免税 is 0."""
    if isinstance(raw, str) and raw.strip() in _EXEMPT:
        return Parsed(Decimal(0), ("A_ENUM",), "0", 0)
    quantity = read_quantity(raw)
    if quantity.number is None:
        return Parsed(codes=quantity.codes)
    if quantity.unit not in ("", "%") or quantity.currency or quantity.number < 0:
        return missing(*quantity.codes, "E_AMOUNT_INVALID")
    rate = quantity.number if quantity.unit or quantity.number >= 1 else quantity.number * 100
    # How a rate is written is a matter of taste, so a plain 13% or 0.13 is no finding.
    return Parsed(
        rate.normalize(), quantity.codes, f"{rate.normalize():f}", as_number(rate / 100), "0%"
    )


def _numeric(raw: Scalar, quantity: Quantity, number: Decimal) -> Parsed:
    codes = list(quantity.codes)
    if quantity.unit or quantity.currency:
        codes.append("A_UNIT_IN_CELL")
    if isinstance(raw, str) and not codes:
        codes.append("A_TEXT_NUMBER")
    text = f"{number.normalize():f}"
    return Parsed(number, tuple(codes), text, as_number(number), "General")


def read_serial(raw: Scalar) -> Parsed:
    """Read a running number; anything else in the column is simply not a serial number."""
    quantity = read_quantity(raw)
    number = quantity.number
    if number is None or quantity.unit or number != int(number):
        return Parsed()
    return Parsed(int(number), (), str(int(number)), int(number), "0")
