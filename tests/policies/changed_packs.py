"""Copies of the shipped Yanzhou pack with changes, as somebody would send them in."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from pathlib import Path

from jigai.paths import packs_dir
from jigai.rules.errors import Problem
from jigai.rules.lint import lint_pack

SLUG = "yanzhou-2020"
_FOUND = re.compile(r"算得 (.+)$")


def copied(into: Path) -> Path:
    """The folder of the pack, its bases beside it."""
    shutil.copytree(packs_dir(), into / "packs")
    return into / "packs" / SLUG


def replaced(path: Path, old: str, new: str, after: str = "") -> None:
    """Change one place of a file, the first one behind ``after``."""
    text = path.read_text(encoding="utf-8")
    start = text.index(after)
    place = text.index(old, start)
    path.write_text(text[:place] + new + text[place + len(old) :], encoding="utf-8")


def raised(into: Path) -> Path:
    """The pack with 4 % of the equipment instead of 3 %: clause, number, parameter."""
    folder = copied(into)
    replaced(folder / "parameters.yaml", "value: 3%", "value: 4%", "- id: equipment_rate")
    replaced(folder / "clauses.yaml", "满500万元补3%", "满500万元补4%")
    replaced(folder / "clauses.yaml", 'value: "3"', 'value: "4"', "YZ-F022")
    replaced(folder / "clauses.yaml", 'token: "3%"', 'token: "4%"', "YZ-F022")
    return folder


def mended(folder: Path) -> Path:
    """The same with its examples brought in line, as the linter asks."""
    # From the end of each line, so that places found earlier still hold.
    for problem in reversed(lint_pack(folder).errors):
        assert problem.code == "example-failed", str(problem)
        _mend(folder.parent / problem.place.file, problem)
    assert lint_pack(folder).passed
    return folder


def _mend(path: Path, problem: Problem) -> None:
    found = _FOUND.search(problem.message)
    assert found is not None
    values = [value.replace(",", "") for value in found.group(1).split("、")]
    lines = path.read_text(encoding="utf-8").split("\n")
    line, column = lines[problem.place.line - 1], problem.place.column - 1
    old = re.match(r"\[[^\]]*\]|[^,}]*", line[column:])
    assert old is not None
    new = f"[{', '.join(values)}]" if line[column] == "[" else values[0]
    lines[problem.place.line - 1] = line[:column] + new + line[column + old.end() :]
    path.write_text("\n".join(lines), encoding="utf-8")


def zipped(folder: Path) -> bytes:
    """The folder of a pack as a zip."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for path in sorted(folder.rglob("*.yaml")):
            package.write(path, f"{folder.name}/{path.relative_to(folder).as_posix()}")
    return target.getvalue()
