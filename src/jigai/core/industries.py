"""Industries by GB/T 4754-2017 code: mining (B), manufacturing (C) and utilities (D)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from jigai.core.tables import read_table

IndustryLevel = Literal["section", "division", "group", "class"]


class UnknownIndustryError(LookupError):
    """A code that GB/T 4754-2017 does not have in sections B, C and D."""


@dataclass(frozen=True, slots=True)
class Industry:
    """One entry: 门类 (letter), 大类 (2 digits), 中类 (3) or 小类 (4)."""

    code: str
    name: str
    level: IndustryLevel
    parent: str | None


@cache
def load_industries() -> dict[str, Industry]:
    """Every entry by code, in the order of the standard."""
    return {
        row["code"]: Industry(
            row["code"], row["name"], cast(IndustryLevel, row["level"]), row["parent"] or None
        )
        for row in read_table("industries_gbt4754_2017")
    }


def industry(code: str) -> Industry:
    """The entry for a code such as ``C``, ``34``, ``349``, ``3491`` or ``C3491``.

    A four-digit code the table lacks falls to its group, and ``3400`` or ``3490`` to division or
    group, as enterprise rosters write them. Raises ``UnknownIndustryError`` otherwise.
    """
    text = code.strip().upper()
    digits = text[1:] if len(text) > 1 and text[0].isalpha() else text
    table = load_industries()
    found = table.get(digits)
    if found is None and len(digits) == 4:
        found = table.get(digits[:3]) or (table.get(digits[:2]) if digits[2:] == "00" else None)
    if found is None or (digits != text and section_of(found.code).code != text[0]):
        raise UnknownIndustryError(
            f"行业代码 {code} 不在 GB/T 4754-2017 的采矿业、制造业、电热气水业中,请核对。"
        )
    return found


def section_of(code: str) -> Industry:
    """The 门类 above an entry, or the entry itself when it is one."""
    entry = load_industries()[code]
    while entry.parent is not None:
        entry = load_industries()[entry.parent]
    return entry


def is_industry_within(code: str, ancestor: str) -> bool:
    """Whether an industry is, or lies under, another one.

    Raises ``UnknownIndustryError`` when either code is unknown.
    """
    target = industry(ancestor).code
    entry: Industry | None = industry(code)
    while entry is not None:
        if entry.code == target:
            return True
        entry = load_industries()[entry.parent] if entry.parent else None
    return False
