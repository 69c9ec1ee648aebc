"""Dates as clerks write them, to a day with a precision."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from jigai.sheets.text import (
    Scalar,
    exact,
    half_width,
    has_full_width,
    is_blank,
    is_placeholder,
    plain_dashes,
    squeeze,
)
from jigai.sheets.values import date_patterns as forms
from jigai.sheets.values.result import Parsed, missing

START = "start"
END = "end"
_FORMATS = {"day": "yyyy-mm-dd", "month": 'yyyy"年"m"月"', "year": "yyyy-mm-dd"}
# Excel serials of 1954 to 2064; other whole numbers in a date column are read as digits.
_SERIALS = range(20_000, 60_000)
_YEARS = range(1949, 2100)
_CANONICAL = re.compile(r"\d{4}-\d{2}(-\d{2})?")


class _Impossible(ValueError):
    """The text has the form of a date but no such day exists."""


def read_date(
    raw: Scalar,
    *,
    edge: str = START,
    shown_decimals: int | None = None,
    shown_month: bool = False,
    date1904: bool = False,
) -> Parsed:
    """Read a date cell.

    ``edge`` says which day stands for a month or year: the first (``start``) or the last (``end``).
    ``shown_decimals`` is the number of decimals the cell format shows (2020.1 shown as 2020.10 is
    October), ``shown_month`` tells that a date cell shows no day. A range gives the start in
    ``value`` and the end in ``until``.
    """
    if is_blank(raw) or isinstance(raw, bool):
        return missing()
    if isinstance(raw, date):
        day = raw.date() if isinstance(raw, datetime) else raw
        return _period(day.year, day.month, edge) if shown_month else _day(day)
    try:
        if isinstance(raw, int | float):
            return _from_number(raw, edge, shown_decimals, shown_month, date1904)
        return _from_text(str(raw), edge)
    except (_Impossible, ValueError, OverflowError):
        return missing("E_DATE_INVALID")


def _day(day: date, *codes: str) -> Parsed:
    if day.year not in _YEARS:
        raise _Impossible
    return Parsed(day, codes, day.isoformat(), day, _FORMATS["day"], "day")


def _period(
    year: int, month: int, edge: str, *codes: str, last_month: int = 0, precision: str = "month"
) -> Parsed:
    """The first or last day of a month or of several months."""
    last = last_month or month
    if year not in _YEARS or not 1 <= month <= last <= 12:
        raise _Impossible
    first_day, last_day = date(year, month, 1), date(year, last, monthrange(year, last)[1])
    day = first_day if edge == START else last_day
    return Parsed(day, codes, day.isoformat(), day, _FORMATS[precision], precision)


def _from_number(
    raw: int | float, edge: str, decimals: int | None, shown_month: bool, date1904: bool
) -> Parsed:
    number = exact(raw)
    if int(number) in _SERIALS:
        origin = date(1904, 1, 1) if date1904 else date(1899, 12, 30)
        day = origin + timedelta(days=int(number))
        return _period(day.year, day.month, edge) if shown_month else _day(day, "A_DATE_SERIAL")
    if number == int(number):
        return _from_text(str(int(number)), edge)
    return _year_dot_month(number, edge, decimals)


def _year_dot_month(number: Decimal, edge: str, decimals: int | None) -> Parsed:
    """2021.3 is March, 2021.12 December; 2021.1 is October only if the cell shows 2021.10."""
    year, _, part = f"{number:f}".partition(".")
    if len(part) == 1 and decimals == 2:
        part += "0"
    if part == "1":
        return missing("E_DATE_AMBIGUOUS")
    if len(part) > 2:
        raise _Impossible
    return _period(int(year), int(part), edge, "A_DATE_FORMAT")


def _from_text(raw: str, edge: str) -> Parsed:
    if is_placeholder(raw) or forms.UNDECIDED.fullmatch(squeeze(raw).lower()):
        return missing("W_DATE_MISSING")
    text = forms.arabic(half_width(forms.TIME.sub("", raw.strip())))
    text = plain_dashes(squeeze(text))
    width = ("A_FULLWIDTH",) if has_full_width(raw) and "～" not in raw else ()
    parsed = _range(text) or _hedged(text, edge) or _plain(text, edge)
    if parsed is None:
        raise _Impossible
    if _CANONICAL.fullmatch(raw) and parsed.codes == ("A_DATE_FORMAT",):
        return replace(parsed, codes=())
    return replace(parsed, codes=(*width, *parsed.codes))


def _range(text: str) -> Parsed | None:
    for pattern in (forms.RANGE, forms.HYPHEN_RANGE, forms.ISO_RANGE):
        found = pattern.fullmatch(text)
        if found is None:
            continue
        start, end = _plain(found[1], START), _plain(found[2], END)
        if start is not None and end is not None:
            clean = f"{start.clean}/{end.clean}"
            return replace(start, codes=("A_DATE_RANGE",), clean=clean, until=end)
    return None


def _hedged(text: str, edge: str) -> Parsed | None:
    """预计2021.9, 2021年底, 2021年3月中旬, 2021年: readable, but to be confirmed."""
    bare = forms.HEDGE.sub("", text)
    found = forms.YEAR_PART.fullmatch(bare)
    if found:
        first, last = forms.YEAR_PARTS[found[2]]
        return _period(
            int(found[1]), first, edge, "W_DATE_VAGUE", last_month=last, precision="year"
        )
    found = forms.MONTH_PART.fullmatch(bare)
    if found:
        return _period(int(found[1]), int(found[2]), edge, "W_DATE_VAGUE")
    found = forms.YEAR.fullmatch(bare) or re.fullmatch(r"(\d{4})", bare)
    if found:
        return _period(int(found[1]), 1, edge, "W_DATE_VAGUE", last_month=12, precision="year")
    plain = _plain(bare, edge) if bare != text else None
    return replace(plain, codes=("W_DATE_VAGUE",)) if plain else None


def _plain(text: str, edge: str) -> Parsed | None:
    for pattern in (forms.DAY, forms.COMPACT_DAY):
        found = pattern.fullmatch(text)
        if found:
            numbers = [int(group) for group in found.groups() if group and group.isdigit()]
            return _day(date(*numbers), "A_DATE_FORMAT")
    for pattern in (forms.MONTH, forms.COMPACT_MONTH):
        found = pattern.fullmatch(text)
        if found:
            year, month = (int(group) for group in found.groups() if group)
            return _period(year, month, edge, "A_DATE_FORMAT")
    return _short_year(text, edge)


def _short_year(text: str, edge: str) -> Parsed | None:
    found = forms.SHORT_YEAR.fullmatch(text)
    if found is None:
        return None
    numbers = [int(group) for group in found.groups() if group and group.isdigit()]
    year, month, *day = numbers
    if day:
        return _day(date(2000 + year, month, day[0]), "W_DATE_2DIGIT")
    return _period(2000 + year, month, edge, "W_DATE_2DIGIT")
