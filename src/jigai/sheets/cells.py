"""One cell to one clean value, by the type of its field."""

from __future__ import annotations

from dataclasses import replace

from jigai.sheets.columns import Column
from jigai.sheets.grid import Grid
from jigai.sheets.spec import FieldSpec
from jigai.sheets.text import Scalar
from jigai.sheets.values.amounts import read_money
from jigai.sheets.values.areas import read_area
from jigai.sheets.values.choices import read_choice
from jigai.sheets.values.codes import read_digits, read_project_code, read_uscc
from jigai.sheets.values.counts import read_count, read_number, read_percent, read_serial
from jigai.sheets.values.dates import read_date
from jigai.sheets.values.names import read_name, read_text, read_title
from jigai.sheets.values.result import Parsed, missing

_PLAIN = {
    "serial": read_serial,
    "name": read_name,
    "title": read_title,
    "text": read_text,
    "uscc": read_uscc,
    "project_code": read_project_code,
    "count": read_count,
    "number": read_number,
    "percent": read_percent,
}

# Cells after which a column whose contents rarely repeat is no longer remembered.
_TRIAL = 500


def read_cell(
    field: FieldSpec, raw: Scalar, unit: str, grid: Grid, place: tuple[int, int], date1904: bool
) -> Parsed:
    """Read one cell; ``place`` is (row, column) for what only the sheet knows about it."""
    # A row total without result does no harm: its parts are read and added up.
    if place in grid.formulas_without_value and not field.sum_of:
        return missing("E_FORMULA_NO_VALUE")
    parsed = _by_type(field, raw, unit, grid, place, date1904)
    codes = parsed.codes
    if field.invalid_code and "E_DATE_INVALID" in codes:
        codes = tuple(field.invalid_code if code == "E_DATE_INVALID" else code for code in codes)
    if field.missing_code and parsed.value is None and not parsed.failed:
        codes = (*(code for code in codes if code != field.missing_code), field.missing_code)
    return replace(parsed, codes=codes) if codes != parsed.codes else parsed


def _by_type(
    field: FieldSpec, raw: Scalar, unit: str, grid: Grid, place: tuple[int, int], date1904: bool
) -> Parsed:
    if field.type in _PLAIN:
        return _PLAIN[field.type](raw)
    if field.type == "money":
        return read_money(raw, unit, negative_allowed=field.negative, any_size=field.any_size)
    if field.type == "area":
        return read_area(raw, unit)
    if field.type == "digits":
        return read_digits(raw, field.widths)
    if field.type == "choice":
        return read_choice(raw, field.choices, unknown=field.unknown, blank=field.blank)
    return read_date(
        raw,
        edge=field.edge,
        shown_decimals=grid.shown_decimals.get(place),
        shown_month=place in grid.shown_months,
        date1904=date1904,
    )


class CellReader:
    """Reads the cells of one column, each distinct content once.

    Columns such as town, industry or grade hold the same few contents over and over; a column that
    turns out not to is read plainly after a while.
    """

    def __init__(self, column: Column, unit: str, grid: Grid, date1904: bool) -> None:
        self.column, self.unit, self.grid, self.date1904 = column, unit, grid, date1904
        # What the sheet knows about single cells, not their content, may decide.
        places = (*grid.shown_decimals, *grid.shown_months, *grid.formulas_without_value)
        self._special = {row for row, number in places if number == column.number}
        self._known: dict[tuple[type, Scalar], Parsed] = {}
        self._asked = 0

    def read(self, raw: Scalar, row: int) -> Parsed:
        """The clean value of a cell."""
        if row in self._special or self._asked < 0:
            return self._fresh(raw, row)
        self._asked += 1
        key = (type(raw), raw)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._fresh(raw, row)
            if self._asked > _TRIAL and len(self._known) * 2 > self._asked:
                self._asked, self._known = -1, {}
        return found

    def _fresh(self, raw: Scalar, row: int) -> Parsed:
        place = (row, self.column.number)
        return read_cell(self.column.field, raw, self.unit, self.grid, place, self.date1904)
