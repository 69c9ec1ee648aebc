"""Projects by state in a year: in the library, begun, under way, completed, carried over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Life:
    """What is known of one project. ``key`` is the same in every yearly ledger it stands in.

    ``years`` are the ledgers it stands in. ``started`` and ``completed`` are actual or planned days
    as the ledger keeps them, ``None`` while unknown; ``stopped`` is the day it was given up.
    ``admitted`` and ``left`` are the days it came into and went out of the library.
    """

    key: Hashable
    years: frozenset[int]
    started: dt.date | None = None
    completed: dt.date | None = None
    stopped: dt.date | None = None
    admitted: dt.date | None = None
    left: dt.date | None = None

    def kept_in(self, year: int) -> bool:
        """Whether it was in the library on some day of the year."""
        return (
            self.admitted is not None
            and self.admitted.year <= year
            and (self.left is None or self.left.year >= year)
        )


@dataclass(frozen=True, slots=True)
class StateCount:
    """One year. Lists of keys, so that every number opens its rows.

    ``library`` were in the library on some day of it (在库), ``listed`` stand in the ledger of the
    year (在账). ``carried`` were under way before it began
    (续建), ``begun`` started in it (新开工), ``completed`` ended in it, ``stopped`` were given up
    in it, ``under_way`` are still going at its end: carried + begun − completed − stopped.
    ``waiting`` are listed and not begun by its end, ``undated`` listed without a day of beginning
    or with an end before it.
    """

    year: int
    library: list[Hashable] = field(default_factory=list)
    listed: list[Hashable] = field(default_factory=list)
    carried: list[Hashable] = field(default_factory=list)
    begun: list[Hashable] = field(default_factory=list)
    completed: list[Hashable] = field(default_factory=list)
    stopped: list[Hashable] = field(default_factory=list)
    under_way: list[Hashable] = field(default_factory=list)
    waiting: list[Hashable] = field(default_factory=list)
    undated: list[Hashable] = field(default_factory=list)

    def implemented(self, basis: str) -> list[Hashable]:
        """实施: ``a`` whatever is built in the year, carried over or new; ``b`` only newly begun.

        Reading ``project_count_basis`` (L22). Raises ``ValueError`` for another basis.
        """
        if basis not in ("a", "b"):
            raise ValueError(f"not a reading of 实施: {basis}")
        return [*self.carried, *self.begun] if basis == "a" else list(self.begun)


def states(lives: Iterable[Life], year: int) -> StateCount:
    """States in a year; a project that several ledgers hold is one project.

    Raises ``ValueError`` where a key comes twice: the caller folds the ledgers first
    (:func:`fold`).
    """
    found, seen = StateCount(year), set()
    for life in lives:
        if life.key in seen:
            raise ValueError(f"{life.key} comes twice")
        seen.add(life.key)
        _place(life, year, found)
    return found


def _place(life: Life, year: int, found: StateCount) -> None:
    if life.kept_in(year):
        found.library.append(life.key)
    listed = year in life.years
    if listed:
        found.listed.append(life.key)
    ends = [day for day in (life.completed, life.stopped) if day is not None]
    over = min(ends) if ends else None
    if life.started is None or (over is not None and over < life.started):
        if listed:
            found.undated.append(life.key)
        return
    if life.started.year > year:
        if listed:
            found.waiting.append(life.key)
        return
    if over is not None and over.year < year:
        return
    (found.begun if life.started.year == year else found.carried).append(life.key)
    if over is None or over.year > year:
        found.under_way.append(life.key)
    elif over == life.completed:
        found.completed.append(life.key)
    else:
        found.stopped.append(life.key)


def fold(lives: Iterable[Life]) -> list[Life]:
    """One life for each key out of the rows of several ledgers.

    The row of the newest ledger counts; a day it leaves out is taken from the newest that knows it.
    """
    groups: dict[Hashable, list[Life]] = {}
    for life in lives:
        groups.setdefault(life.key, []).append(life)
    return [_folded(rows) for rows in groups.values()]


def _folded(rows: list[Life]) -> Life:
    newest = sorted(rows, key=lambda life: -max(life.years, default=0))
    return Life(
        newest[0].key,
        frozenset().union(*(life.years for life in rows)),
        next((life.started for life in newest if life.started), None),
        next((life.completed for life in newest if life.completed), None),
        next((life.stopped for life in newest if life.stopped), None),
        next((life.admitted for life in newest if life.admitted), None),
        next((life.left for life in newest if life.left), None),
    )
