"""Fields of a register's row and how their values are stored as integers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from jigai.rules.errors import EvaluationError, FormulaError
from jigai.rules.facts import read_text
from jigai.rules.scope import TermInfo, term_range, term_type
from jigai.rules.units import unit

FieldType = Literal[
    "bool", "enum", "text", "date", "money", "area", "energy", "number", "ratio"
]  # fmt: skip
DECIMALS = 6
_BASE = ("money", "area", "energy")
_SUBJECT = "enterprise"


@dataclass(frozen=True, slots=True)
class RowField:
    """A typed field: ``id`` for the data, ``name`` for people and formulas.

    Types are those of the vocabulary: money is stored in fen, area in 0.01 m², energy in gce;
    ``unit`` is that of a number (``吨/日``, ``mg/m³``); ``options`` map codes to words.
    """

    id: str
    name: str
    type: FieldType
    unit: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    minimum: str = ""
    maximum: str = ""


def field_info(item: RowField) -> TermInfo:
    """What checker and compiler know of a field. Raises :class:`FormulaError` (``unknown-unit``).

    Numbers and ratios keep six decimals of the field's own unit.
    """
    type_ = term_type(item.type, item.unit, item.options)
    low, high = term_range(item.type, item.minimum or "-1000000000000", item.maximum)
    if item.type in ("number", "ratio"):
        factor = _factor(item)
        low = int(Fraction(item.minimum or -(10**12)) * 10**DECIMALS * factor.numerator)
        high = int(Fraction(item.maximum or 10**12) * 10**DECIMALS * factor.numerator)
    elif item.type in _BASE and not item.minimum:
        low = -(10**15)
    return TermInfo(
        item.id, item.name, _SUBJECT, type_, field_scale(item), low, high,
        words=tuple(item.options.values()),
    )  # fmt: skip


def field_scale(item: RowField) -> int:
    """Denominator of the stored integer over base units."""
    if item.type in ("number", "ratio"):
        return int(10**DECIMALS * _factor(item).denominator)
    return 1


def field_multiplier(item: RowField) -> int:
    """What a value in the field's own unit is multiplied with to be stored."""
    return int(10**DECIMALS * _factor(item).numerator)


def _factor(item: RowField) -> Fraction:
    return unit(item.unit)[0] if item.unit and item.type == "number" else Fraction(1)


def stored_value(item: RowField, info: TermInfo, value: Any) -> Any:
    """A row's value as stored; raises :class:`EvaluationError` naming the field."""
    if value is None or value == "":
        return None
    try:
        found = _stored(item, info, value)
    except (ValueError, FormulaError) as error:
        raise EvaluationError(f"字段“{item.name}”：{error}") from error
    return found


def _stored(item: RowField, info: TermInfo, value: Any) -> Any:
    if isinstance(value, str):
        return read_text(info, value)
    if isinstance(value, float):
        raise ValueError("不收浮点数，用整数分、十进制小数或原文")
    kind = info.type.kind
    if kind == "bool" and isinstance(value, bool):
        return value
    if kind == "date" and type(value) is dt.date:
        return value
    if kind == "number" and not isinstance(value, bool) and isinstance(
        value, int | Decimal | Fraction
    ):  # fmt: skip
        return _whole(item, value)
    raise ValueError(f"要{info.type.describe()}，给的是“{value}”")


def _whole(item: RowField, value: int | Decimal | Fraction) -> int:
    number = Fraction(value)
    if item.type in ("number", "ratio"):
        number *= field_multiplier(item)
    if number.denominator != 1:
        raise ValueError(f"“{value}”比最小单位还细")
    return int(number)
