"""Typed rows to a workbook, row by row, in little memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from jigai.sheets.atomic import replacing
from jigai.sheets.errors import refuse
from jigai.sheets.escape import harmless
from jigai.sheets.values.amounts import yuan_text
from jigai.sheets.values.areas import mu_text

TEXT, MONEY, AREA, DATE, INTEGER, NUMBER, PERCENT, FLAG = [
    "text",
    "money",
    "area",
    "date",
    "integer",
    "number",
    "percent",
    "flag",
]
_FORMATS = {
    TEXT: {"num_format": "@", "text_wrap": True, "valign": "top"},
    MONEY: {"num_format": "#,##0.00"},
    AREA: {"num_format": "#,##0.0000"},
    DATE: {"num_format": "yyyy-mm-dd"},
    INTEGER: {"num_format": "0"},
    NUMBER: {},
    PERCENT: {"num_format": "0.##%"},
    FLAG: {"align": "center"},
}
_LAST_ROW = 1_048_576
# A double keeps fifteen digits: above this a number would not show the fen exactly.
_EXACT_FEN = 10**15


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """One column: its heading, how its values are written, and its width in characters.

    ``money`` takes integer fen and shows yuan; ``area`` takes 0.01 m² and shows 亩; ``percent``
    takes per cent; ``flag`` takes True, False or None.
    """

    heading: str
    kind: str = TEXT
    width: int = 0


@dataclass(frozen=True, slots=True)
class ExportSheet:
    """One sheet of a workbook: its tab name, title, unit note, columns and rows."""

    name: str
    title: str
    columns: Sequence[ExportColumn]
    rows: Iterable[Sequence[object]]
    note: str = ""


def write_table(
    target: Path,
    columns: Sequence[ExportColumn],
    rows: Iterable[Sequence[object]],
    *,
    title: str,
    note: str = "",
    sheet: str = "数据",
) -> int:
    """Write one sheet with title, unit note and frozen heading; returns the number of data rows.

    The file appears only when it is complete. Raises ``SheetError`` when it cannot be written, and
    lets through whatever ``rows`` raises.
    """
    return write_book(target, [ExportSheet(sheet, title, columns, rows, note)])[0]


def write_book(
    target: Path, sheets: Sequence[ExportSheet], more: Callable[[Any], None] | None = None
) -> list[int]:
    """Write several sheets into one workbook; returns the number of data rows of each.

    ``more`` may add sheets of its own (charts) to the open XlsxWriter workbook, row by row.

    The file appears only when it is complete. Raises ``SheetError`` when it cannot be written, and
    lets through whatever the rows raise.
    """
    with replacing(target) as temporary:
        book = xlsxwriter.Workbook(
            str(temporary), {"constant_memory": True, "strings_to_formulas": False}
        )
        try:
            formats = {kind: book.add_format(style) for kind, style in _FORMATS.items()}
            counts = [_fill(book, book.add_worksheet(s.name), s, formats) for s in sheets]
            if more is not None:
                more(book)
        except BaseException:
            _abandon(book)
            raise
        try:
            book.close()
        except xlsxwriter.exceptions.FileCreateError:
            raise refuse("write_failed", name=target.name) from None
    return counts


def _abandon(book: Any) -> None:
    """Close the temporary files of a workbook that will never be finished."""
    book.fileclosed = 1
    for sheet in book.worksheets():
        sheet._opt_close()


def _fill(book: Any, sheet: Any, export: ExportSheet, formats: Mapping[str, Any]) -> int:
    columns = export.columns
    last = max(len(columns) - 1, 0)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width or _width(column))
    title_style = book.add_format({"bold": True, "font_size": 16, "align": "center"})
    _line(sheet, 0, last, export.title, title_style)
    _line(sheet, 1, last, export.note, book.add_format({"align": "right"}))
    heading = book.add_format({"bold": True, "bg_color": "#E7EEF7", "border": 1, "text_wrap": True,
                               "align": "center", "valign": "vcenter"})  # fmt: skip
    for place, column in enumerate(columns):
        sheet.write_string(2, place, harmless(column.heading), heading)
    sheet.freeze_panes(3, 0)
    count = 0
    for count, values in enumerate(export.rows, 1):
        if count + 3 > _LAST_ROW:
            raise refuse("too_many_rows")
        for place, (column, value) in enumerate(zip(columns, values, strict=True)):
            _write(sheet, count + 2, place, column.kind, value, formats)
    if columns:
        sheet.autofilter(2, 0, count + 2, last)
    return count


def _line(sheet: Any, row: int, last: int, text: str, style: Any) -> None:
    if last:
        sheet.merge_range(row, 0, row, last, harmless(text), style)
    else:
        sheet.write_string(row, 0, harmless(text), style)


def _width(column: ExportColumn) -> int:
    """Chinese characters are two wide; figures need room for billions."""
    wide = sum(2 if ord(sign) > 255 else 1 for sign in column.heading) + 2
    return max(wide, {MONEY: 18, AREA: 14, DATE: 12}.get(column.kind, 8))


def _write(
    sheet: Any, row: int, place: int, kind: str, value: object, formats: Mapping[str, Any]
) -> None:
    style = formats[kind]
    if value is None or value == "":
        sheet.write_blank(row, place, None, style)
    elif kind == MONEY and isinstance(value, int) and abs(value) < _EXACT_FEN:
        sheet.write_number(row, place, float(yuan_text(value)), style)
    elif kind == DATE and isinstance(value, date):
        sheet.write_datetime(row, place, value, style)
    elif kind in {INTEGER, NUMBER, PERCENT, AREA} and isinstance(value, int | float | Decimal):
        sheet.write_number(row, place, _number(kind, value), style)
    else:
        sheet.write_string(row, place, harmless(_text(kind, value)), style)


def _number(kind: str, value: int | float | Decimal) -> float:
    if kind == AREA:
        return float(mu_text(int(value)))
    return float(value) / 100 if kind == PERCENT else float(value)


def _text(kind: str, value: object) -> str:
    if kind == MONEY and isinstance(value, int):
        return yuan_text(value)
    if kind == FLAG and isinstance(value, bool):
        return "是" if value else "否"
    return str(value)
