"""How values are written for people: 元 to the fen, rates in per cent, options by their word."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

from jigai.rules import schema
from jigai.rules.binding import ParameterValue
from jigai.rules.bounds import NO_LIMIT, UNBOUNDED
from jigai.rules.expr import Type
from jigai.rules.scope import TermInfo
from jigai.rules.units import AREA, DIMENSIONLESS, ENERGY, MONEY, Dimension, unit

ABSENT = "缺数据"
SUBJECT_WORDS = {
    "enterprise": "企业",
    "project": "项目",
    "line": "发票行",
    "consortium": "共同体",
    "member": "成员",
    "award": "称号",
    "loan": "贷款",
    "parcel": "地块",
    "region": "地区",
}
HOW = {"sum": "合计", "count": "个数", "all": "是否都满足", "any": "是否有一个满足"}
CAP_WORDS = {
    "enterprise-year": "单个企业每年",
    "enterprise": "单个企业",
    "consortium": "每个共同体",
    "member": "每个成员",
    "project": "每个项目",
}
TEN_THOUSAND_YUAN = 1_000_000  # fen
_BASE_UNITS = {
    AREA: (Fraction(1, 100), "平方米"),
    ENERGY: (Fraction(1, 1_000_000), "吨标准煤"),
    (("day", 1),): (Fraction(1), "天"),
    (("person", 1),): (Fraction(1), "人"),
    # A power of money appears only inside a formula; nothing is known of how to write it.
}


def yuan(fen: int | Fraction) -> str:
    """Write fen as 元 with thousands separators: ``333,333.34元``; more places only if needed.

    The figure that stands for an amount without a limit is 不封顶, never a number.
    """
    if not -UNBOUNDED < fen < UNBOUNDED:
        return NO_LIMIT
    exact = Fraction(fen) / 100
    places = 2
    while places < 8 and (exact * 10**places).denominator != 1:
        places += 1
    return f"{_decimal(exact, places)}元"


def gap(fen: int) -> str:
    """Write a shortfall: 万元 when that is exact to two places, otherwise 元 to the fen."""
    if fen >= TEN_THOUSAND_YUAN and fen % (TEN_THOUSAND_YUAN // 100) == 0:
        return f"{_decimal(Fraction(fen, TEN_THOUSAND_YUAN), 2)} 万元"
    return f"{_decimal(Fraction(fen, 100), 2)} 元"


def percent(rate: Fraction) -> str:
    """Write a rate: exact to four places, cut (never rounded up to a threshold) beyond."""
    number = rate * 100
    places = 0
    while places < 4 and (number * 10**places).denominator != 1:
        places += 1
    text = _decimal(number, places)
    return f"{text}%" if (number * 10**places).denominator == 1 else f"{_decimal(number, 4)}…%"


def points(rate: Fraction) -> str:
    """Write a difference of rates in percentage points: ``0.9804 个百分点``."""
    return percent(rate).replace("%", "") + " 个百分点"


def _decimal(value: Fraction, places: int) -> str:
    """Cut towards zero to ``places``; exact arithmetic."""
    scaled = abs(value) * 10**places
    whole = scaled.numerator // scaled.denominator
    sign = "-" if value < 0 and whole else ""
    head, tail = divmod(whole, 10**places)
    return f"{sign}{head:,}" + (f".{tail:0{places}d}" if places else "")


def quantity(value: Fraction, dimension: Dimension, unit_text: str = "", rate: bool = False) -> str:
    """Write a number in base units."""
    if dimension == MONEY:
        return yuan(value)
    if unit_text:
        factor = unit(unit_text)[0]
        return f"{_plain(value / factor)}{unit_text}"
    if dimension == DIMENSIONLESS:
        return percent(value) if rate else _plain(value)
    factor, name = _BASE_UNITS.get(dimension, (Fraction(1), ""))
    return f"{_plain(value * factor)}{name}"


def _plain(value: Fraction) -> str:
    places = 0
    while places < 6 and (value * 10**places).denominator != 1:
        places += 1
    return _decimal(value, places)


def stored(info: TermInfo, value: Any, scale: int | None = None, unit_text: str = "") -> str:
    """Write the stored value of a term; ``scale`` is that of the computed column if it has one."""
    if value is None:
        return ABSENT
    if info.type.kind == "enum":
        return str((info.words or info.type.options)[value])
    return value_text(info.type, value, info.scale if scale is None else scale, unit_text)


def value_text(kind: Type, value: Any, scale: int = 1, unit_text: str = "") -> str:
    """Write a stored value that is not an option."""
    if value is None:
        return ABSENT
    if kind.kind == "bool":
        return "是" if value else "否"
    if kind.kind == "date":
        return date_text(value)
    if kind.kind == "number":
        return quantity(Fraction(value) / scale, kind.dimension, unit_text, scale > 1)
    return str(value)


def date_text(day: dt.date | None) -> str:
    """Write a date the ISO way, as every list in the product does."""
    return "未定" if day is None else day.isoformat()


def parameter_text(value: ParameterValue | None) -> str:
    """Write a parameter as the document has it: ``500万元及以上``, ``3%``, ``未定``."""
    if value is None or value.value is None:
        return "未定"
    if isinstance(value.value, dt.date):
        return date_text(value.value)
    return str(value.text)


def meaning(option: schema.Option) -> str:
    """An option with what it means, said once if both are the same."""
    return option.word if option.word == option.means else f"{option.word}（{option.means}）"
