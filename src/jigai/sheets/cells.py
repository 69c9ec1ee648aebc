"""One cell to one clean value, by the type of its field."""

from __future__ import annotations

from dataclasses import replace

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
        return read_money(raw, unit, negative_allowed=field.negative)
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
