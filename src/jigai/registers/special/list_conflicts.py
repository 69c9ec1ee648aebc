"""Finds where lists of key enterprises contradict one another on a day, each with both sources.

Pure. Nothing is decided here which list is right: that is for the departments that keep them.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

MISSING, DROPPED, SIZE, LEADER_SMALL = "missing", "dropped", "size", "leader-small"
WORDS = {
    MISSING: "同类名单不一致", DROPPED: "一处在册、一处已移出", SIZE: "规模记载不一致",
    LEADER_SMALL: "牵头企业被记为小微",
}  # fmt: skip
_SMALL = frozenset({"small", "micro"})


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of one list as of the day. ``kind`` is the register, ``source`` who published it
    (document in ``document``), ``place`` the region the list is for; ``starts`` and ``ends``
    (exclusive) its last span up to that day."""

    entry: int
    enterprise: int
    name: str
    kind: str
    kind_word: str
    source: str
    document: str
    place: str
    starts: dt.date
    ends: dt.date | None
    leads: bool = False
    size: str = ""
    size_word: str = ""
    expired: bool = False

    def holds(self, day: dt.date) -> bool:
        """Whether it is in the list on the day."""
        return self.starts <= day and (self.ends is None or day < self.ends)


@dataclass(frozen=True, slots=True)
class Conflict:
    """One contradiction; ``right`` is empty where the other list does not have the enterprise, then
    ``right_words`` name that list."""

    code: str
    enterprise: int
    name: str
    left: Listed
    right: Listed | None
    right_words: str
    say: str

    @property
    def word(self) -> str:
        """The code in words."""
        return WORDS[self.code]


def find_conflicts(rows: Sequence[Listed], day: dt.date) -> list[Conflict]:
    """Every contradiction of a day, by enterprise."""
    held = [row for row in rows if row.holds(day)]
    found = [*_departments(rows, held, day), *_sizes(held), *_leaders(held)]
    return sorted(found, key=lambda c: (c.name, c.enterprise, c.code, c.left.entry))


def _departments(
    rows: Sequence[Listed], held: Sequence[Listed], day: dt.date
) -> Iterator[Conflict]:
    """Two departments with a list of one kind for one place that do not name the same enterprises.

    A department without a list that day contradicts nobody.
    """
    lists: dict[tuple[str, str], dict[str, dict[int, Listed]]] = defaultdict(dict)
    for row in held:
        lists[row.kind, row.place].setdefault(row.source, {})[row.enterprise] = row
    gone = {
        (row.kind, row.place, row.source, row.enterprise): row
        for row in rows
        if not row.holds(day) and row.ends is not None and row.ends <= day
    }
    for (kind, place), by_source in lists.items():
        for source, named in by_source.items():
            yield from _against(kind, place, source, named, by_source, gone)
        yield from _dropped_elsewhere(kind, place, by_source, gone)


def _against(
    kind: str, place: str, source: str, named: dict[int, Listed],
    by_source: dict[str, dict[int, Listed]],
    gone: dict[tuple[str, str, str, int], Listed],
) -> Iterator[Conflict]:  # fmt: skip
    for other, theirs in by_source.items():
        if other == source:
            continue
        document = next(iter(theirs.values())).document
        for enterprise, row in named.items():
            if enterprise in theirs:
                continue
            before = gone.get((kind, place, other, enterprise))
            if before is not None:
                yield _dropped(row, before)
                continue
            words = f"{other}的{row.kind_word}名单{f'（{document}）' if document else ''}"
            say = f"{row.source}的{row.kind_word}名单有这家企业，{other}同日的名单没有"
            yield Conflict(MISSING, enterprise, row.name, row, None, words, say)


def _dropped_elsewhere(
    kind: str, place: str, by_source: dict[str, dict[int, Listed]],
    gone: dict[tuple[str, str, str, int], Listed],
) -> Iterator[Conflict]:  # fmt: skip
    """Dropped by a department that has nobody left in its list."""
    for (its_kind, its_place, source, enterprise), before in gone.items():
        if (its_kind, its_place) != (kind, place) or source in by_source:
            continue
        for named in by_source.values():
            if enterprise in named:
                yield _dropped(named[enterprise], before)


def _dropped(row: Listed, before: Listed) -> Conflict:
    how = "到期" if before.expired else "移出"
    say = f"{row.source}的{row.kind_word}名单仍有这家企业，{before.source}已于 {before.ends} {how}"
    return Conflict(DROPPED, row.enterprise, row.name, row, before, "", say)


def _sizes(held: Iterable[Listed]) -> Iterator[Conflict]:
    """Lists that write different sizes for one enterprise: one conflict for each other size."""
    first: dict[int, Listed] = {}
    told: set[tuple[int, str]] = set()
    for row in held:
        if not row.size:
            continue
        before = first.setdefault(row.enterprise, row)
        if before.size == row.size or (row.enterprise, row.size) in told:
            continue
        told.add((row.enterprise, row.size))
        say = f"一处记为{before.size_word}，一处记为{row.size_word}"
        yield Conflict(SIZE, row.enterprise, row.name, before, row, "", say)


def _leaders(held: Sequence[Listed]) -> Iterator[Conflict]:
    """A chain or cluster leader that some list writes down as small or micro."""
    small = {row.enterprise: row for row in held if row.size in _SMALL}
    for row in held:
        other = small.get(row.enterprise)
        if row.leads and other is not None:
            say = (
                f"列为{row.kind_word}，却被记为{other.size_word}，能否牵头、算不算中小成员要先弄清"
            )
            yield Conflict(LEADER_SMALL, row.enterprise, row.name, row, other, "", say)
