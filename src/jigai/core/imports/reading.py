"""Reads the file of a batch as the kind of table it is."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from jigai.core.evidence import disk
from jigai.core.evidence.store import path_of
from jigai.core.imports.registry import Importer, importer_of, importers, spec_of
from jigai.core.models import EvidenceFile, ImportBatch
from jigai.errors import JigaiError
from jigai.sheets.chosen import Chosen
from jigai.sheets.foreign import find_foreign
from jigai.sheets.grid import Workbook
from jigai.sheets.header import find_header
from jigai.sheets.read_table import find_tables, table_of
from jigai.sheets.reader import read_workbook
from jigai.sheets.spec import TableSpec, load_spec
from jigai.sheets.table import Table
from jigai.sheets.text import column_letter
from jigai.sheets.values.units import FEN_PER_MONEY_UNIT, MU, SQUARE_METRES

MONEY_UNITS = ("元", "千元", "万元", "亿元")
FOREIGN = "import-foreign"
AREA_UNITS = ("亩", "平方米", "公顷")


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as read: the kind it was taken for, its table, and what else could be chosen."""

    importer: Importer
    table: Table
    sheets: tuple[str, ...]
    columns: list[dict[str, Any]]


@contextmanager
def readable(file: EvidenceFile) -> Iterator[Path]:
    """A path to the file under the name its clerk knows, for messages and for its extension."""
    source = path_of(file)
    folder = disk.private_folder(Path(settings.DATA_DIR) / "imports")
    work = Path(tempfile.mkdtemp(prefix="read-", dir=folder))
    try:
        path = work / file.name
        with disk.disk_errors(file.name):
            try:
                os.link(source, path)
            except OSError:
                shutil.copyfile(source, path)
        yield path
    finally:
        shutil.rmtree(work, ignore_errors=True)


def read_batch(batch: ImportBatch) -> Reading:
    """Read the file of a batch.

    Raises :class:`JigaiError` when it cannot be read or is not (as far as anybody can tell) one of
    the tables that can be imported.
    """
    with readable(batch.file) as path, _no_collection():
        book = read_workbook(path)
        return _read(book, batch)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Millions of cells hold no cycles: looking for them while they are made doubles the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read(book: Workbook, batch: ImportBatch) -> Reading:
    chosen = _chosen(batch.choices)
    kind = batch.choices.get("kind") or detect_kind(book)
    importer, spec = importer_of(kind), spec_of(kind)
    table = table_of(book, spec, chosen)
    for part in table.parts:
        refuse_foreign(book, part.sheet, kind)
    sheets = tuple(grid.name for grid, _ in find_tables(book, spec))
    return Reading(importer, table, sheets, _columns(book, table))


def detect_kind(book: Workbook) -> str:
    """The kind whose columns fit best. Raises :class:`JigaiError` when none fits at all."""
    scores: list[tuple[bool, int, int, str]] = []
    for importer in importers():
        found = find_tables(book, load_spec(importer.kind))
        if found:
            grid, header = found[0]
            scores.append((grid.visible, len(header.columns), -importer.order, importer.kind))
    if not scores:
        for sheet in book.sheets:
            refuse_foreign(book, sheet.name)
        wanted = "；".join(f"{item.title}：{_required(item)}" for item in importers())
        raise JigaiError(
            "import-no-header",
            f"文件“{book.file}”里没有认出任何一种表的表头",
            f"请确认表头一行里至少有这些列。{wanted}",
        )
    return max(scores)[3]


def refuse_foreign(book: Workbook, sheet: str, kind: str = "") -> None:
    """Raise :class:`JigaiError` for a sheet of another kind, such as a monthly report.

    Some of them have all the columns that an importable table must have, so that the headings alone
    would pass, whether detected or chosen by hand.
    """
    grid = next(grid for grid in book.sheets if grid.name == sheet)
    found = find_foreign(grid)
    if found is None or (kind and kind in {found.kind, *found.like}):
        return
    columns = "".join(f"“{heading}”" for heading in found.headings)
    ours = "、".join(item.title for item in importers())
    if found.kind:
        raise JigaiError(
            FOREIGN,
            f"文件“{book.file}”像是{found.name}（有{columns}列），不是所选的表类",
            f"请把表类改为“自动识别”或“{found.name}”",
        )
    raise JigaiError(
        FOREIGN,
        f"文件“{book.file}”像是{found.name}（有{columns}列），这类表还不能导入",
        f"请点“放弃”，文件会保留；现在能导入{ours}。确实是其中一种的，请去掉{columns}列再上传",
    )


def _required(importer: Importer) -> str:
    spec = load_spec(importer.kind)
    return spec.names(spec.required)


def _chosen(choices: dict[str, Any]) -> Chosen:
    return Chosen(
        str(choices.get("sheet", "")), choices.get("fields", {}), choices.get("units", {})
    )


def _columns(book: Workbook, table: Table) -> list[dict[str, Any]]:
    """Every headed column with the field it was given to (or none) and its unit."""
    grid = next(sheet for sheet in book.sheets if sheet.name == table.sheet)
    header = find_header(grid, table.spec)
    if header is None:
        return []
    by_letter = {column.letter: name for name, column in table.columns.items()}
    found = []
    for heading in header.headings:
        letter = column_letter(heading.number)
        field = by_letter.get(letter, "")
        if heading.path or field:
            found.append(_column(letter, " / ".join(heading.path), field, table))
    return found


def _column(letter: str, heading: str, field: str, table: Table) -> dict[str, Any]:
    kind = table.spec.fields[field].type if field else ""
    return {
        "letter": letter,
        "heading": heading,
        "field": field,
        "name": table.spec.fields[field].name if field else "",
        "unit": table.unit(field) if field else "",
        "written": bool(field and table.columns[field].unit),
        "units": list({"money": MONEY_UNITS, "area": AREA_UNITS}.get(kind, ())),
    }


def known_unit(unit: str) -> bool:
    """Whether a unit is one of money or area."""
    return unit in FEN_PER_MONEY_UNIT or unit in SQUARE_METRES or unit in MU


def field_choices(spec: TableSpec) -> list[tuple[str, str]]:
    """Fields a column may be given to, in the order of the specification."""
    return [(name, field.name) for name, field in spec.fields.items()]
