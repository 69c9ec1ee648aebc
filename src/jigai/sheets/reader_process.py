"""The child process that opens an uploaded file, so that a hostile one can only kill the child.

Reads one JSON job from standard input and writes JSON lines to standard output: a line for the
workbook, then a line for each sheet and each row, or one line with an error.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jigai.sheets.calamine_rows import full_rows
from jigai.sheets.errors import SheetError, refuse
from jigai.sheets.grid import to_wire
from jigai.sheets.limits import Limits

try:
    import resource
except ImportError:  # Windows has no resource limits; the pre-scan and the clock still hold
    resource = None  # type: ignore[assignment]


def limit_resources(limits: Limits) -> None:
    """Let the operating system stop this process when it uses too much."""
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
        resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds + 5))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read_lines(path: Path, kind: str, limits: Limits) -> Iterator[dict[str, Any]]:
    """The workbook as messages, in the order described above."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    from jigai.sheets.prescan import Prescan

    scan = Prescan(path, limits) if kind == "xlsx" else None
    try:
        book = CalamineWorkbook.from_path(str(path))
        yield {
            "date1904": scan.date1904 if scan else False,
            "notices": scan.notices if scan else [],
        }
        for meta in book.sheets_metadata:
            if str(meta.typ).endswith("WorkSheet"):
                visible = meta.visible == SheetVisibleEnum.Visible
                yield from _sheet_lines(
                    book.get_sheet_by_name(meta.name), meta.name, visible, scan, limits
                )
    except PasswordError:
        raise refuse("file_encrypted", name=path.name) from None
    except (CalamineError, OSError, ValueError):
        raise refuse("file_damaged", name=path.name) from None


def _sheet_lines(
    sheet: Any, name: str, visible: bool, scan: Any, limits: Limits
) -> Iterator[dict[str, Any]]:
    height, width = sheet.total_height, sheet.total_width
    if height * width > limits.area:
        raise refuse("sheet_extent", sheet=name, cell=f"第{height}行第{width}列")
    facts = scan.sheets.get(name) if scan else None
    merged = [
        [r1 + 1, c1 + 1, r2 + 1, c2 + 1] for (r1, c1), (r2, c2) in sheet.merged_cell_ranges or []
    ]
    yield {"sheet": name, "visible": visible, "merged": merged[:20_000], **_facts(facts)}
    for row, values in enumerate(full_rows(sheet), 1):
        wire = [to_wire(value) for value in values]
        while wire and wire[-1] is None:
            wire.pop()
        if wire:
            yield {"row": row, "values": wire}


def _facts(facts: Any) -> dict[str, Any]:
    if facts is None:
        return {}
    return {
        "hidden_rows": facts.hidden_rows,
        "hidden_columns": facts.hidden_columns,
        "shown_decimals": [[*place, count] for place, count in facts.shown_decimals.items()],
        "shown_months": sorted(facts.shown_months),
        "formulas_without_value": sorted(facts.formulas_without_value),
    }


def run(job: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Do one job: ``read`` a workbook or ``correct`` one."""
    path, limits = Path(job["path"]), Limits(**job["limits"])
    if job["task"] == "correct":
        from jigai.sheets.corrected_book import write_corrected

        write_corrected(path, job)
        yield {"done": True}
        return
    yield from read_lines(path, job["kind"], limits)


def main() -> None:
    """Entry point of the child."""
    job = json.loads(sys.stdin.buffer.read())
    limit_resources(Limits(**job["limits"]))
    name = Path(job["path"]).name
    try:
        for message in run(job):
            _send(message)
    except SheetError as error:
        _send_error(error)
    except MemoryError:
        _send_error(refuse("too_much_memory", name=name))
    sys.stdout.flush()


def _send_error(error: SheetError) -> None:
    _send({"error": [error.code, error.message, error.hint]})


def _send(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message, ensure_ascii=True, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
