"""From dated events to spans: when an entry was in the list, and with which values.

An event counts from its effective date, whenever it was recorded; on one day they count in the
order of recording. A span is ``[starts, ends)``; a last valid day (``until``) is inclusive, so a
span that runs out ends on the day after it, with or without a recorded 到期.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jigai.registers.shapes import Schema

APPLY, ADMIT, REVIEW, EXPIRE, REMOVE, REVOKE, READMIT, CHANGE = (
    "apply", "admit", "review", "expire", "remove", "revoke", "readmit", "change",
)  # fmt: skip
KINDS = {
    APPLY: "申请", ADMIT: "入册", REVIEW: "复核", EXPIRE: "到期", REMOVE: "移出", REVOKE: "撤销",
    READMIT: "重新入册", CHANGE: "变更",
}  # fmt: skip
CODES = {word: code for code, word in KINDS.items()}
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Happening:
    """One event: ``until`` is the last valid day it gives (``None``: no end), ``values`` the whole
    values from then on (``None``: as before)."""

    kind: str
    effective: dt.date
    until: dt.date | None = None
    values: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """In the list from ``starts`` until before ``ends`` (``None``: open), with these values."""

    starts: dt.date
    ends: dt.date | None
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Life:
    """All spans in order, and how the last one ended: listed (by date or not at all), removed or
    revoked; empty before anything was admitted."""

    spans: tuple[Span, ...]
    outcome: str


def derive(events: Iterable[Happening], until_field: str = "") -> Life:
    """The life that events (in order of recording) give.

    With ``until_field`` a changed value of that date field moves the end as well.
    """
    return _Walk(until_field).run(sorted(events, key=lambda event: event.effective))


class _Walk:
    """Goes through events by date with one open span at most."""

    def __init__(self, until_field: str) -> None:
        self.until_field = until_field
        self.spans: list[Span] = []
        self.start: dt.date | None = None
        self.until: dt.date | None = None
        self.values: Mapping[str, Any] = {}
        self.outcome = ""

    def run(self, events: Iterable[Happening]) -> Life:
        today = dt.date.min
        for event in events:
            # What happens on one day counts as a whole: it runs out only as the day begins.
            if event.effective > today:
                self._run_out(event.effective)
                today = event.effective
            self._take(event)
        if self.start is not None:
            self._close(None if self.until is None else self.until + _DAY)
        return Life(tuple(self.spans), self.outcome)

    def _run_out(self, day: dt.date) -> None:
        if self.start is not None and self.until is not None and self.until < day:
            self._close(self.until + _DAY)

    def _take(self, event: Happening) -> None:
        if event.kind in (ADMIT, READMIT):
            self._close(event.effective)
            self.values = self.values if event.values is None else event.values
            self.start, self.until, self.outcome = event.effective, event.until, "listed"
        elif event.kind in (REMOVE, REVOKE) and self.start is not None:
            self._close(event.effective)
            self.outcome = "removed" if event.kind == REMOVE else "revoked"
        elif event.kind in (REVIEW, CHANGE):
            self._alter(event)

    def _alter(self, event: Happening) -> None:
        """A review gives a new end; changed values begin a span of their own."""
        if event.values is not None and event.values != self.values:
            if self.start is not None:
                self._close(event.effective)
                self.start = event.effective
            self.values = event.values
        if self.start is None:
            return
        if event.kind == REVIEW:
            self._until(event.until, event.effective)
        elif self.until_field and event.values is not None:
            text = self.values.get(self.until_field)
            self._until(dt.date.fromisoformat(text) if text else None, event.effective)

    def _until(self, until: dt.date | None, effective: dt.date) -> None:
        # A new end counts from its own day: the days already lived through stay as they were.
        self.until = None if until is None else max(until, effective - _DAY)

    def _close(self, ends: dt.date | None) -> None:
        if self.start is not None and (ends is None or ends > self.start):
            self.spans.append(Span(self.start, ends, self.values))
        self.start = None


def until_of(schema: Schema, values: Mapping[str, Any], effective: dt.date) -> dt.date | None:
    """The last valid day of an admission or review on ``effective``; ``None`` without an end."""
    rule = schema.validity
    if rule.kind == "field":
        text = values.get(rule.field)
        return dt.date.fromisoformat(text) if text else None
    if rule.kind in ("months", "years"):
        months = rule.count * (12 if rule.kind == "years" else 1)
        return add_months(effective, months) - _DAY
    return None


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or that month's last day where there is none."""
    place = day.year * 12 + day.month - 1 + months
    year, month = divmod(place, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
