"""A pack before it is installed: what the linter says, and what can be run of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from jigai.policies.stored_packs import pack_files
from jigai.policies.uploaded_packs import Files, laid_out_aside, with_bases
from jigai.policies.yaml_bounds import bounds_problem
from jigai.rules.errors import PackError, Place, Problem
from jigai.rules.lint import lint_pack, sort
from jigai.rules.loader import load_pack
from jigai.rules.model import Model, build_model

# Of a pack that is wrong throughout, a person mends the first ones and sends it again.
MOST_PROBLEMS = 500


@dataclass(slots=True)
class Examined:
    """``model`` is there only for a pack without errors; ``files`` then include its bases."""

    problems: list[Problem] = field(default_factory=list)
    files: Files = field(default_factory=dict)
    model: Model | None = None

    @property
    def errors(self) -> list[Problem]:
        """Problems that keep the pack from being installed."""
        return [problem for problem in self.problems if problem.severity == "error"]

    @property
    def told(self) -> list[dict[str, Any]]:
        """The problems as they are stored and shown."""
        return [_told(problem) for problem in self.problems[:MOST_PROBLEMS]]


def examine_files(slug: str, own: Mapping[str, str]) -> Examined:
    """Check files that came from outside, with installed packs as bases. Never raises for them."""
    found = [bounds_problem(name, text) for name, text in sorted(own.items())]
    problems = [problem for problem in found if problem is not None]
    if problems:
        return Examined(problems)
    try:
        files = with_bases(slug, own)
    except PackError as error:
        return Examined(sort(error.problems))
    examined = _examined(slug, tuple(sorted(files.items())))
    return replace(examined, problems=list(examined.problems))


@lru_cache(maxsize=4)
def _examined(slug: str, files: tuple[tuple[str, str], ...]) -> Examined:
    """Kept, because the same files are looked at when sent, when compared and when installed."""
    with laid_out_aside(slug, dict(files)) as folder:
        return examine_folder(folder)


def examine_folder(folder: Path) -> Examined:
    """Check the pack in a folder of our own. Never raises for a faulty pack."""
    report = lint_pack(folder)
    if not report.passed:
        return Examined(report.problems)
    pack = load_pack(folder)
    if pack.identity.id != folder.name:
        # Installed files are found by the identifier; under another folder they would be lost.
        message = f"文件夹名“{folder.name}”与标识“{pack.identity.id}”不同"
        place = pack.place(pack.identity, "id")
        problem = Problem("folder-name", place, message, "两处写成一样")
        return Examined([problem, *report.problems])
    return Examined(report.problems, pack_files(pack), build_model(pack))


def summary_problem(code: str, file: str, message: str, fix: str) -> Problem:
    """A problem of the pack as a whole."""
    return Problem(code, Place(file), message, fix)


def _told(problem: Problem) -> dict[str, Any]:
    return {
        "code": problem.code,
        "file": problem.place.file,
        "line": problem.place.line,
        "column": problem.place.column,
        "message": problem.message,
        "fix": problem.fix,
        "clause": problem.clause,
        "severity": problem.severity,
    }


def counted(problems: Iterable[Problem]) -> tuple[int, int]:
    """Numbers of errors and of warnings."""
    listed = list(problems)
    errors = sum(problem.severity == "error" for problem in listed)
    return errors, len(listed) - errors
