"""Values as people type them into a control, read into the stored value of a term."""

from __future__ import annotations

import datetime as dt
import unicodedata
from typing import Any

from jigai.rules.errors import FormulaError
from jigai.rules.facts import read_text
from jigai.rules.scope import TermInfo
from jigai.rules.units import AREA, ENERGY, MONEY

# Units offered beside a number, the usual one first.
_UNITS = {
    MONEY: ("万元", "元", "亿元"),
    AREA: ("亩", "平方米", "公顷"),
    ENERGY: ("吨标准煤", "克标准煤"),
}
# A ratio typed as it is, not in per cent: a plot ratio of 0.8.
_PURE = "倍"


def units_of(info: TermInfo, declared: str) -> tuple[str, ...]:
    """Units a number may be typed in; empty for a bare number. ``declared`` is the term's own."""
    if info.type.kind != "number":
        return ()
    known = _UNITS.get(info.type.dimension)
    if known:
        return known
    if declared == _PURE:
        return ("",)
    if declared:
        return ("年", "月") if declared in ("年", "月") else (declared,)
    return ("%",) if info.scale > 1 else ()


def read_value(info: TermInfo, text: str, unit: str) -> Any:
    """The stored value of a typed text; a bare number takes ``unit`` (money without one: 元).

    Raises ``ValueError`` or :class:`FormulaError` with what is wrong.
    """
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip()
    if info.type.kind == "date":
        try:
            return dt.date.fromisoformat(plain)
        except ValueError:
            raise ValueError(f"“{text}”不是日期，写成 2021-06-30") from None
    if info.type.kind == "number" and plain.replace(".", "", 1).lstrip("-").isdigit():
        plain += unit or ("元" if info.type.dimension == MONEY else "")
    return read_text(info, plain)


def problem_of(info: TermInfo, text: str, unit: str) -> str:
    """What is wrong with a typed text, in words; empty for one that can be read."""
    try:
        value = read_value(info, text, unit)
    except (ValueError, FormulaError) as error:
        return str(error)
    low, high = info.low, info.high
    numeric = info.type.kind == "number"
    if numeric and ((low is not None and value < low) or (high is not None and value > high)):
        return f"“{info.name}”的值“{text}”超出了可能的范围"
    return ""
