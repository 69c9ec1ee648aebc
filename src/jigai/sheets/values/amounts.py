"""Money to integer fen."""

from __future__ import annotations

from decimal import Decimal

from jigai.sheets.text import Scalar
from jigai.sheets.values.numbers import (
    Quantity,
    as_number,
    read_quantity,
    round_half_up,
    too_large,
)
from jigai.sheets.values.result import Parsed, missing
from jigai.sheets.values.units import FEN_PER_MONEY_UNIT, clean_unit

# A bare number above a million in a 万元 column would be more than 10 billion yuan.
SUSPECT_ABOVE = {"万元": Decimal(1_000_000), "万": Decimal(1_000_000), "亿元": Decimal(100_000)}


def yuan_text(fen: int) -> str:
    """Fen as yuan with two decimals, exact for any size."""
    sign = "-" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), 100)
    return f"{sign}{yuan}.{rest:02d}"


def grouped_yuan(fen: int) -> str:
    """Like :func:`yuan_text` with thousands separators: ``1,234.50``."""
    whole, cents = yuan_text(fen).split(".")
    return f"{int(whole):,}.{cents}" if whole != "-0" else f"-0.{cents}"


def read_money(
    raw: Scalar, unit: str, *, negative_allowed: bool = False, any_size: bool = False
) -> Parsed:
    """Read an amount of a column whose unit is ``unit`` (``元``, ``万元`` …).

    The value is integer fen, rounded half up. A unit written in the cell beats the column's.
    ``any_size`` leaves it to others to say which amounts are too large to be meant.
    """
    quantity = read_quantity(raw)
    if quantity.number is None:
        return Parsed(codes=quantity.codes)
    written = clean_unit(quantity.unit)
    if written and written not in FEN_PER_MONEY_UNIT:
        return missing(*quantity.codes, "E_AMOUNT_INVALID")
    bare = not written and not quantity.currency
    if bare and not any_size and _suspect(quantity.number, unit):
        return missing(*quantity.codes, "E_UNIT_SUSPECT")
    # "¥1250" names a currency, not a scale: in a 万元 column it stays 万元.
    fen = quantity.number * FEN_PER_MONEY_UNIT[written or unit]
    if fen < 0 and not negative_allowed:
        return missing(*quantity.codes, "E_AMOUNT_NEGATIVE")
    if too_large(fen):
        return missing(*quantity.codes, "E_TOO_LARGE")
    return _parsed(quantity, fen, unit, raw)


def _suspect(number: Decimal, unit: str) -> bool:
    return unit in SUSPECT_ABOVE and abs(number) > SUSPECT_ABOVE[unit]


def _parsed(quantity: Quantity, fen: Decimal, unit: str, raw: Scalar) -> Parsed:
    whole = int(round_half_up(fen))
    codes = list(quantity.codes)
    if quantity.unit or quantity.currency:
        codes.append("A_UNIT_IN_CELL")
    if whole != fen:
        codes.append("A_FLOAT_NOISE")
    if isinstance(raw, str) and not codes:
        codes.append("A_TEXT_NUMBER")
    cell = as_number(Decimal(whole) / FEN_PER_MONEY_UNIT[unit])
    return Parsed(whole, tuple(codes), yuan_text(whole), cell, "#,##0.00####")
