"""From the sheets of a monthly workbook to reports of ledger projects, checked month by month."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jigai.projects.monthly.checks import (
    FIELD_OF,
    MISSING,
    STANDARD,
    UNIT,
    Checked,
    Entry,
    Limits,
)
from jigai.projects.monthly.checks import check_year as checked_year
from jigai.projects.monthly.match import BY_NAME, Found, ProjectFinder
from jigai.projects.monthly.proposals import propose
from jigai.projects.naming import LedgerProject, name_key
from jigai.sheets.issues import make_issue
from jigai.sheets.months import Month, month_of_sheet, read_month
from jigai.sheets.table import Row, Table
from jigai.sheets.text import column_letter
from jigai.sheets.values.amounts import grouped_yuan
from jigai.sheets.values.units import note_units


@dataclass(frozen=True, slots=True)
class Report:
    """One row taken over: a project and a month. Amounts in fen as read; see ``Checked``."""

    number: int
    part: Table
    row: Row
    project: LedgerProject
    month: int
    entry: Entry
    since_start: int | None
    equipment: int | None
    progress: str | None


@dataclass(frozen=True, slots=True)
class Year:
    """Everything of one workbook: its reports, and the findings of every project by month."""

    reports: tuple[Report, ...]
    checked: Mapping[int, Mapping[int, Checked]]


def build_year(
    table: Table,
    finder: ProjectFinder,
    year: int,
    *,
    stored: Mapping[int, Sequence[Entry]] | None = None,
    limits: Limits = STANDARD,
) -> Year:
    """The reports of a read ``monthly`` table; findings go into the issues of its parts.

    ``stored`` are entries of other months already on record, by project key: they take part in the
    checks without being told about again.
    """
    _report_units(table)
    months = months_of(table, year)
    reports = list(_reports(months, finder))
    by_project: dict[int, list[Report]] = defaultdict(list)
    for report in reports:
        by_project[report.project.row].append(report)
    checked: dict[int, Mapping[int, Checked]] = {}
    for key, own in by_project.items():
        fresh = {report.month: report.entry for report in own}
        known = {e.month: e for e in (stored or {}).get(key, ()) if e.month not in fresh}
        checked[key] = checked_year([*known.values(), *fresh.values()], limits)
        _tell(own, checked[key], {month: part for part, month in months})
    return Year(tuple(reports), checked)


def _report_units(table: Table) -> None:
    """Say which sheets are in another unit than most (``A_SHEET_UNIT``)."""
    units = {part.sheet: part.unit("cumulative") for part in table.parts}
    usual = Counter(units.values()).most_common(1)[0][0]
    for part in table.parts:
        unit = units[part.sheet]
        if unit == usual:
            continue
        notes = [(place, text) for place, text in part.above.items() if note_units(text)]
        (row, column), raw = notes[0] if notes else ((0, 0), "")
        part.issues.append(
            make_issue("A_SHEET_UNIT", file=part.file, sheet=part.sheet, row=row,
                       column=column_letter(column) if column else "", field="unit",
                       label="单位", raw=raw, clean_value=unit)
        )  # fmt: skip


def months_of(table: Table, year: int) -> list[tuple[Table, int]]:
    """The sheets whose month is known, each month once; the others are told.

    A single sheet without a word about its month goes by the name of the file.
    """
    found: list[tuple[Table, int]] = []
    for part in table.parts:
        month = month_of_sheet(part.sheet, part.above.values())
        if month is None and not table.more and not _says_month(part):
            month = read_month(part.file)
        problem = _problem(month, year, [taken for _, taken in found])
        if problem or month is None:
            part.note(*problem)
        else:
            found.append((part, month.month))
    return found


def _says_month(part: Table) -> bool:
    return any(read_month(text) for text in (part.sheet, *part.above.values()))


def _problem(month: Month | None, year: int, taken: Sequence[int]) -> tuple[str, ...]:
    if month is None:
        return ("E_M_PERIOD",)
    if month.year not in {None, year}:
        return ("E_M_YEAR", f"表上写的是{month.year}年")
    return ("E_M_PERIOD", f"{month.month}月已有另一个工作表") if month.month in taken else ()


def _reports(months: Iterable[tuple[Table, int]], finder: ProjectFinder) -> Iterable[Report]:
    number = 0
    for part, month in months:
        first: dict[int, int] = {}
        for row in part.rows:
            found = _find(part, row, finder)
            if found is None or _left_blank(row):
                continue
            earlier = first.setdefault(found.project.row, row.number)
            if earlier != row.number:
                part.report(row, "project_name", "E_M_TWICE", detail=f"前一行是第{earlier}行")
                continue
            number += 1
            yield _report(number, part, row, found.project, month)


def _left_blank(row: Row) -> bool:
    """A row of the platform's own form that nobody filled in."""
    cells = [row.parsed(name) for name in ("current", "cumulative")]
    return all(cell.value is None and not cell.failed for cell in cells)


def _find(part: Table, row: Row, finder: ProjectFinder) -> Found | None:
    found = finder.find(
        number=row.get("key"), code=row.get("project_code"), name=row.get("project_name"),
        owner=row.get("enterprise"),
    )  # fmt: skip
    if found is None:
        part.report(row, "project_name", "E_M_PROJECT")
    elif found.how == BY_NAME and "project_code" in part.columns:
        known = found.project.project_code
        if known and row.get("project_code") is None and not row.parsed("project_code").codes:
            part.report(row, "project_code", "A_PROJECT_BY_NAME", known)
    elif found.how != BY_NAME and name_key(row.get("project_name")) != name_key(
        found.project.project_name
    ):
        part.report(row, "project_name", "W_PROJECT_RENAMED", found.project.project_name)
    return found


def _report(number: int, part: Table, row: Row, project: LedgerProject, month: int) -> Report:
    totals = [value for value in (row.get("total"), project.total_fen) if value]
    get: Any = row.get
    entry = Entry(
        month, get("current"), get("cumulative"), get("year_plan"), min(totals, default=None)
    )
    return Report(
        number, part, row, project, month, entry, get("since_start"), get("equipment"),
        get("progress"),
    )  # fmt: skip


def _proposed(entry: Entry, reached: int) -> str:
    """What the figures probably are, for a person to decide; the cell stays empty."""
    made = propose(entry, reached)
    if made is None:
        return ""
    figures = [("本月", made.current), ("累计", made.cumulative)]
    told = "、".join(f"{name} {grouped_yuan(fen)} 元" for name, fen in figures if fen is not None)
    return f"如是{made.mistake}，应为{told}，入库后由人确认"


def _tell(
    own: Sequence[Report], checked: Mapping[int, Checked], sheets: Mapping[int, Table]
) -> None:
    """Report what the checks found: at the row, or for a missing month at its sheet."""
    reached = 0
    for report in sorted(own, key=lambda one: one.month):
        found = checked[report.month]
        for code in found.flags:
            detail = _proposed(report.entry, reached) if code == UNIT else ""
            report.part.report(report.row, FIELD_OF[code], code, detail=detail)
        reached = (report.entry.cumulative or 0) if found.accepted else reached
    project = own[0].project
    for month, found in checked.items():
        part = sheets.get(month)
        if not found.reported and part is not None:
            owner = project.enterprise_name or project.enterprise_raw
            part.issues.append(
                make_issue(MISSING, file=part.file, sheet=part.sheet, field="project",
                           label="项目", raw=f"{owner}｜{project.project_name}")
            )  # fmt: skip
