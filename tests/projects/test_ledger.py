"""The sample ledger, every row and every field, and the checks between rows."""

from __future__ import annotations

from datetime import date

import pytest

from jigai.core.enterprise_matching import EnterpriseIndex
from jigai.projects.ledger import Project, build_ledger
from jigai.sheets.grid import Grid, Workbook
from jigai.sheets.read_table import table_of
from jigai.sheets.spec import load_spec
from jigai.sheets.values.amounts import yuan_text

NATURES = {
    "new": "新建",
    "expansion": "扩建",
    "retrofit": "改建和技术改造",
    "relocation": "迁建",
    "purchase": "单纯购置",
}
SHORT = {"equipment": "eq"}
YES_NO = {True: "yes", False: "no", None: "unknown"}


def yuan(fen: int | None) -> str:
    return "" if fen is None else yuan_text(fen)


def shown(item: Project) -> dict[str, str]:
    """A project in the words of ``expected/02_projects.csv``."""
    return {
        "row": str(item.row),
        "project_name": item.project_name,
        "enterprise_raw": item.enterprise_raw,
        "enterprise_name": item.enterprise_name or "",
        "uscc": item.uscc or "",
        "match": item.match or "",
        "project_code": item.project_code or "",
        "filing_no": item.filing_no or "",
        "filing": item.filing,
        "nature": NATURES[item.nature or ""],
        "total_yuan": yuan(item.total_fen),
        "fixed_yuan": yuan(item.fixed_fen),
        "equipment_yuan": yuan(item.equipment_fen),
        "robot_yuan": yuan(item.robot_fen),
        "software_yuan": yuan(item.software_fen),
        "hardware_yuan": yuan(item.hardware_fen),
        "start": str(item.start or ""),
        "start_precision": item.start_precision or "",
        "end": str(item.end or ""),
        "end_precision": item.end_precision or "",
        "in_statistics": YES_NO[item.in_statistics],
        "stage": item.stage or "",
        "other_support": item.other_support or "",
        "cell_errors": ";".join(sorted(SHORT.get(name, name) for name in item.cell_errors)),
        "duplicate_of_row": str(item.duplicate_of_row or ""),
    }


def test_every_row_and_field_of_the_sample(dossier, expected) -> None:
    truth = expected("02_projects")
    assert len(truth) == 201
    assert [shown(item) for item in dossier.projects] == truth


HEADING = ["项目名称", "建设单位", "项目代码", "总投资", "固定资产投资", "设备投资", "机器人",
           "开工日期", "竣工日期"]  # fmt: skip
CODE = "2104-370812-07-02-513195"


def ledger_of(*rows: list[object]):
    grid = Grid("台账")
    grid.add_row(1, ["金额单位：万元"])
    for number, values in enumerate([HEADING, *rows], 2):
        grid.add_row(number, list(values))
    table = table_of(Workbook("台账.xlsx", "xlsx", [grid]), load_spec("projects"))
    return build_ledger(table, EnterpriseIndex(())), table


def row(name="甲项目", who="甲公司", code=CODE, *rest: object) -> list[object]:
    return [name, who, code, *(rest or (100, 90, 80, 10, date(2021, 1, 1), date(2021, 6, 1)))]


def found(table) -> list[tuple[int, str, str]]:
    return [
        (issue.row, issue.field, issue.code)
        for issue in table.issues
        if issue.code != "E_ENT_UNMATCHED"
    ]


def test_a_project_entered_again_points_to_the_first_row_and_is_no_code_conflict() -> None:
    projects, table = ledger_of(row(), row("乙项目", code="2012-370812-07-02-248202"), row())
    assert [item.duplicate_of_row for item in projects] == [None, None, 3]
    assert found(table) == [(5, "project_name", "E_PROJECT_DUP")]


def test_two_projects_with_one_code_are_both_told() -> None:
    projects, table = ledger_of(row(), row("乙项目", "乙公司"))
    assert [item.duplicate_of_row for item in projects] == [None, None]
    assert found(table) == [
        (3, "project_code", "E_PROJECT_CODE_CONFLICT"),
        (4, "project_code", "E_PROJECT_CODE_CONFLICT"),
    ]


def test_equal_names_without_code_are_one_project_only_if_the_sums_agree() -> None:
    same, _ = ledger_of(row(code=None), row(code=None))
    other = row(code=None)
    other[3] = 120
    different, _ = ledger_of(row(code=None), other)
    assert [item.duplicate_of_row for item in same] == [None, 3]
    assert [item.duplicate_of_row for item in different] == [None, None]


@pytest.mark.parametrize(
    ("values", "finding"),
    [
        ((100, 90, 95, 10), ("equipment", "W_EQ_GT_FIXED")),
        ((100, 120, 80, 10), ("fixed", "W_FIXED_GT_TOTAL")),
        ((100, 90, 80, 81), ("robot", "W_ROBOT_GT_EQ")),
    ],
)
def test_a_part_larger_than_the_whole_is_a_warning(values, finding) -> None:
    projects, table = ledger_of(row("甲项目", "甲公司", CODE, *values, "2021.3", "2021.9"))
    assert [item[1:] for item in found(table) if item[2].startswith("W_")] == [finding]
    assert projects[0].cell_errors == frozenset()


def test_equal_amounts_and_equal_dates_are_fine() -> None:
    day = date(2021, 1, 1)
    _, table = ledger_of(row("甲项目", "甲公司", CODE, 100, 100, 100, 100, day, day))
    assert found(table) == []


def test_an_end_before_the_start_is_not_used() -> None:
    projects, table = ledger_of(
        row("甲项目", "甲公司", CODE, 100, 90, 80, 10, date(2021, 5, 1), date(2021, 4, 30))
    )
    assert found(table) == [(3, "end", "E_END_BEFORE_START")]
    assert (projects[0].start, projects[0].end) == (date(2021, 5, 1), None)
    assert projects[0].cell_errors == {"end"}


@pytest.mark.parametrize(
    ("number", "filing"),
    [
        ("兖技改备〔2021〕1号", "yes"),
        ("办理中", "none"),
        ("未备案", "none"),
        ("—", "unknown"),
        (None, "unknown"),
    ],
)
def test_filing_is_told_from_the_number(number, filing) -> None:
    grid = Grid("台账")
    grid.add_row(1, ["项目名称", "项目单位", "备案证号"])
    grid.add_row(2, ["甲项目", "甲公司", number])
    table = table_of(Workbook("台账.xlsx", "xlsx", [grid]), load_spec("projects"))
    assert build_ledger(table, EnterpriseIndex(()))[0].filing == filing
