"""Every listed defect of the four sample workbooks is found where it is, with its clean value."""

from __future__ import annotations

from collections import Counter, defaultdict

from jigai.sheets.issues import AUTOFIX, codes
from jigai.sheets.read_table import sheet_roles
from jigai.sheets.reader import read_workbook
from jigai.sheets.spec import load_spec

# The list calls these plain text numbers "thousands separators" or "full-width"; the cells hold
# neither sign, so nobody can tell them from the ones it calls "text numbers".
SIGNS = {"A_THOUSANDS": ",，", "A_FULLWIDTH": "０１２３４５６７８９．，"}
NOT_VISIBLE = 17


def sign_is_visible(defect: dict[str, str]) -> bool:
    signs = SIGNS.get(defect["code"])
    return (
        signs is None or not defect["raw"].isascii() or any(sign in defect["raw"] for sign in signs)
    )


def listed(expected, sample_files) -> list[dict[str, str]]:
    files = {path.name for path in sample_files.values()}
    return [defect for defect in expected("defects") if defect["file"] in files]


def test_every_listed_defect_is_found_in_its_cell(dossier, expected, sample_files) -> None:
    defects = listed(expected, sample_files)
    assert len(defects) == 1984
    found = {
        (issue.file, issue.sheet, str(issue.row), issue.column, issue.code, issue.clean_value)
        for issue in dossier.issues
    }
    missed = [
        defect
        for defect in defects
        if sign_is_visible(defect)
        and tuple(defect[key] for key in ("file", "sheet", "row", "column", "code", "clean_value"))
        not in found
    ]
    assert missed == []


def test_defects_whose_sign_is_not_in_the_cell_are_still_repaired(
    dossier, expected, sample_files
) -> None:
    hidden = [item for item in listed(expected, sample_files) if not sign_is_visible(item)]
    assert len(hidden) == NOT_VISIBLE
    repairs = defaultdict(set)
    for issue in dossier.issues:
        if issue.severity == AUTOFIX:
            repairs[issue.file, str(issue.row), issue.column].add(issue.clean_value)
    for defect in hidden:
        place = (defect["file"], defect["row"], defect["column"])
        assert repairs[place] == {defect["clean_value"]}


def test_severities_are_those_of_the_list(expected) -> None:
    for row in expected("codes"):
        assert codes()[row["code"]].severity == row["severity"], row["code"]
    assert all(info.message for info in codes().values())


def test_no_error_is_raised_that_is_not_listed(dossier, expected, sample_files) -> None:
    """Extra warnings may be; an extra error would throw away good data."""
    errors = Counter(
        (defect["file"], defect["row"], defect["column"], defect["code"])
        for defect in listed(expected, sample_files)
        if defect["severity"] == "error"
    )
    raised = Counter(
        (issue.file, str(issue.row), issue.column, issue.code)
        for issue in dossier.issues
        if issue.severity == "error"
    )
    assert raised == errors


def test_every_row_has_the_listed_role(expected, sample_files) -> None:
    truth: dict[str, dict[str, dict[int, str]]] = defaultdict(lambda: defaultdict(dict))
    for row in expected("row_roles"):
        truth[row["file"]][row["sheet"]][int(row["row"])] = row["role"]
    for kind, path in sample_files.items():
        roles = sheet_roles(read_workbook(path), load_spec(kind))
        assert roles == truth[path.name], kind


def test_totals_and_headings_never_become_records(dossier) -> None:
    names = {project.project_name for project in dossier.projects}
    names |= {member.enterprise_raw for member in dossier.members}
    assert not {name for name in names if "小计" in name or "合计" in name or "个项目）" in name}


def test_the_raw_text_of_an_issue_is_what_the_clerk_sees(dossier, expected, sample_files) -> None:
    raw = {(issue.file, str(issue.row), issue.column): issue.raw for issue in dossier.issues}
    for defect in listed(expected, sample_files):
        shown = raw[defect["file"], defect["row"], defect["column"]]
        plain = defect["raw"].split("（单元格格式")[0].removesuffix(".0")
        assert shown == plain or defect["code"].startswith(("W_SUB", "A_FLOAT", "E_CODE_P"))
