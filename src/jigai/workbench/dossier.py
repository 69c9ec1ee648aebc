"""The dossier of one year: register, ledger, invoices and consortia, read and cross-matched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from jigai.core.enterprise_matching import EnterpriseIndex
from jigai.core.enterprise_register import Enterprise, build_register
from jigai.funding.consortia import Member, build_members
from jigai.funding.invoice_lines import InvoiceLine
from jigai.funding.invoice_reading import build_lines
from jigai.projects.ledger import Project, build_ledger
from jigai.sheets.issues import Issue
from jigai.sheets.limits import DEFAULT, Limits
from jigai.sheets.read_table import read_table
from jigai.sheets.table import Table

# Called with the Chinese name of the step and the share of the work done, from 0 to 1.
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything a policy pack needs to know about one year, with every finding.

    ``tables`` holds the read tables by kind (``enterprises``, ``projects``, ``invoices``,
    ``consortium_members``), for previews and corrected files.
    """

    year: int
    enterprises: tuple[Enterprise, ...]
    projects: tuple[Project, ...]
    lines: tuple[InvoiceLine, ...]
    members: tuple[Member, ...]
    issues: tuple[Issue, ...]
    tables: dict[str, Table]


def read_dossier(
    enterprises: Path,
    projects: Path,
    invoices: Path | None = None,
    consortia: Path | None = None,
    *,
    year: int,
    regions: Sequence[str] | None = None,
    progress: Progress | None = None,
    limits: Limits = DEFAULT,
) -> Dossier:
    """Read the workbooks of one year and match them to each other.

    ``year`` is the year that invoices must be dated in; ``regions`` are the place names that do not
    tell enterprises apart (default: those of the register's home region). Raises ``SheetError``
    when a file cannot be read; problems of single cells are issues, not errors.
    """
    tell = progress or _silent
    paths = {
        "enterprises": enterprises,
        "projects": projects,
        "invoices": invoices,
        "consortium_members": consortia,
    }
    tables: dict[str, Table] = {}
    for done, (kind, path) in enumerate(paths.items()):
        if path is not None:
            tell(f"读取{path.name}", done / 8)
            tables[kind] = read_table(Path(path), kind, limits)
    tell("匹配企业", 0.5)
    register = build_register(tables["enterprises"])
    index = EnterpriseIndex(register, regions)
    ledger = build_ledger(tables["projects"], index)
    tell("核对共同体", 0.7)
    members = build_members(tables["consortium_members"], index) if consortia else ()
    tell("归集发票", 0.8)
    lines = (
        build_lines(tables["invoices"], index, projects=ledger, members=members, year=year)
        if invoices
        else ()
    )
    tell("完成", 1.0)
    issues = tuple(issue for table in tables.values() for issue in table.issues)
    return Dossier(year, register, ledger, lines, members, issues, tables)


def _silent(step: str, share: float) -> None:
    """No one wants to know."""
