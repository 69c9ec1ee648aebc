"""The time a project code tells: the only filing date most ledgers have."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

_CODE = re.compile(r"(\d{4})-\d{6}-\d{2}-\d{2}-\d{6}")
# Codes began with the approval platform; the shorter time code came in November 2020
# (发改投资〔2020〕1439号), so 2011 and 2012 are months, 2015 to 2020 years.
_FIRST_YEAR, _LAST_YEAR = 2015, 2020


@dataclass(frozen=True, slots=True)
class Period:
    """Days between which something happened, both included; equal when the day is known."""

    first: dt.date
    last: dt.date

    @property
    def exact(self) -> bool:
        """Whether it is one day."""
        return self.first == self.last


def code_period(code: str | None) -> Period | None:
    """The month or year in which a project code was given; ``None`` where it tells none."""
    found = _CODE.fullmatch((code or "").strip())
    if found is None:
        return None
    digits = found.group(1)
    year, month = 2000 + int(digits[:2]), int(digits[2:])
    if 1 <= month <= 12 and year >= _LAST_YEAR:
        return Period(
            dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])
        )
    if _FIRST_YEAR <= int(digits) <= _LAST_YEAR:
        return Period(dt.date(int(digits), 1, 1), dt.date(int(digits), 12, 31))
    return None
