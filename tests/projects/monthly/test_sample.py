"""The sample workbook of twelve sheets: every figure, every flag, every listed defect."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from jigai.core.enterprise_matching import EnterpriseIndex
from jigai.projects.monthly.build import Year, build_year
from jigai.projects.monthly.checks import JUMP
from jigai.projects.monthly.match import ProjectFinder
from jigai.projects.monthly.proposals import propose
from jigai.sheets.issues import Issue, severity
from jigai.sheets.read_table import read_table, sheet_roles
from jigai.sheets.reader import read_workbook
from jigai.sheets.spec import load_spec
from jigai.sheets.table import Table
from jigai.sheets.values.amounts import yuan_text

FILE = "04_月度投资报表_2021.xlsx"
# The list calls these plain text numbers "thousands separators"; the cells hold no separator.
PLAIN = {"A_THOUSANDS": "A_TEXT_NUMBER"}
LABELS = {"unit": "单位", "project": "项目"}


@pytest.fixture(scope="module")
def read(samples: Path, dossier: Any) -> tuple[Table, Year]:
    table = read_table(samples / FILE, "monthly")
    finder = ProjectFinder(dossier.projects, EnterpriseIndex(dossier.enterprises))
    return table, build_year(table, finder, 2021)


def defects(expected: Any) -> list[dict[str, str]]:
    return [row for row in expected("defects") if row["file"] == FILE]


def yuan(fen: int | None) -> str:
    return "" if fen is None else yuan_text(fen)


@pytest.mark.system("monthly-investment-report")
def test_every_row_equals_the_expected_one(read: tuple[Table, Year], expected: Any) -> None:
    year = read[1]
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for report in year.reports:
        checked = year.checked[report.project.row][report.month]
        flags = ";".join(code for code in checked.flags if code != JUMP)
        found[str(report.project.row), str(report.month)] = (
            report.part.sheet, str(report.row.number), yuan(report.entry.current),
            yuan(report.entry.cumulative), "yes" if checked.accepted else "no", flags,
        )  # fmt: skip
    sheets = {report.month: report.part.sheet for report in year.reports}
    for project, months in year.checked.items():
        for month, checked in months.items():
            if not checked.reported:
                sheet = sheets[month]
                found[str(project), str(month)] = (sheet, "", "", "", "no", "W_M_MISSING")
    names = ("sheet", "row", "current_yuan", "cumulative_yuan", "accepted", "flags")
    truth = {
        (row["ledger_row"], row["month"]): tuple(row[name] for name in names)
        for row in expected("04_monthly")
    }
    assert len(truth) == 1174
    assert found == truth


@pytest.mark.system("monthly-investment-report")
def test_every_listed_defect_is_found_where_it_is(read: tuple[Table, Year], expected: Any) -> None:
    def key(issue: Issue, code: str = "") -> tuple[str, ...]:
        row = str(issue.row) if issue.row else ""
        label = LABELS.get(issue.field, issue.label)
        return (issue.sheet, row, issue.column, label, code or issue.code)

    raised = Counter(key(issue) for issue in read[0].all_issues)
    listed = defects(expected)
    assert len(listed) == 165
    missed = []
    for row in listed:
        code = row["code"]
        wanted = tuple(row[name] for name in ("sheet", "row", "column", "field"))
        if not raised[(*wanted, code)] and not raised[(*wanted, PLAIN.get(code, code))]:
            missed.append(row)
    assert missed == []
    totals = Counter(row["code"] for row in listed)
    assert totals["E_M_DECREASE"] == 11 and totals["E_M_UNIT"] == 10
    for code in ("E_M_DECREASE", "E_M_UNIT", "W_M_MISMATCH", "W_M_MISSING", "W_M_OVER_PLAN",
                 "A_PROJECT_BY_NAME", "W_PROJECT_RENAMED", "A_SHEET_UNIT"):  # fmt: skip
        assert sum(n for k, n in raised.items() if k[4] == code) == totals[code], code


def test_no_error_is_raised_that_is_not_listed(read: tuple[Table, Year], expected: Any) -> None:
    listed = Counter(row["code"] for row in defects(expected) if row["severity"] == "error")
    raised = Counter(i.code for i in read[0].all_issues if i.severity == "error")
    assert raised == listed


def test_repaired_values_and_texts_are_those_of_the_list(
    read: tuple[Table, Year], expected: Any
) -> None:
    clean = {(i.sheet, i.row, i.code): (i.clean_value, i.raw) for i in read[0].all_issues}
    for row in defects(expected):
        if severity(row["code"]) != "autofix" and row["code"] != "W_PROJECT_RENAMED":
            continue
        place = (row["sheet"], int(row["row"]))
        found = clean.get((*place, row["code"])) or clean[(*place, PLAIN.get(row["code"], ""))]
        assert found[0] == row["clean_value"], row
        assert found[1] in (row["raw"], row["raw"].strip()), row


def test_a_missing_month_names_owner_and_project(read: tuple[Table, Year], expected: Any) -> None:
    listed = {(r["sheet"], r["raw"]) for r in defects(expected) if r["code"] == "W_M_MISSING"}
    raised = {(i.sheet, i.raw) for i in read[0].all_issues if i.code == "W_M_MISSING"}
    assert raised == listed


@pytest.mark.system("monthly-investment-report")
def test_the_proposal_for_a_mistaken_unit_is_what_a_person_would_enter(
    read: tuple[Table, Year], expected: Any
) -> None:
    truth = {(row["ledger_row"], row["month"]): row for row in expected("04_monthly")}
    year, asked = read[1], 0
    by_project: dict[int, dict[int, Any]] = {}
    for report in year.reports:
        by_project.setdefault(report.project.row, {})[report.month] = report.entry
    for project, months in year.checked.items():
        for month, checked in months.items():
            if "E_M_UNIT" not in checked.flags:
                continue
            before = [
                by_project[project][m].cumulative
                for m, c in months.items() if m < month and c.accepted
            ]  # fmt: skip
            made = propose(by_project[project][month], before[-1] if before else 0)
            row = truth[str(project), str(month)]
            assert made is not None and made.mistake == "元误作万元"
            assert yuan(made.cumulative) == row["true_cumulative_yuan"]
            assert yuan(made.current) == row["true_current_yuan"]
            asked += 1
    assert asked == 10


def test_every_row_has_the_listed_role(samples: Path, expected: Any) -> None:
    roles = sheet_roles(read_workbook(samples / FILE), load_spec("monthly"))
    truth: dict[str, dict[int, str]] = {}
    for row in expected("row_roles"):
        if row["file"] == FILE:
            truth.setdefault(row["sheet"], {})[int(row["row"])] = row["role"]
    assert len(truth) == 12
    assert roles == truth


def test_totals_never_become_projects(read: tuple[Table, Year]) -> None:
    assert len(read[1].reports) == 1168
    assert all("合计" not in report.project.project_name for report in read[1].reports)
