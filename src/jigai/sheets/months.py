"""Which month a sheet is about: from its name or from what is written over the heading."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from jigai.sheets.text import half_width, squeeze

_NUMERALS = {
    "十二": "12", "十一": "11", "十": "10", "一": "1", "二": "2", "三": "3", "四": "4", "五": "5",
    "六": "6", "七": "7", "八": "8", "九": "9",
}  # fmt: skip
_WORD_MONTH = re.compile(r"(十[一二]?|[一二三四五六七八九])(?=月)")
_DASHES = re.compile(r"[—–―~～至到]+")
# 2021年1-7月, 1-7月, 7月份, 2021.7月; of a range the last month.
_MONTH = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d)[年.\-/]?)?(?:\d{1,2}月?-)?(?P<month>1[0-2]|0?[1-9])月"
)
# A sheet name may leave out the word: 2021.12, 202112, 2021-12, 12.
_BARE = re.compile(r"(?:(?P<year>(?:19|20)\d\d)[.\-/_]?)?(?P<month>1[0-2]|0?[1-9])")


@dataclass(frozen=True, slots=True)
class Month:
    """A month, with its year where one is written."""

    month: int
    year: int | None = None


def read_month(text: str, *, bare: bool = False) -> Month | None:
    """The month that a text names (``bare``: also by digits alone), ``None`` for none."""
    plain = _DASHES.sub("-", half_width(squeeze(text)))
    plain = _WORD_MONTH.sub(lambda found: _NUMERALS[found[1]], plain)
    found = _MONTH.search(plain) or (_BARE.fullmatch(plain) if bare else None)
    if found is None:
        return None
    return Month(int(found["month"]), int(found["year"]) if found["year"] else None)


def month_of_sheet(name: str, above: Iterable[str]) -> Month | None:
    """The month of a sheet by its name and the notes over its heading.

    ``None`` when neither tells, or when they tell different months or years.
    """
    told = [read_month(name, bare=True), *(read_month(text) for text in above)]
    found = [month for month in told if month is not None]
    months = {month.month for month in found}
    years = {month.year for month in found if month.year is not None}
    if len(months) != 1 or len(years) > 1:
        return None
    return Month(months.pop(), years.pop() if years else None)
