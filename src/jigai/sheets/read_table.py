"""From a workbook to a typed table: find it, name its rows, read its cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from jigai.sheets.cells import CellReader
from jigai.sheets.chosen import DETECTED, Chosen, carried, choose_columns
from jigai.sheets.errors import refuse
from jigai.sheets.grid import Grid, Workbook
from jigai.sheets.header import Header, find_header, texts
from jigai.sheets.issues import make_issue
from jigai.sheets.limits import DEFAULT, Limits
from jigai.sheets.reader import read_workbook
from jigai.sheets.roles import DATA, GROUP_HEADING, SUBTOTAL, TOTAL, row_roles
from jigai.sheets.serials import check_serials
from jigai.sheets.spec import TableSpec, load_spec
from jigai.sheets.table import Row, Table, TotalRow
from jigai.sheets.text import Scalar, cell_text, is_blank, squeeze
from jigai.sheets.values.result import Parsed


def read_table(path: Path, kind: str, limits: Limits = DEFAULT) -> Table:
    """Read the table of one kind (``enterprises``, ``projects`` …) out of a file.

    Raises ``SheetError`` when the file cannot be read or holds no such table.
    """
    return table_of(read_workbook(path, limits), load_spec(kind))


def table_of(book: Workbook, spec: TableSpec, chosen: Chosen = DETECTED) -> Table:
    """Find the table in a workbook and type it; visible sheets go before hidden ones.

    ``chosen`` is what a person decided otherwise. Raises ``SheetError`` if there is no such table.
    """
    candidates = find_tables(book, spec)
    if chosen.sheet:
        candidates = [pair for pair in candidates if pair[0].name == chosen.sheet]
    if not candidates:
        raise refuse("no_table", name=book.file, table=spec.name, columns=spec.names(spec.required))
    taken = _taken(book, candidates) if spec.several else candidates[:1]
    first = taken[0][1]
    parts = [
        _typed(book, grid, choose_columns(header, spec, carried(chosen, first, header)), spec)
        for grid, header in taken
    ]
    table = parts[0]
    table.more = parts[1:]
    used = {grid.name for grid, _ in taken}
    for other, _ in candidates:
        if other.name not in used and other.visible:
            table.issues.append(make_issue("W_EXTRA_SHEET", file=book.file, sheet=other.name))
    for code, sheet in book.notices:
        table.issues.append(make_issue(code, file=book.file, sheet=sheet))
    return table


def _taken(book: Workbook, candidates: list[tuple[Grid, Header]]) -> list[tuple[Grid, Header]]:
    """The sheets that belong together, in the order of the workbook; hidden ones only alone."""
    visible = [pair for pair in candidates if pair[0].visible] or candidates[:1]
    places = {grid.name: place for place, grid in enumerate(book.sheets)}
    return sorted(visible, key=lambda pair: places[pair[0].name])


def find_tables(book: Workbook, spec: TableSpec) -> list[tuple[Grid, Header]]:
    """Every sheet that holds such a table with its heading, the likeliest first."""
    found = [(grid, find_header(grid, spec)) for grid in book.sheets]
    candidates = [(grid, header) for grid, header in found if header is not None]
    return sorted(candidates, key=lambda p: (p[0].visible, len(p[1].columns)), reverse=True)


def sheet_roles(book: Workbook, spec: TableSpec) -> dict[str, dict[int, str]]:
    """The role of every row of every sheet, for the preview of an import."""
    return {grid.name: row_roles(grid, find_header(grid, spec)) for grid in book.sheets}


def _typed(book: Workbook, grid: Grid, header: Header, spec: TableSpec) -> Table:
    table = Table(
        book.file, grid.name, spec, header.columns, roles=row_roles(grid, header),
        above=_above(grid, header),
    )  # fmt: skip
    _settle_units(table)
    readers = {
        name: CellReader(column, table.unit(name), grid, book.date1904)
        for name, column in table.columns.items()
    }
    block, group = 0, ""
    for number, role in sorted(table.roles.items()):
        if role == GROUP_HEADING:
            block, group = block + 1, " ".join(texts(grid.rows[number])[:1])
        elif role == DATA:
            table.rows.append(_row(table, grid, number, block, group, readers))
        elif role in {SUBTOTAL, TOTAL}:
            table.totals.append(TotalRow(number, role, _raw(table, grid, number), block))
            block += role == SUBTOTAL
    _fill_down(table, grid)
    for row in table.rows:
        _report_cells(table, row)
    check_serials(table)
    return table


def _above(grid: Grid, header: Header) -> dict[tuple[int, int], str]:
    """What is written over the heading, from the top."""
    return {
        (row, column): squeeze(cell_text(value))
        for row in sorted(number for number in grid.rows if number < header.first)
        for column, value in enumerate(grid.rows[row], 1)
        if not is_blank(value)
    }


def _settle_units(table: Table) -> None:
    assumed = []
    for name, column in table.columns.items():
        if column.field.type in {"money", "area"}:
            table.units[name] = column.unit or column.field.unit
            if column.field.type == "money" and not column.unit:
                assumed.append(f"{column.letter}列按{column.field.unit}")
    if assumed:
        table.note("W_UNIT_ASSUMED", "、".join(assumed))


def _raw(table: Table, grid: Grid, number: int) -> dict[str, Scalar]:
    return {name: grid.cell(number, column.number) for name, column in table.columns.items()}


def _row(
    table: Table, grid: Grid, number: int, block: int, group: str, readers: Mapping[str, CellReader]
) -> Row:
    row = Row(number, _raw(table, grid, number), block=block, group=group)
    for name, reader in readers.items():
        row.cells[name] = reader.read(row.raw[name], number)
    _split_ranges(table, row)
    return row


def _split_ranges(table: Table, row: Row) -> None:
    """The end of a range written in the start cell goes to the end field if that is blank."""
    for name, column in table.columns.items():
        parsed, target = row.cells[name], column.field.until
        if not target or parsed.until is None:
            continue
        if is_blank(row.raw.get(target)):
            row.cells[target] = replace(parsed.until, codes=())


def _fill_down(table: Table, grid: Grid) -> None:
    """Values written once for several rows, merged or not, hold until the block ends."""
    names = [name for name, column in table.columns.items() if column.field.fill_down]
    above: dict[str, Parsed] = {}
    block = -1
    for row in table.rows:
        if row.block != block:
            above, block = {}, row.block
        for name in names:
            if is_blank(row.raw[name]) and name in above:
                row.cells[name] = replace(above[name], codes=())
            above[name] = row.cells[name]


def _report_cells(table: Table, row: Row) -> None:
    for name, parsed in row.cells.items():
        if parsed.codes and name in table.columns:
            for code in parsed.codes:
                table.report(row, name, code, parsed.clean)
