"""The sample consortia, every row and every field."""

from __future__ import annotations

from jigai.core.enterprise_matching import EnterpriseIndex
from jigai.core.enterprise_register import SIZE_NAMES
from jigai.funding.consortia import Member, build_members
from jigai.sheets.grid import Grid, Workbook
from jigai.sheets.read_table import table_of
from jigai.sheets.spec import load_spec
from jigai.sheets.values.amounts import yuan_text

SHORT = {"equipment": "amount"}


def shown(item: Member) -> dict[str, str]:
    """A member in the words of ``expected/06_consortium_members.csv``."""
    return {
        "row": str(item.row),
        "consortium": item.consortium,
        "consortium_name": item.consortium_name,
        "role": item.role or "",
        "enterprise_name": item.enterprise_name or "",
        "uscc": item.uscc or "",
        "match": item.match or "",
        "equipment_yuan": "" if item.equipment_fen is None else yuan_text(item.equipment_fen),
        "in_statistics": {True: "yes", False: "no", None: ""}[item.in_statistics],
        "filing_no": item.filing_no or "",
        "size_computed": SIZE_NAMES.get(item.size_computed or "", ""),
        "cell_errors": ";".join(SHORT.get(name, name) for name in item.cell_errors),
        "duplicate": "yes" if item.duplicate else "",
    }


def test_every_row_and_field_of_the_sample(dossier, expected) -> None:
    truth = expected("06_consortium_members")
    assert len(truth) == 43
    assert [shown(item) for item in dossier.members] == truth


def test_a_consortium_written_once_holds_for_its_rows_but_not_beyond_its_subtotal() -> None:
    grid = Grid("名单")
    rows = [
        ["共同体编号", "共同体名称", "成员企业", "设备投资额（万元）"],
        ["G-1", "一号", "甲公司", 10],
        [None, None, "乙公司", 20],
        [None, None, "小计", 30],
        [None, None, "丙公司", 5],
    ]
    for number, values in enumerate(rows, 1):
        grid.add_row(number, list(values))
    table = table_of(Workbook("名单.xlsx", "xlsx", [grid]), load_spec("consortium_members"))
    members = build_members(table, EnterpriseIndex(()))
    assert [item.consortium for item in members] == ["G-1", "G-1", ""]
    assert [item.equipment_fen for item in members] == [10_000_000, 20_000_000, 5_000_000]
    assert "W_SUBTOTAL" not in {issue.code for issue in table.issues}


def test_the_same_member_in_two_consortia_is_no_repeat() -> None:
    grid = Grid("名单")
    rows = [["共同体编号", "成员企业"], ["G-1", "甲公司"], ["G-2", "甲公司"], ["G-2", "甲公司"]]
    for number, values in enumerate(rows, 1):
        grid.add_row(number, list(values))
    table = table_of(Workbook("名单.xlsx", "xlsx", [grid]), load_spec("consortium_members"))
    members = build_members(table, EnterpriseIndex(()))
    assert [item.duplicate for item in members] == [False, False, True]
    assert [issue.row for issue in table.issues if issue.code == "E_MEMBER_DUP"] == [4]
