"""The sample register, every row and every field."""

from __future__ import annotations

from pathlib import Path

import pytest

from jigai.core.enterprise_register import SIZE_NAMES, Enterprise, build_register
from jigai.sheets.grid import Grid, Workbook
from jigai.sheets.read_table import table_of
from jigai.sheets.spec import load_spec
from jigai.sheets.values.amounts import yuan_text

LEGAL = {"independent": "独立法人", "branch": "分支机构"}
CREDIT = {"good": "良好", "dishonest": "失信被执行人", "abnormal": "列入经营异常名录"}
YES_NO = {True: "yes", False: "no", None: ""}


def as_text(value: object) -> str:
    return "" if value is None else str(value)


def shown(item: Enterprise) -> dict[str, str]:
    """An enterprise in the words of ``expected/01_enterprises.csv``."""
    return {
        "row": str(item.row),
        "name": item.name,
        "former_name": item.former_name or "",
        "uscc": item.uscc or "",
        "uscc_check_ok": YES_NO[item.uscc_check_ok],
        "legal_type": LEGAL[item.legal_type or ""],
        "region": item.region or "",
        "town": item.town or "",
        "address": item.address or "",
        "founded": as_text(item.founded),
        "industry_code": item.industry_code or "",
        "industry_name": item.industry_name or "",
        "employees": as_text(item.employees),
        "revenue_yuan": "" if item.revenue_fen is None else yuan_text(item.revenue_fen),
        "size_declared": SIZE_NAMES.get(item.size_declared or "", ""),
        "size_computed": SIZE_NAMES.get(item.size_computed or "", ""),
        "land_mu": item.land_mu or "",
        "grade": item.grade or "",
        "echelon": YES_NO[item.echelon],
        "credit": CREDIT[item.credit or ""],
        "violation": item.violation_text or "",
        "violation_major": YES_NO[item.violation_major],
        "violation_date": as_text(item.violation_date),
    }


def test_every_row_and_field_of_the_sample(dossier, expected) -> None:
    truth = expected("01_enterprises")
    assert len(truth) == 300
    assert [shown(item) for item in dossier.enterprises] == truth


def test_credit_text_is_what_the_clerk_meant(dossier) -> None:
    assert {item.credit_text for item in dossier.enterprises} == set(CREDIT.values())


def register_of(*rows: tuple[object, ...]):
    heading = [
        "企业名称",
        "统一社会信用代码",
        "从业人员（人）",
        "营业收入（万元）",
        "行业代码",
        "规模",
    ]
    grid = Grid("名录")
    for number, values in enumerate([heading, *rows], 1):
        grid.add_row(number, list(values))
    table = table_of(Workbook("名录.xlsx", "xlsx", [grid]), load_spec("enterprises"))
    return build_register(table), table


CODE = "91370812MAU37X547A"


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (("甲公司", CODE, 30, 500, "3484", "小型"), "W_DUP_ROW"),
        (("甲公司", CODE, 31, 500, "3484", "小型"), "E_DUP_DIFFERS"),
        (("乙公司", CODE, 30, 500, "3484", "小型"), "E_USCC_DUP_CONFLICT"),
    ],
)
def test_a_second_row_with_the_same_code_is_reported_and_dropped(second, code) -> None:
    register, table = register_of(("甲公司", CODE, 30, 500, "3484", "小型"), second)
    assert [item.row for item in register] == [2]
    assert [(issue.row, issue.code) for issue in table.issues] == [(3, code)]
    assert "第2行" in table.issues[0].message


def test_declared_size_is_compared_only_when_the_computed_one_is_known() -> None:
    register, table = register_of(
        ("甲公司", CODE, 30, None, "3484", "大型"),
        ("乙公司", "91370812MAW548847P", 30, 500, "3484", "大型"),
    )
    assert [item.size_computed for item in register] == [None, "small"]
    assert [(issue.row, issue.code, issue.clean_value) for issue in table.issues] == [
        (3, "W_SIZE_MISMATCH", "小型")
    ]


def test_the_file_of_the_issues_is_the_file_that_was_read(dossier, sample_files) -> None:
    named = {issue.file for issue in dossier.issues}
    assert named == {Path(path).name for path in sample_files.values()}
