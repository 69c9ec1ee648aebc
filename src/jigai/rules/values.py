"""Values as people write them: ``500万元及以上``, ``3%``, ``1个百分点``, ``30个左右``, dates."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

from jigai.rules.errors import FormulaError
from jigai.rules.units import Dimension, unit

# word -> (comparison, whether the word is of the inclusive family U1 or the exclusive family U2)
COMPARATORS = {
    "及以上": (">=", "inclusive"),
    "以上": (">=", "inclusive"),
    "不低于": (">=", "inclusive"),
    "不少于": (">=", "inclusive"),
    "达到": (">=", "inclusive"),
    "至少": (">=", "inclusive"),
    "满": (">=", "inclusive"),
    "超过": (">", "exclusive"),
    "大于": (">", "exclusive"),
    "高于": (">", "exclusive"),
    "及以下": ("<=", "inclusive"),
    "以下": ("<=", "inclusive"),
    "以内": ("<=", "inclusive"),
    "不超过": ("<=", "inclusive"),
    "不高于": ("<=", "inclusive"),
    "最高": ("<=", "inclusive"),
    "不足": ("<", "exclusive"),
    "低于": ("<", "exclusive"),
    "小于": ("<", "exclusive"),
    "不满": ("<", "exclusive"),
}
_WORDS = "|".join(sorted(COMPARATORS, key=len, reverse=True))
_QUANTITY = re.compile(
    rf"^(?P<before>{_WORDS})?(?P<number>-?\d+(?:,\d{{3}})*(?:\.\d+)?(?:/\d+)?)(?P<unit>(?:m[23]|[^\d以及左])*?)"
    rf"(?P<after>{_WORDS})?(?P<about>左右)?$"
)


# 一半以上 is a threshold like any other: 50 % with the word that follows.
_HALVES = (("过半数", "超过50%"), ("过半", "超过50%"), ("一半", "50%"), ("半数", "50%"))


@dataclass(frozen=True, slots=True)
class Quantity:
    """An exact number in base units with its dimension and, for thresholds, its comparison.

    ``text`` is the value as written; ``family`` says which quantifier reading may flip it;
    ``points`` tells percentage points from per cent.
    """

    value: Fraction
    dimension: Dimension
    text: str
    comparator: str | None = None
    family: str | None = None
    about: bool = False
    points: bool = False


def parse_quantity(text: str) -> Quantity:
    """Parse a quantity with unit, comparator word and ``左右``; exact, never through a float.

    Raises :class:`FormulaError` (``bad-quantity``, ``unknown-unit``).
    """
    plain = unicodedata.normalize("NFKC", str(text)).replace(" ", "")
    for word, half in _HALVES:
        plain = plain.replace(word, half)
    found = _QUANTITY.match(plain)
    if not found or (found["before"] and found["after"]):
        raise FormulaError(
            "bad-quantity",
            f"读不懂数值“{text}”",
            "写成 500万元及以上、3%、1个百分点、200亩 这样的形式",
        )
    try:
        number = Fraction(found["number"].replace(",", ""))
    except ZeroDivisionError:
        raise FormulaError("bad-quantity", f"“{text}”的分母是零", "改写分母") from None
    name = found["unit"].removeprefix("个") if found["unit"] != "个" else "个"
    factor, dimension = unit(name) if name else (Fraction(1), ())
    word = found["before"] or found["after"]
    comparator, family = COMPARATORS[word] if word else (None, None)
    return Quantity(
        number * factor,
        dimension,
        str(text),
        comparator,
        family,
        bool(found["about"]),
        name == "百分点",
    )


def parse_date(text: str) -> dt.date:
    """Parse an ISO date; raises :class:`FormulaError` (``bad-date``)."""
    try:
        return dt.date.fromisoformat(str(text))
    except ValueError as error:
        message = f"日期“{text}”不存在或写法不对"
        raise FormulaError("bad-date", message, "写成 2020-08-15") from error
