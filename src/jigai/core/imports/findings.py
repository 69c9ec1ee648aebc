"""Findings of a batch in the database, and their counts."""

from __future__ import annotations

from collections import Counter
from typing import Any

from jigai.core.models import ImportBatch
from jigai.sheets.table import Table

SAMPLE_ROWS = 20
_COLUMNS = (
    "batch_id", "sheet", "row", '"column"', "field", "label", "raw", "code", "severity",
    "clean_value", "message", "emptied",
)  # fmt: skip
_ORDER = {"error": 0, "warning": 1, "autofix": 2}


def store_findings(cursor: Any, batch: ImportBatch, table: Table | None) -> None:
    """Replace the findings of a batch, in the order of severity, then of rows."""
    cursor.execute("DELETE FROM core_importissue WHERE batch_id = %s", [batch.pk])
    if table is None:
        return
    failed = emptied_cells(table)
    sheets = {part.sheet: place for place, part in enumerate(table.parts)}
    ordered = sorted(
        table.all_issues,
        key=lambda i: (_ORDER.get(i.severity, 9), sheets.get(i.sheet, -1), i.row),
    )
    with cursor.copy(f"COPY core_importissue ({', '.join(_COLUMNS)}) FROM STDIN") as copy:
        for i in ordered:
            copy.write_row(
                (
                    batch.pk, i.sheet[:100], i.row, i.column, i.field, i.label[:60],
                    i.raw.replace("\x00", "")[:2000], i.code, i.severity, i.clean_value[:2000],
                    i.message, i.severity == "error" and (i.sheet, i.row, i.field) in failed,
                )
            )  # fmt: skip


def emptied_cells(table: Table) -> set[tuple[str, int, str]]:
    """Sheet, row and field of every cell whose content must not be used."""
    return {
        (part.sheet, row.number, name)
        for part in table.parts
        for row in part.rows
        for name, cell in row.cells.items()
        if cell.codes and cell.failed
    }


def count_findings(table: Table) -> dict[str, Any]:
    """``severity`` and ``code`` to numbers; ``cells``: how many stay empty because of an error."""
    return {
        "rows": sum(len(part.rows) for part in table.parts),
        "severity": dict(Counter(issue.severity for issue in table.all_issues)),
        "code": dict(Counter(issue.code for issue in table.all_issues)),
        "cells": len(emptied_cells(table)),
    }


def sample_of(table: Table, remark: Any) -> list[dict[str, Any]]:
    """The first rows as they will be stored: ``row``, ``cells`` (field to text) and ``remark``."""
    return [
        {
            "row": row.number,
            "cells": {name: row.parsed(name).clean for name in table.columns},
            "errors": sorted(name for name in table.columns if row.parsed(name).failed),
            "remark": remark(row.number),
        }
        for row in table.rows[:SAMPLE_ROWS]
    ]
