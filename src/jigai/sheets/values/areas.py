"""Land areas to integer hundredths of a square metre, and to 亩 for people."""

from __future__ import annotations

from decimal import Decimal

from jigai.sheets.text import Scalar
from jigai.sheets.values.numbers import as_number, read_quantity, round_half_up, too_large
from jigai.sheets.values.result import Parsed, missing
from jigai.sheets.values.units import MU, MU_PER_SQUARE_METRE, SQUARE_METRES, clean_unit


def mu_text(area: int) -> str:
    """Hundredths of a square metre as 亩, four decimals, half up."""
    return str(round_half_up(Decimal(area) / 100 * MU_PER_SQUARE_METRE, 4))


def square_metres(number: Decimal, unit: str) -> Decimal:
    """A figure in ``unit`` as square metres."""
    return number / MU_PER_SQUARE_METRE if unit in MU else number * SQUARE_METRES[unit]


def read_area(raw: Scalar, unit: str) -> Parsed:
    """Read an area of a column in ``unit`` (``亩`` or ``平方米``); value in 0.01 m²."""
    quantity = read_quantity(raw)
    if quantity.number is None:
        return Parsed(codes=quantity.codes)
    written = clean_unit(quantity.unit)
    if (written and written not in MU and written not in SQUARE_METRES) or quantity.currency:
        return missing(*quantity.codes, "E_AMOUNT_INVALID")
    if quantity.number < 0:
        return missing(*quantity.codes, "E_AMOUNT_NEGATIVE")
    exact = square_metres(quantity.number, written or unit) * 100
    if too_large(exact):
        return missing(*quantity.codes, "E_TOO_LARGE")
    area = int(round_half_up(exact))
    codes = list(quantity.codes)
    if written:
        codes.append("A_AREA_UNIT" if (written in MU) != (unit in MU) else "A_UNIT_IN_CELL")
    if isinstance(raw, str) and not codes:
        codes.append("A_TEXT_NUMBER")
    same = (written or unit) == unit
    cell = as_number(quantity.number) if same else _converted(area, unit)
    return Parsed(area, tuple(codes), mu_text(area), cell, "#,##0.00##")


def _converted(area: int, unit: str) -> int | float:
    """The figure in the unit of the column, with all its decimals."""
    metres = Decimal(area) / 100
    return as_number(metres * MU_PER_SQUARE_METRE if unit in MU else metres / SQUARE_METRES[unit])
