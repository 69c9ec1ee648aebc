"""Refuses rows of project databases whose key is not in the project library."""

from __future__ import annotations

from collections.abc import Sequence

from jigai.registers.entry_values import Prepared, ValueProblem
from jigai.registers.models import Register
from jigai.registers.special.project_source import known_projects

# Registers that hold the key of a project in their field ``project``.
DATABASES = (
    "service-mfg-projects", "overseas-capacity-projects", "five-hundreds-projects",
    "guiding-demonstrations",
)  # fmt: skip
_LONGEST = 18


def check_keys(register: Register, rows: Sequence[Prepared]) -> None:
    """A problem for every row whose key is no number or no project; one query for all rows."""
    written = [(row, str(row.values.get("project") or "").strip()) for row in rows]
    keys = {int(key) for _, key in written if _is_key(key)}
    known = known_projects(keys)
    for row, key in written:
        if key and (not _is_key(key) or int(key) not in known):
            row.problems.append(
                ValueProblem(
                    "project", f"项目库里没有编号“{key}”", "先把项目登记进项目库，再填它的编号"
                )
            )


def _is_key(text: str) -> bool:
    return text.isdecimal() and text.isascii() and len(text) <= _LONGEST
