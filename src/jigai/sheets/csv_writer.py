"""Typed rows to comma-separated text that opens rightly in a spreadsheet and runs nothing there."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from jigai.sheets.atomic import replacing
from jigai.sheets.escape import harmless
from jigai.sheets.values.amounts import yuan_text
from jigai.sheets.values.areas import mu_text
from jigai.sheets.writer import AREA, DATE, FLAG, MONEY, ExportColumn

# Without it a spreadsheet takes the text for the local code page and Chinese turns to rubbish.
MARK = "\ufeff"
_FIGURE = re.compile(r"[+-]?\d[\d,]*(\.\d+)?%?")


class _Line:
    """Where a ``csv.writer`` puts one line."""

    text = ""

    def write(self, text: str) -> None:
        self.text = text


def write_csv(
    target: Path, columns: Sequence[ExportColumn], rows: Iterable[Sequence[object]]
) -> int:
    """Write headings and rows as UTF-8 with byte order mark; returns the number of data rows.

    The file appears only when it is complete. Raises ``SheetError`` when it cannot be written, and
    lets through whatever ``rows`` raises.
    """
    kinds = [column.kind for column in columns]
    told = ([cell(*pair) for pair in zip(kinds, row, strict=True)] for row in rows)
    # The headings are no row.
    count = -1
    with replacing(target) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        for line in lines([column.heading for column in columns], told):
            file.write(line)
            count += 1
    return count


def lines(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The text line by line, the mark before the headings; cells are made harmless here."""
    line = _Line()
    writer = csv.writer(line, lineterminator="\r\n")
    writer.writerow([safe(text) for text in headings])
    yield MARK + line.text
    for row in rows:
        writer.writerow([safe(text) for text in row])
        yield line.text


def safe(text: str) -> str:
    """The text as a spreadsheet may have it: a negative figure stays one, a formula does not."""
    return text if _FIGURE.fullmatch(text) else harmless(text)


def cell(kind: str, value: object) -> str:
    """A value as written: yuan with fen, 亩 with four decimals, ISO dates, 是 and 否."""
    if value is None:
        return ""
    if kind == MONEY and isinstance(value, int):
        return yuan_text(value)
    if kind == AREA and isinstance(value, int):
        return mu_text(value)
    if kind == FLAG and isinstance(value, bool):
        return "是" if value else "否"
    if kind == DATE and isinstance(value, date):
        return (value.date() if isinstance(value, datetime) else value).isoformat()
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
