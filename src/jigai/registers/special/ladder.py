"""Entering, rising, falling and leaving on ladders, from the spans of entries. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

ENTERED, MOVED, LEFT, BACK = "entered", "moved", "left", "back"
WORDS = {ENTERED: "进入", MOVED: "换级", LEFT: "退出", BACK: "重新进入"}


@dataclass(frozen=True, slots=True)
class Held:
    """In the list from ``starts`` until before ``ends``, at a ``rung`` (its word)."""

    entry: int
    name: str
    ladder: str
    rung: str
    starts: dt.date
    ends: dt.date | None


@dataclass(frozen=True, slots=True)
class Move:
    """What happened to one enterprise on a day; ``before`` and ``after`` are rungs."""

    kind: str
    day: dt.date
    entry: int
    name: str
    ladder: str
    before: str = ""
    after: str = ""

    @property
    def word(self) -> str:
        """The kind in words."""
        return WORDS[self.kind]


def moves(held: Iterable[Held]) -> list[Move]:
    """Every move of every entry, the latest first."""
    rows = sorted(held, key=lambda one: (one.entry, one.starts))
    found = [
        move for _, spans in groupby(rows, key=lambda one: one.entry)
        for move in _of_one(list(spans))
    ]  # fmt: skip
    return sorted(found, key=lambda move: (-move.day.toordinal(), move.name, move.entry))


def _of_one(spans: Sequence[Held]) -> Iterator[Move]:
    previous: Held | None = None
    for span in spans:
        joined = previous is not None and previous.ends == span.starts
        if previous is None:
            yield _move(ENTERED, span.starts, span, after=span.rung)
        elif not joined:
            yield _move(LEFT, _end(previous), previous, before=previous.rung)
            yield _move(BACK, span.starts, span, after=span.rung)
        elif previous.rung != span.rung:
            yield _move(MOVED, span.starts, span, before=previous.rung, after=span.rung)
        previous = span
    if previous is not None and previous.ends is not None:
        yield _move(LEFT, previous.ends, previous, before=previous.rung)


def _end(span: Held) -> dt.date:
    assert span.ends is not None
    return span.ends


def _move(kind: str, day: dt.date, span: Held, before: str = "", after: str = "") -> Move:
    return Move(kind, day, span.entry, span.name, span.ladder, before, after)


def standing(held: Iterable[Held], day: dt.date) -> list[Held]:
    """Who is on a ladder on a day, with the rung of that day."""
    rows = [one for one in held if one.starts <= day and (one.ends is None or day < one.ends)]
    return sorted(rows, key=lambda one: (one.ladder, one.rung, one.name, one.entry))
