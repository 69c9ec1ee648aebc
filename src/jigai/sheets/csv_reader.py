"""CSV files, in the two encodings that Chinese office software writes."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from jigai.sheets.errors import refuse
from jigai.sheets.grid import Grid, Workbook
from jigai.sheets.limits import Limits
from jigai.sheets.text import Scalar

_ENCODINGS = ("utf-8-sig", "gb18030")


def read_csv(path: Path, limits: Limits) -> Workbook:
    """Read a CSV file as one sheet of text cells, named after the file."""
    text = _decode(path)
    grid = Grid(path.stem)
    cells = 0
    try:
        for row, values in enumerate(csv.reader(io.StringIO(text, newline=""), _dialect(text)), 1):
            cells += len(values)
            if cells > limits.cells:
                raise refuse("sheet_cells", sheet=grid.name, limit=limits.cells)
            kept: list[Scalar] = [value or None for value in values]
            grid.add_row(row, kept)
    except csv.Error:
        raise refuse("file_damaged", name=path.name) from None
    return Workbook(path.name, "csv", [grid])


def _decode(path: Path) -> str:
    content = path.read_bytes()
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refuse("file_encoding", name=path.name)


def _dialect(text: str) -> type[csv.Dialect]:
    """Tabs or semicolons when they are clearly what separates the columns."""
    head = text[:4000]

    class Found(csv.excel):
        delimiter = max(",\t;", key=head.count)

    return Found
