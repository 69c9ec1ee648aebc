"""Rows of a calamine sheet, counted from the first row and column of the sheet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def full_rows(sheet: Any) -> Iterator[list[Any]]:
    """Every row from row 1 on, each from column A on.

    ``iter_rows`` counts rows from the top of the sheet but columns from the first used one.
    """
    if sheet.start is None:
        return
    left = [""] * sheet.start[1]
    for values in sheet.iter_rows():
        yield [*left, *values]
