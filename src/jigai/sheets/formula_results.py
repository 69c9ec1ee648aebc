"""Giving formulas their last results back: openpyxl keeps the formula and drops the result."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

from python_calamine import CalamineWorkbook

from jigai.sheets.calamine_rows import full_rows

_FORMULA_CELL = re.compile(
    rb'(<c r="(?P<column>[A-Z]+)(?P<row>\d+)"[^>]*>(?:<f\b[^>]*>[^<]*</f>|<f\b[^>]*/>))'
    rb"<v ?/?>(?:</v>)?</c>"
)
_SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml")


def restore_results(source: Path, target: Path) -> None:
    """Copy numeric formula results of ``source`` into the rewritten workbook ``target``.

    Without them a corrected file could not be read again before someone opens and saves it. The
    program that opens it recalculates anyway.
    """
    book = CalamineWorkbook.from_path(str(source))
    rewritten = target.with_name(target.name + ".tmp")
    try:
        with (
            zipfile.ZipFile(target) as old,
            zipfile.ZipFile(rewritten, "w", zipfile.ZIP_DEFLATED) as new,
        ):
            for part in old.infolist():
                content = old.read(part)
                found = _SHEET.fullmatch(part.filename)
                if found and b"<f" in content:
                    content = _filled(content, book, int(found[1]) - 1)
                new.writestr(part, content)
        shutil.copyfile(rewritten, target)
    finally:
        rewritten.unlink(missing_ok=True)


def _filled(content: bytes, book: CalamineWorkbook, index: int) -> bytes:
    names = book.sheet_names
    if index >= len(names):
        return content
    rows = list(full_rows(book.get_sheet_by_name(names[index])))

    def fill(found: re.Match[bytes]) -> bytes:
        row, column = int(found["row"]) - 1, _number(found["column"]) - 1
        value = rows[row][column] if row < len(rows) and column < len(rows[row]) else ""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return found[0]
        return found[1] + f"<v>{value!r}</v></c>".encode()

    return _FORMULA_CELL.sub(fill, content)


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
