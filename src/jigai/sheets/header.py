"""Finding the heading rows of a table, however many there are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from jigai.sheets.columns import Column, Heading, known_labels, map_columns
from jigai.sheets.grid import Grid
from jigai.sheets.spec import TableSpec
from jigai.sheets.text import Scalar, cell_text, half_width, is_blank, squeeze
from jigai.sheets.values.names import label
from jigai.sheets.values.units import is_unit_note, note_units

_SEARCH_ROWS = 60
_MOST_ROWS = 6
_STEMS = frozenset("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥")


@dataclass(frozen=True, slots=True)
class Header:
    """The heading rows of a table and the columns found under them."""

    first: int
    last: int
    headings: tuple[Heading, ...]
    columns: dict[str, Column]


def texts(values: list[Scalar]) -> list[str]:
    """The non-blank cells of a row as text without white space."""
    return [squeeze(cell_text(value)) for value in values if not is_blank(value)]


def is_column_index(values: list[Scalar]) -> bool:
    """Whether a row only numbers the columns: 甲 乙 丙, 1 2 3, (1) (2), A B C, 1=2+3."""
    found = [half_width(text).strip("()[]（）栏") for text in texts(values)]
    distinct = len(set(found)) == len(found) >= 3
    return distinct and all(_is_index(text) for text in found)


def _is_index(text: str) -> bool:
    head = text.split("=")[0].strip("()").removesuffix(".0")
    return (
        text in _STEMS
        or (len(text) == 1 and text.isalpha() and text.isascii())
        or (head.isdigit() and len(head) <= 3)
    )


def find_header(grid: Grid, spec: TableSpec) -> Header | None:
    """The best heading block of a sheet, None when the sheet is not such a table."""
    known = known_labels(spec)
    best: Header | None = None
    for row in sorted(number for number in grid.rows if number <= _SEARCH_ROWS):
        if _hits(grid.rows[row], known) < 2:
            continue
        header = _block(grid, spec, known, row)
        if set(spec.required) <= set(header.columns) and (
            best is None or len(header.columns) > len(best.columns)
        ):
            best = header
    return best


def _hits(values: list[Scalar], known: frozenset[str]) -> int:
    """How many cells of a row read like a heading of this table."""
    cells = (Heading.of(0, [text]).path for text in texts(values) if len(text) <= 40)
    return sum(bool(path) and path[-1] in known for path in cells)


def _block(grid: Grid, spec: TableSpec, known: frozenset[str], row: int) -> Header:
    first = last = row
    while last - first < _MOST_ROWS and _continues(grid, known, last + 1):
        last += 1
    while last - first < _MOST_ROWS and _is_parent_row(grid, first - 1):
        first -= 1
    headings = _headings(grid, first, last)
    units = [unit for above in range(1, first) for unit in _row_units(grid, above)]
    return Header(first, last, headings, map_columns(spec, headings, units))


def _row_units(grid: Grid, row: int) -> list[str]:
    # Spaces separate the unit note from what follows it, so the raw text is needed here.
    cells = grid.rows.get(row, [])
    return [unit for value in cells if isinstance(value, str) for unit in note_units(value)]


def _continues(grid: Grid, known: frozenset[str], row: int) -> bool:
    values = grid.rows.get(row, [])
    if not _only_words(values) or is_column_index(values):
        return False
    return _hits(values, known) >= 1 and (_hits(values, known) >= 2 or len(texts(values)) <= 2)


def _is_parent_row(grid: Grid, row: int) -> bool:
    """A row of group headings above: several short words, no unit note."""
    values = grid.rows.get(row, [])
    found = texts(values)
    notes = any(isinstance(value, str) and is_unit_note(value) for value in values)
    return (
        len(found) >= 2
        and not notes
        and _only_words(values)
        and all(len(text) <= 20 and ":" not in half_width(text) for text in found)
    )


def _only_words(values: list[Scalar]) -> bool:
    return bool(texts(values)) and all(isinstance(value, str) or value is None for value in values)


def _headings(grid: Grid, first: int, last: int) -> tuple[Heading, ...]:
    """Heading paths by column; merged cells count for every column and row they cover."""
    width = max((len(grid.rows.get(row, [])) for row in range(first, last + 1)), default=0)
    table = {
        row: [cell_text(grid.cell(row, column)) for column in range(1, width + 1)]
        for row in range(first, last + 1)
    }
    spans = [span for span in grid.merged if first <= span[0] <= last]
    for top, left, bottom, right in spans:
        for row in range(top, min(bottom, last) + 1):
            for column in range(left, min(right, width) + 1):
                table[row][column - 1] = cell_text(grid.cell(top, left))
    if not spans:
        _spread(table, first, last)
    columns = range(width)
    return tuple(
        Heading.of(column + 1, [table[row][column] for row in range(first, last + 1)])
        for column in columns
    )


def _spread(table: dict[int, list[str]], first: int, last: int) -> None:
    """Without merged cells (CSV) a group heading holds until the next one."""
    for row in range(first, last):
        group = ""
        for column, text in enumerate(table[row]):
            group = text or group
            if not text and table[last][column]:
                table[row][column] = group


def repeats_header(values: list[Scalar], header: Header) -> bool:
    """Whether a row in the body is the heading again: most of its cells, and at least two."""
    total = sum(not is_blank(value) for value in values)
    same = other = 0
    for heading in header.headings:
        value = values[heading.number - 1] if heading.number <= len(values) else None
        if isinstance(value, str) and not is_blank(value):
            if _last_label(value) in heading.path:
                same += 1
            else:
                other += 1
        # Cells that differ can no longer become the smaller part.
        if other * 2 >= total:
            return False
    return same >= 2 and same * 2 > total


@lru_cache(maxsize=20_000)
def _last_label(text: str) -> str:
    """The innermost label a cell would be as a heading."""
    path = Heading.of(0, [text]).path
    return label(path[-1]) if path else ""
