"""Units of money and area, and where they are written: cell, header, unit note."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from jigai.sheets.text import half_width, squeeze

FEN_PER_MONEY_UNIT = {
    "分": 1,
    "角": 10,
    "元": 100,
    "圆": 100,
    "人民币元": 100,
    "百元": 10**4,
    "千元": 10**5,
    "万": 10**6,
    "万元": 10**6,
    "人民币万元": 10**6,
    "十万元": 10**7,
    "百万元": 10**8,
    "千万元": 10**9,
    "亿": 10**10,
    "亿元": 10**10,
}
SQUARE_METRES = {
    "平方米": Decimal(1),
    "m2": Decimal(1),
    "平米": Decimal(1),
    "平": Decimal(1),
    "公顷": Decimal(10000),
    "ha": Decimal(10000),
    "平方公里": Decimal(1000000),
}
# Land statistics define 1 m² = 0.0015 亩, so a figure in 亩 is divided, never multiplied.
MU_PER_SQUARE_METRE = Decimal("0.0015")
MU = frozenset({"亩", "市亩"})
COUNT_UNITS = frozenset({"人", "名", "个", "台", "套", "项", "户", "件"})

_NOTE = re.compile(r"(?<!填报)(?<!编制)(?<!主管)(?<!制表)(?<!报送)单位\s*[:：]\s*(\S.*)")
_SEPARATORS = re.compile(r"[、,，;；/\s]+")


def clean_unit(text: str) -> str:
    """A unit as written, in the spelling of the tables above."""
    return half_width(squeeze(text)).lower().replace("㎡", "m2")


def is_unit(text: str) -> bool:
    """Whether the text is a unit of money, area, count or rate."""
    unit = clean_unit(text)
    known = unit in FEN_PER_MONEY_UNIT or unit in SQUARE_METRES or unit in MU
    return known or unit in COUNT_UNITS or unit in {"%", "年", "月", "千瓦时", "吨", "千克", "kwh"}


def note_units(text: str) -> list[str]:
    """The units in a note such as ``单位：人、万元、亩``; empty when the text is no unit note."""
    found = _NOTE.search(text)
    if not found:
        return []
    return [unit for unit in map(clean_unit, _SEPARATORS.split(found[1])) if is_unit(unit)]


def is_unit_note(text: str) -> bool:
    """Whether a text says which units a table uses."""
    return bool(note_units(text))


def pick_unit(kind: str, written: Iterable[str]) -> str:
    """The first unit of this kind (``money`` or ``area``), empty when there is none."""
    table = FEN_PER_MONEY_UNIT if kind == "money" else {**SQUARE_METRES, **dict.fromkeys(MU, 1)}
    return next((unit for unit in map(clean_unit, written) if unit in table), "")
