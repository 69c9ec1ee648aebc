"""Read the reference tables that ship beside this package."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from jigai.paths import data_dir


def read_table(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of ``core/data/<name>.csv`` as column name to text."""
    with (data_dir() / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
