"""A workbook as read: raw cells by row and column, with what the cells do not say themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from jigai.sheets.text import Scalar, is_blank

Range = tuple[int, int, int, int]


@dataclass(slots=True)
class Grid:
    """One worksheet; rows and columns count from 1, only rows with content are kept."""

    name: str
    visible: bool = True
    rows: dict[int, list[Scalar]] = field(default_factory=dict)
    merged: list[Range] = field(default_factory=list)
    shown_decimals: dict[tuple[int, int], int] = field(default_factory=dict)
    shown_months: set[tuple[int, int]] = field(default_factory=set)
    formulas_without_value: set[tuple[int, int]] = field(default_factory=set)
    hidden_rows: int = 0
    hidden_columns: int = 0

    def cell(self, row: int, column: int) -> Scalar:
        """The raw value, None outside the used range."""
        values = self.rows.get(row, ())
        return values[column - 1] if 0 < column <= len(values) else None

    def add_row(self, row: int, values: list[Scalar]) -> None:
        """Keep a row unless nothing in it can be seen."""
        if not all(is_blank(value) for value in values):
            self.rows[row] = values

    @property
    def last_row(self) -> int:
        """The last row with content, 0 when the sheet is empty."""
        return max(self.rows, default=0)

    @property
    def width(self) -> int:
        """The widest row."""
        return max(map(len, self.rows.values()), default=0)


@dataclass(slots=True)
class Workbook:
    """All sheets of one file. ``notices`` are (issue code, sheet name) pairs about the file."""

    file: str
    kind: str
    sheets: list[Grid] = field(default_factory=list)
    date1904: bool = False
    notices: list[tuple[str, str]] = field(default_factory=list)


def to_wire(value: object) -> object:
    """A cell as JSON can carry it; dates become tagged texts, empty text becomes null."""
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if value == "" or value is None or isinstance(value, bool | int | float | str):
        return None if value == "" else value
    return str(value)


def from_wire(value: object) -> Scalar:
    """The reverse of ``to_wire``."""
    if isinstance(value, dict):
        return (
            date.fromisoformat(value["d"]) if "d" in value else datetime.fromisoformat(value["t"])
        )
    return value if isinstance(value, str | int | float | bool) else None
