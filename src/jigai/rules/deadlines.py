"""Last days as documents write them: ``2017-12-31``, ``2015年底前``, ``2017年6月底前``."""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

from jigai.rules.errors import FormulaError

_WRITTEN = re.compile(r"(?:(?P<year>\d{4})年)?(?:(?P<month>\d{1,2})月)?(?:年)?底前?")
_END = (12, 31)
WITHOUT_LAST_DAY = "b"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A last day; ``year_end`` where the document says 年底前, which a reading may shorten."""

    day: dt.date
    year_end: bool = False

    def last_day(self, reading: str = "a") -> dt.date:
        """The last day something may be done on (U9): 31 December with that day, or the day
        before under reading ``b``. A date written out is always included."""
        if self.year_end and reading == WITHOUT_LAST_DAY:
            return self.day - dt.timedelta(days=1)
        return self.day


def parse_deadline(text: str, year: int | None = None) -> Deadline:
    """Read a last day; ``年底前`` alone is of ``year``.

    Raises :class:`FormulaError` (``bad-deadline``).
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    try:
        return Deadline(dt.date.fromisoformat(plain))
    except ValueError:
        found = _WRITTEN.fullmatch(plain)
    if found and (found["year"] or year) and _sensible(found["month"]):
        own = int(found["year"] or year or 0)
        if not found["month"]:
            return Deadline(dt.date(own, *_END), True)
        month = int(found["month"])
        return Deadline(dt.date(own, month, calendar.monthrange(own, month)[1]), month == 12)
    raise FormulaError("bad-deadline", f"期限“{text}”读不懂", "写成 2017-12-31 或 2017年底前")


def _sensible(month: str | None) -> bool:
    return month is None or 1 <= int(month) <= 12
