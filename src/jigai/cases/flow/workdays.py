"""Working days by number: how many up to a day, and which day is the n-th, without walking."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date
from itertools import accumulate

from jigai.core.calendar import WorkCalendar

_WEEK, _WORKED = 7, 5


class WorkdayIndex:
    """The working days of a calendar, numbered from the year 1; days are ordinals.

    Weekdays are counted in closed form and the named dates correct the count, so that building
    takes the named dates only (40 a year) and each answer one bisection, in any year.
    """

    __slots__ = ("_corrections", "_days", "_numbers")

    def __init__(self, calendar: WorkCalendar) -> None:
        named = sorted((day.toordinal(), day) for day in calendar.special)
        self._days = [ordinal for ordinal, _ in named]
        shifts = (calendar.is_workday(day) - _is_weekday(ordinal) for ordinal, day in named)
        # _corrections[i] is what the first i named dates add to the count of weekdays.
        self._corrections = list(accumulate(shifts, initial=0))
        self._numbers = [self.number(ordinal) for ordinal in self._days]

    def number(self, ordinal: int) -> int:
        """How many working days there are up to and including a day."""
        return _weekdays(ordinal) + self._corrections[bisect_right(self._days, ordinal)]

    def day(self, number: int) -> int:
        """The working day with this number: the inverse of :meth:`number` on working days."""
        at = bisect_left(self._numbers, number)
        weeks, rest = divmod(number - self._corrections[at] - 1, _WORKED)
        plain = weeks * _WEEK + rest + 1
        # A named date that is worked may come before the weekday that would have the number.
        return min(plain, self._days[at]) if at < len(self._days) else plain


def _is_weekday(ordinal: int) -> bool:
    return date.fromordinal(ordinal).weekday() < _WORKED


def _weekdays(ordinal: int) -> int:
    """Mondays to Fridays up to a day; ordinal 1 is a Monday."""
    weeks, rest = divmod(ordinal, _WEEK)
    return weeks * _WORKED + min(rest, _WORKED)


_KEPT = 4
_recent: tuple[tuple[WorkCalendar, WorkdayIndex], ...] = ()


def index_of(calendar: WorkCalendar) -> WorkdayIndex:
    """The index of a calendar, built once for the few calendars used last.

    A platform reads its calendar anew for each calculation, so indexes are kept by the object
    itself; a calendar never changes once made.
    """
    global _recent
    for kept, index in _recent:
        if kept is calendar:
            return index
    index = WorkdayIndex(calendar)
    # One assignment of a new tuple: threads see the old or the new one, never half of it.
    _recent = ((calendar, index), *_recent[: _KEPT - 1])
    return index
