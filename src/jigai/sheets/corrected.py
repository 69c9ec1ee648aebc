"""The clerk's own workbook back, with what could be repaired repaired and the rest marked."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jigai.sheets.atomic import replacing
from jigai.sheets.child import run_child
from jigai.sheets.grid import to_wire
from jigai.sheets.issues import AUTOFIX, ERROR, WARNING, Issue
from jigai.sheets.limits import DEFAULT, Limits
from jigai.sheets.sniff import sniff
from jigai.sheets.table import Row, Table
from jigai.sheets.text import Scalar
from jigai.sheets.values.result import Parsed

_WORST = (ERROR, WARNING, AUTOFIX)


@dataclass(frozen=True, slots=True)
class Correction:
    """What happens to one cell: ``level`` is the worst severity found in it.

    ``write`` tells whether ``value`` (None clears the cell) replaces what is there.
    """

    row: int
    column: str
    level: str
    comment: str
    write: bool = False
    value: Scalar = None
    number_format: str = ""


def corrections(table: Table) -> list[Correction]:
    """What to change and mark in the sheet of a table; cells with an error are only marked."""
    rows = {row.number: row for row in table.rows}
    by_cell: dict[tuple[int, str], list[Issue]] = defaultdict(list)
    for issue in table.issues:
        if issue.row and issue.column and issue.sheet == table.sheet:
            by_cell[issue.row, issue.field].append(issue)
    found: list[Correction] = []
    for (number, name), issues in by_cell.items():
        found.append(_correction(rows.get(number), name, issues))
        if any(issue.code == "A_DATE_RANGE" for issue in issues):
            found.extend(_range_end(table, rows[number], name))
    return found


def _correction(row: Row | None, name: str, issues: list[Issue]) -> Correction:
    level = next(level for level in _WORST if any(issue.severity == level for issue in issues))
    fixes = [issue for issue in issues if issue.severity == AUTOFIX]
    comment = "\n".join(dict.fromkeys(_sentence(issue) for issue in issues))
    place = issues[0]
    parsed = row.parsed(name) if row else Parsed()
    # An error between rows (a repeated line, say) leaves the value of the cell itself usable.
    if row is None or not fixes or parsed.failed:
        return Correction(place.row, place.column, level, comment)
    value: Scalar = parsed.cell
    if parsed.value is None and any(issue.code != "A_DASH_NULL" for issue in fixes):
        # Found by a later step (a missing code, say), so the cell itself holds nothing.
        value = next((issue.clean_value for issue in fixes if issue.clean_value), None)
    return Correction(place.row, place.column, level, comment, True, value, parsed.number_format)


def _sentence(issue: Issue) -> str:
    if issue.severity == AUTOFIX:
        return f"{issue.message}。原值：{issue.raw or '（空）'}"
    return (
        f"{issue.message}。建议值：{issue.clean_value}"
        if issue.clean_value
        else f"{issue.message}。"
    )


def _range_end(table: Table, row: Row, name: str) -> list[Correction]:
    target = table.spec.fields[name].until
    end = row.parsed(name).until
    if end is None or target not in table.columns or row.raw.get(target) not in (None, ""):
        return []
    letter = table.columns[target].letter
    comment = f"由{table.spec.fields[name].name}一格拆出。"
    return [Correction(row.number, letter, AUTOFIX, comment, True, end.cell, end.number_format)]


def write_corrected_file(
    source: Path, target: Path, table: Table, limits: Limits = DEFAULT
) -> Path:
    """Write the corrected copy of ``source`` to ``target`` (.xlsx) and return ``target``.

    An .xlsx keeps its layout, formulas and other sheets; .csv and .xls become a plain .xlsx. The
    work happens in the guarded child process. Raises ``SheetError``; ``source`` is never touched.
    """
    job: dict[str, Any] = {
        "task": "correct",
        "path": str(source),
        "kind": sniff(source, limits),
        "sheets": [
            {"sheet": part.sheet, "corrections": [_wire(item) for item in corrections(part)]}
            for part in table.parts
        ],
    }
    with replacing(target) as temporary:
        for _ in run_child({**job, "target": str(temporary)}, limits):
            pass
    return target


def _wire(item: Correction) -> dict[str, Any]:
    return {
        "row": item.row,
        "column": item.column,
        "level": item.level,
        "comment": item.comment,
        "write": item.write,
        "value": to_wire(item.value),
        "format": item.number_format,
    }
