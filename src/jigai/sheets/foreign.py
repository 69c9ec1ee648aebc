"""Tables that look like one of ours and are not: recognised by the columns only they have."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jigai.sheets.columns import Heading
from jigai.sheets.grid import Grid
from jigai.sheets.header import texts
from jigai.sheets.spec import load_spec
from jigai.sheets.values.names import label
from jigai.yaml_files import read_yaml

_SEARCH_ROWS = 60
# Headings stand in at most this many rows below one another.
_DEPTH = 3
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Foreign:
    """A table that another kind's importer must not take; see ``foreign.yaml``.

    ``marks`` are groups of spellings, one of each group must be there; none of ``own`` may be.
    ``kind`` is the kind of table it is imported as, empty where there is no importer; ``like`` are
    kinds that may rightly have the same columns, where a person says so.
    """

    name: str
    marks: tuple[frozenset[str], ...]
    own: frozenset[str]
    kind: str = ""
    like: frozenset[str] = frozenset()

    def fits(self, labels: frozenset[str]) -> bool:
        """Whether headings with these labels are of such a table."""
        marked = all(not group.isdisjoint(labels) for group in self.marks)
        return marked and self.own.isdisjoint(labels)


@dataclass(frozen=True, slots=True)
class Resemblance:
    """What a sheet was found to be, with the headings that tell."""

    name: str
    headings: tuple[str, ...]
    kind: str = ""
    like: frozenset[str] = frozenset()


@cache
def foreign_tables() -> tuple[Foreign, ...]:
    """Every table listed in ``foreign.yaml``."""
    entries = read_yaml(Path(__file__).with_name("foreign.yaml"))
    return tuple(
        Foreign(
            entry["name"],
            tuple(frozenset(label(str(text)) for text in group) for group in entry["marks"]),
            frozenset(
                text
                for kind, names in entry["unless"].items()
                for name in names
                for text in load_spec(kind).fields[name].synonyms
            ),
            entry.get("kind", ""),
            frozenset(entry.get("like", ())),
        )
        for entry in entries
    )


def find_foreign(grid: Grid) -> Resemblance | None:
    """What else a sheet is, ``None`` when it has the marks of no such table."""
    rows = {number: _labels(grid, number) for number in grid.rows if number <= _SEARCH_ROWS}
    for number in sorted(rows):
        below = range(number, number + _DEPTH)
        found = frozenset().union(*(rows.get(row, frozenset()) for row in below))
        for table in foreign_tables():
            if table.fits(found):
                told = dict.fromkeys(min(group & found) for group in table.marks)
                return Resemblance(table.name, tuple(told), table.kind, table.like)
    return None


def _labels(grid: Grid, number: int) -> frozenset[str]:
    """The comparable headings of a row."""
    short = (text for text in texts(grid.rows[number]) if len(text) <= _LONGEST)
    paths = (Heading.of(0, [text]).path for text in short)
    return frozenset(path[-1] for path in paths if path)
