"""What a person decided about a table otherwise than it was detected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from jigai.sheets.columns import Column
from jigai.sheets.errors import refuse
from jigai.sheets.header import Header
from jigai.sheets.spec import TableSpec
from jigai.sheets.text import column_letter
from jigai.sheets.values.units import pick_unit


@dataclass(frozen=True, slots=True)
class Chosen:
    """Decisions of a person; whatever is not named stays as detected.

    ``fields`` gives a column (by letter) to a field, or to none with an empty id; ``units`` gives a
    money or area field another unit than its heading or unit note says.
    """

    sheet: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)


DETECTED = Chosen()


def carried(chosen: Chosen, first: Header, header: Header) -> Chosen:
    """Decisions about the first of several sheets, for another one.

    A column is the same if its heading is, wherever it stands; a unit is only replaced where it is
    the one that was replaced in the first sheet.
    """
    if header is first or chosen == DETECTED:
        return chosen
    paths = {column_letter(heading.number): heading.path for heading in first.headings}
    letters = {heading.path: column_letter(heading.number) for heading in header.headings}
    fields = {
        letters[paths[letter]]: name
        for letter, name in chosen.fields.items()
        if paths.get(letter) in letters
    }
    units = {
        name: unit
        for name, unit in chosen.units.items()
        if name not in first.columns
        or name not in header.columns
        or first.columns[name].unit == header.columns[name].unit
    }
    return replace(chosen, fields=fields, units=units)


def choose_columns(header: Header, spec: TableSpec, chosen: Chosen) -> Header:
    """The heading with columns and units as decided.

    Raises ``SheetError`` when a required field has no column any more.
    """
    if not chosen.fields and not chosen.units:
        return header
    headings = {column_letter(heading.number): heading for heading in header.headings}
    columns = {
        name: column
        for name, column in header.columns.items()
        if column.letter not in chosen.fields and name not in chosen.fields.values()
    }
    for letter, name in chosen.fields.items():
        if name in spec.fields and letter in headings:
            heading, wanted = headings[letter], spec.fields[name]
            measured = wanted.type in {"money", "area"}
            unit = pick_unit(wanted.type, heading.units) if measured else ""
            columns[name] = Column(wanted, heading.number, heading.path, unit)
    for name, unit in chosen.units.items():
        if name in columns and unit:
            columns[name] = replace(columns[name], unit=unit)
    if not set(spec.required) <= set(columns):
        raise refuse("no_columns", table=spec.name, columns=spec.names(spec.required))
    return replace(header, columns=columns)
