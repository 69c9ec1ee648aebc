"""Reading an uploaded workbook, safely."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jigai.sheets.child import run_child
from jigai.sheets.csv_reader import read_csv
from jigai.sheets.grid import Grid, Workbook, from_wire
from jigai.sheets.limits import DEFAULT, Limits
from jigai.sheets.sniff import CSV, sniff


def read_workbook(path: Path, limits: Limits = DEFAULT) -> Workbook:
    """Read an .xlsx, .xls or .csv file.

    Raises ``SheetError`` for anything that is damaged, hostile or too large; never half a result.
    """
    kind = sniff(path, limits)
    if kind == CSV:
        return read_csv(path, limits)
    job = {"task": "read", "path": str(path), "kind": kind}
    return collect(path.name, kind, run_child(job, limits))


def collect(name: str, kind: str, messages: Iterable[dict[str, Any]]) -> Workbook:
    """Put the messages of ``reader_process.read_lines`` together."""
    book = Workbook(name, kind)
    for message in messages:
        _take(book, message)
    for grid in book.sheets:
        _note_hidden(book, grid)
    return book


def _take(book: Workbook, message: dict[str, Any]) -> None:
    if "row" in message:
        book.sheets[-1].add_row(message["row"], [from_wire(value) for value in message["values"]])
    elif "sheet" in message:
        book.sheets.append(_grid(message))
    else:
        book.date1904 = message["date1904"]
        book.notices = [(code, sheet) for code, sheet in message["notices"]]


def _grid(message: dict[str, Any]) -> Grid:
    grid = Grid(message["sheet"], message["visible"])
    grid.merged = [(r1, c1, r2, c2) for r1, c1, r2, c2 in message["merged"]]
    grid.hidden_rows = message.get("hidden_rows", 0)
    grid.hidden_columns = message.get("hidden_columns", 0)
    grid.shown_decimals = {
        (row, column): count for row, column, count in message.get("shown_decimals", [])
    }
    grid.shown_months = {(row, column) for row, column in message.get("shown_months", [])}
    unvalued = message.get("formulas_without_value", [])
    grid.formulas_without_value = {(row, column) for row, column in unvalued}
    return grid


def _note_hidden(book: Workbook, grid: Grid) -> None:
    if not grid.visible:
        book.notices.append(("W_HIDDEN_SHEET", grid.name))
    elif grid.hidden_rows:
        book.notices.append(("W_HIDDEN_ROWS", grid.name))
    if grid.visible and grid.hidden_columns:
        book.notices.append(("W_HIDDEN_COLUMNS", grid.name))
