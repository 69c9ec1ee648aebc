"""Figures as people read them. Whole-number arithmetic only: a float never meets money here."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from jigai.rules.bounds import NO_LIMIT, UNBOUNDED

ABSENT = "—"
UNDETERMINED = "未定"

FEN_PER_YUAN = 100
FEN_PER_WAN = 1_000_000


def half_away(value: int, divisor: int) -> int:
    """``value / divisor`` to the nearest whole number, halves away from zero."""
    rounded = (abs(value) * 2 + divisor) // (divisor * 2)
    return -rounded if value < 0 else rounded


def grouped(value: int, places: int) -> str:
    """A whole number of the last place as text: ``grouped(123456, 2)`` is ``1,234.56``.

    Zero has no sign, also when it was rounded from a negative amount.
    """
    unit = 10**places
    whole, rest = divmod(abs(value), unit)
    sign = "-" if value < 0 else ""
    return f"{sign}{whole:,}.{rest:0{places}d}" if places else f"{sign}{whole:,}"


def yuan(fen: int) -> str:
    """Fen as 元 to the fen; 不封顶 for the figure that stands for an amount without a limit."""
    return NO_LIMIT if abs(fen) >= UNBOUNDED else grouped(fen, 2)


def wan(fen: int) -> str:
    """Fen as 万元 with two decimals."""
    return grouped(half_away(fen, FEN_PER_WAN // 100), 2)


def mu(area: int) -> str:
    """Units of 0.01 m² as 亩: two decimals, up to four where they say something."""
    # 1 m² = 0.0015 亩, so one unit is 0.000015 亩, that is 0.15 of the fourth decimal.
    text = grouped(half_away(area * 15, 100), 4)
    return text[:-2] + text[-2:].rstrip("0")


def square_metres(area: int) -> str:
    """Units of 0.01 m² as m²."""
    return grouped(area, 2)


def absent(undetermined: Any) -> str:
    """The word for a value that is not there: 未定 where a document gives none, else a dash."""
    return UNDETERMINED if undetermined else ABSENT


def as_local(value: dt.datetime) -> dt.datetime:
    """The moment in the time zone of the page."""
    return timezone.localtime(value) if timezone.is_aware(value) else value


def day(value: dt.date | dt.datetime | None) -> str:
    """``2024-03-05``; a dash where there is none."""
    if value is None:
        return ABSENT
    if isinstance(value, dt.datetime):
        value = as_local(value).date()
    return value.isoformat()


def moment(value: dt.datetime | None) -> str:
    """``2024-03-05 14:30``; a dash where there is none."""
    return ABSENT if value is None else as_local(value).strftime("%Y-%m-%d %H:%M")


def month(value: Any) -> str:
    """A ``(year, month)`` pair or a date as ``2024年3月``; a dash where there is none."""
    if value is None:
        return ABSENT
    year, number = (value.year, value.month) if isinstance(value, dt.date) else value
    return f"{year}年{number}月"


def file_size(count: int | None) -> str:
    """Bytes as B, KB or MB, with one decimal from KB on."""
    if count is None:
        return ABSENT
    if count < 1024:
        return f"{count} B"
    unit, shift = ("KB", 1024) if count < 1024 * 1024 else ("MB", 1024 * 1024)
    return f"{grouped(half_away(count * 10, shift), 1)} {unit}"
