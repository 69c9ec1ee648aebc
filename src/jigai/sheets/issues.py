"""What is wrong with a cell, where, and how bad it is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jigai.yaml_files import read_yaml

AUTOFIX = "autofix"
WARNING = "warning"
ERROR = "error"


@dataclass(frozen=True, slots=True)
class CodeInfo:
    """One entry of ``codes.yaml``: how bad the finding is and what it tells the clerk."""

    code: str
    severity: str
    message: str


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding about one cell (row and column are 0 and empty for a whole file or sheet)."""

    file: str
    sheet: str
    row: int
    column: str
    field: str
    label: str
    raw: str
    code: str
    severity: str
    clean_value: str
    message: str

    @property
    def cell(self) -> str:
        """The address a clerk can type into the name box, such as ``K17``."""
        return f"{self.column}{self.row}" if self.row else ""


@cache
def codes() -> dict[str, CodeInfo]:
    """All issue codes by name."""
    content = read_yaml(Path(__file__).with_name("codes.yaml"))
    return {
        code: CodeInfo(code, str(severity), str(text)) for code, (severity, text) in content.items()
    }


def severity(code: str) -> str:
    """``autofix``, ``warning`` or ``error``."""
    return codes()[code].severity


def make_issue(
    code: str,
    *,
    file: str,
    sheet: str = "",
    row: int = 0,
    column: str = "",
    field: str = "",
    label: str = "",
    raw: str = "",
    clean_value: str = "",
    detail: str = "",
) -> Issue:
    """Build an issue; severity and wording come from ``codes.yaml``, ``detail`` is appended."""
    info = codes()[code]
    message = f"{info.message}（{detail}）" if detail else info.message
    return Issue(
        file, sheet, row, column, field, label, raw, code, info.severity, clean_value, message
    )
