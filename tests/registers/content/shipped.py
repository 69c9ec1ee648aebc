"""Shipped registers loaded for a test, and rows put into them at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from jigai.registers.entry_values import prepare
from jigai.registers.models import Entry, Register
from jigai.registers.services.admit_entries import Admission, admit_entries
from jigai.registers.services.load_content import FOLDER, load_file

START = dt.date(2020, 1, 1)


def ship(code: str) -> Register:
    """The register of a content file."""
    return load_file(FOLDER / f"{code}.yaml")


def put(register: Register, *rows: dict[str, Any], since: dt.date = START, edition: str = "",
        source: str = "示例来源") -> list[Entry]:  # fmt: skip
    """Rows admitted without review; a row with a problem fails the test."""
    prepared = prepare(register, rows)
    assert not [str(p) for row in prepared for p in row.problems]
    book = register.editions.get(code=edition) if edition else None
    return admit_entries(
        register=register,
        admissions=[Admission(row, since, book, source) for row in prepared],
    )
