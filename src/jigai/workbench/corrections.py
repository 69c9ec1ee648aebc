"""Corrected copies of the clerk's own workbooks: auto-fixes written in, errors marked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from jigai.sheets.corrected import write_corrected_file
from jigai.workbench.evaluation import Evaluation


def write_corrected(run: Evaluation, folder: Path, given: Mapping[str, Path | None]) -> list[Path]:
    """Write one corrected copy per input file into ``folder``; the inputs are never touched.

    ``given`` maps table kinds to the files they were read from. Raises ``SheetError``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for kind, source in given.items():
        if source is not None and kind in run.dossier.tables:
            target = folder / f"{source.stem}_更正.xlsx"
            written.append(write_corrected_file(source, target, run.dossier.tables[kind]))
    return written
