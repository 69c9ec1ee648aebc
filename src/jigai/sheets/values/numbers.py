"""Text to exact decimals: the part that amounts, areas, counts and rates share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from jigai.sheets.text import (
    Scalar,
    exact,
    half_width,
    has_full_width,
    is_placeholder,
    number_text,
    plain_dashes,
    squeeze,
    trim,
)

APPROXIMATE = re.compile(r"约|大概|大致|左右|上下|将近|近|逾|余|多|以上|以下|以内|不足|[~～≈±><≥≤]")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_PLAIN = re.compile(r"\d+(?:\.\d*)?|\.\d+")
_SHAPE = re.compile(
    r"(?P<open>\()?(?P<sign>[+-])?(?P<currency>[¥￥]|RMB|CNY|人民币)?(?P<inner>[+-])?"
    r"(?P<number>[\d.,]+(?:[eE][+-]?\d{1,2})?)(?P<unit>[^\d.,()]*?)(?P<close>\))?整?"
)


# What a column of the database holds; far beyond it even exact arithmetic has an end.
_STORED = 2**63


def too_large(number: Decimal) -> bool:
    """Whether a figure in its whole unit (fen, 0.01 m²) is more than can be stored."""
    return abs(number) >= _STORED


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number taken apart: exact value, unit as written (may be empty), codes, blank or not."""

    number: Decimal | None
    unit: str = ""
    codes: tuple[str, ...] = ()
    currency: bool = False


def round_half_up(number: Decimal, places: int = 0) -> Decimal:
    """Commercial rounding, away from zero at one half."""
    return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def read_quantity(raw: Scalar, invalid: str = "E_AMOUNT_INVALID") -> Quantity:
    """Take a cell apart into number and unit.

    Missing cells give ``number=None`` with no error code; what cannot be read gives ``invalid``;
    approximate figures give ``E_AMOUNT_APPROX``. Dashes mean missing, not zero.
    """
    if raw is None or isinstance(raw, bool):
        return Quantity(None, codes=(invalid,) if isinstance(raw, bool) else ())
    if isinstance(raw, int | float):
        number = exact(raw)
        return Quantity(
            number if number.is_finite() else None, codes=() if number.is_finite() else (invalid,)
        )
    if not isinstance(raw, str):
        return Quantity(None, codes=(invalid,))
    return _read_text(raw, invalid)


def _read_text(raw: str, invalid: str) -> Quantity:
    if not squeeze(raw):
        return Quantity(None)
    if is_placeholder(raw):
        return Quantity(None, codes=("A_DASH_NULL",))
    codes = ["A_TRIM"] if trim(raw) != raw else []
    if has_full_width(raw):
        codes.append("A_FULLWIDTH")
    text = plain_dashes(half_width(squeeze(raw))).replace("m2", "平方米")
    if APPROXIMATE.search(text):
        return Quantity(None, codes=(*codes, "E_AMOUNT_APPROX"))
    shape = _SHAPE.fullmatch(text)
    number = _number(shape) if shape else None
    if shape is None or number is None:
        return Quantity(None, codes=(*codes, invalid))
    if "," in shape["number"]:
        codes.append("A_THOUSANDS")
    return Quantity(number, shape["unit"], tuple(codes), currency=bool(shape["currency"]))


def _number(shape: re.Match[str]) -> Decimal | None:
    """The signed value, or None when separators or signs make no sense."""
    mantissa, _, exponent = shape["number"].lower().partition("e")
    if not (_GROUPED.fullmatch(mantissa) or _PLAIN.fullmatch(mantissa)):
        return None
    if (shape["sign"] and shape["inner"]) or bool(shape["open"]) != bool(shape["close"]):
        return None
    number = Decimal(mantissa.replace(",", "")).scaleb(int(exponent or 0))
    signs = (shape["sign"], shape["inner"])
    # Accountants write a negative amount in brackets.
    return -number if "-" in signs or shape["open"] else number


def as_number(number: Decimal) -> int | float:
    """The number to store in a cell."""
    return int(number) if number == number.to_integral_value() else float(number)


def plain_text(raw: Scalar) -> str:
    """The raw cell for messages."""
    return number_text(raw) if isinstance(raw, int | float) else str(raw or "")
