"""The part of a corrected file that runs in the child process: openpyxl on the clerk's workbook."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook as NewBook
from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils.exceptions import IllegalCharacterError

from jigai.sheets.csv_reader import read_csv
from jigai.sheets.errors import refuse
from jigai.sheets.formula_results import restore_results
from jigai.sheets.grid import Workbook, from_wire
from jigai.sheets.limits import Limits
from jigai.sheets.text import Scalar

_FILLS = {
    "autofix": PatternFill("solid", fgColor="E2F0D9"),
    "warning": PatternFill("solid", fgColor="FFF2CC"),
    "error": PatternFill("solid", fgColor="F8CBAD"),
}
_AUTHOR = "技改通"


def write_corrected(path: Path, job: dict[str, Any]) -> None:
    """Apply the corrections of a job to a copy of the workbook at ``job['target']``."""
    limits = Limits(**job["limits"])
    book = load_workbook(path) if job["kind"] == "xlsx" else _plain_copy(path, job["kind"], limits)
    for part in job["sheets"]:
        sheet = book[part["sheet"]]
        for item in part["corrections"]:
            _apply(sheet[f"{item['column']}{item['row']}"], item)
    book.calculation.fullCalcOnLoad = True
    try:
        book.save(job["target"])
        if job["kind"] == "xlsx":
            restore_results(path, Path(job["target"]))
    except OSError:
        raise refuse("write_failed", name=path.name) from None


def _plain_copy(path: Path, kind: str, limits: Limits) -> NewBook:
    """A new workbook with the values of a .csv or .xls file."""
    source = read_csv(path, limits) if kind == "csv" else _read_here(path, kind, limits)
    book = NewBook()
    book.remove(book.worksheets[0])
    for grid in source.sheets:
        sheet = book.create_sheet(grid.name)
        for row, values in grid.rows.items():
            for column, value in enumerate(values, 1):
                if value is not None:
                    _put(sheet.cell(row, column), value)
        for top, left, bottom, right in grid.merged:
            sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
    return book


def _read_here(path: Path, kind: str, limits: Limits) -> Workbook:
    from jigai.sheets.reader import collect
    from jigai.sheets.reader_process import read_lines

    return collect(path.name, kind, read_lines(path, kind, limits))


def _put(cell: Any, value: Scalar) -> None:
    """Store a value; text stays text even when it looks like a formula."""
    try:
        cell.value = value
    except IllegalCharacterError:
        cell.value = "".join(sign for sign in str(value) if sign.isprintable())
    if isinstance(value, str):
        cell.data_type = "s"
    elif isinstance(value, date) and cell.number_format == "General":
        cell.number_format = "yyyy-mm-dd"


def _apply(cell: Any, item: dict[str, Any]) -> None:
    if isinstance(cell, MergedCell):
        return
    # A formula stays a formula: it is the clerk's, and its result may follow other corrections.
    if item["write"] and cell.data_type != "f":
        if item["format"]:
            cell.number_format = item["format"]
        _put(cell, from_wire(item["value"]))
    cell.fill = _FILLS[item["level"]]
    cell.comment = Comment(item["comment"], _AUTHOR, width=280, height=120)
