"""The corrected file: the clerk's own workbook, repaired where it can be and marked where not."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from openpyxl import Workbook as Book
from openpyxl import load_workbook

from jigai.sheets.corrected import corrections, write_corrected_file
from jigai.sheets.errors import SheetError
from jigai.sheets.limits import Limits
from jigai.sheets.read_table import read_table
from jigai.workbench.dossier import read_dossier

# How a thing was found changes when its code is filled in; what was found does not.
MAY_CHANGE = {"match", "attached_by"}


@pytest.fixture(scope="module")
def corrected(dossier, sample_files, tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("更正")
    return {
        kind: write_corrected_file(path, folder / path.name, dossier.tables[kind])
        for kind, path in sample_files.items()
    }


def facts(record) -> dict[str, object]:
    return {
        item.name: getattr(record, item.name)
        for item in fields(record)
        if item.name not in MAY_CHANGE
    }


def test_the_corrected_files_give_the_same_records_and_nothing_left_to_repair(
    dossier, corrected
) -> None:
    again = read_dossier(
        corrected["enterprises"],
        corrected["projects"],
        corrected["invoices"],
        corrected["consortium_members"],
        year=2021,
    )
    for name in ("enterprises", "projects", "lines", "members"):
        before, after = getattr(dossier, name), getattr(again, name)
        assert [facts(item) for item in after] == [facts(item) for item in before], name
    assert [issue for issue in again.issues if issue.severity == "autofix"] == []
    assert sum(issue.severity == "autofix" for issue in dossier.issues) > 1800
    before, after = marked(dossier), marked(again)
    # A project code that was filled in by name may fail its check like the one in the ledger.
    filled = {(i.file, i.cell) for i in dossier.issues if i.code == "A_PROJECT_BY_NAME"}
    assert before <= after
    assert {(file, cell) for file, cell, code in after - before} <= filled
    assert {code for _, _, code in after - before} <= {"W_CODE_CHECK"}


def marked(dossier) -> set[tuple[str, str, str]]:
    """What a person still has to look at."""
    return {(i.file, i.cell, i.code) for i in dossier.issues if i.severity != "autofix"}


def test_the_layout_stays(sample_files, corrected) -> None:
    for kind, path in sample_files.items():
        before, after = load_workbook(path), load_workbook(corrected[kind])
        assert after.sheetnames == before.sheetnames
        for one, two in zip(before.worksheets, after.worksheets, strict=True):
            assert {str(span) for span in one.merged_cells.ranges} == {
                str(span) for span in two.merged_cells.ranges
            }
            widths = {key: item.width for key, item in one.column_dimensions.items()}
            assert {key: item.width for key, item in two.column_dimensions.items()} == widths
            assert two.freeze_panes == one.freeze_panes


def test_repairs_are_written_and_explained_errors_are_only_marked(corrected) -> None:
    sheet = load_workbook(corrected["projects"]).worksheets[0]
    repaired, wrong, formula = sheet["K13"], sheet["K14"], sheet["I28"]
    assert repaired.value == 2286.64
    assert "原值：2286.64万元" in repaired.comment.text
    assert wrong.value == "约3338"
    assert "约数" in wrong.comment.text
    assert repaired.fill.fgColor.rgb != wrong.fill.fgColor.rgb
    assert formula.value == "=SUM(I9:I27)"
    assert "合计" in formula.comment.text
    assert sheet["D9"].value == "91370812MAU09XW8XW"
    assert sheet["L13"].value is None


def test_formulas_keep_their_last_results(sample_files, corrected) -> None:
    before = load_workbook(sample_files["projects"], data_only=True).worksheets[0]
    after = load_workbook(corrected["projects"], data_only=True).worksheets[0]
    for cell in ("I7", "I28", "O9", "O238"):
        assert after[cell].value == before[cell].value


def test_a_range_in_one_cell_becomes_two_dates(corrected) -> None:
    sheet = load_workbook(corrected["projects"]).worksheets[0]
    assert str(sheet["P89"].value)[:10] == "2020-11-01"
    assert str(sheet["Q89"].value)[:10] == "2021-12-31"
    assert sheet["P89"].number_format == 'yyyy"年"m"月"'


def test_the_source_is_not_touched(sample_files, dossier, tmp_path) -> None:
    path = sample_files["consortium_members"]
    before = path.read_bytes()
    write_corrected_file(path, tmp_path / "新.xlsx", dossier.tables["consortium_members"])
    assert path.read_bytes() == before


CSV = (
    "单位：万元\n项目名称,项目单位,总投资,开工时间\n"
    ' 甲项目,=甲公司,"1,250.00",2021.3\n乙项目,乙公司,约5,待定\n'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_becomes_a_workbook_and_its_text_no_formula(tmp_path, encoding) -> None:
    source = tmp_path / "台账.csv"
    source.write_text(CSV, encoding=encoding)
    table = read_table(source, "projects")
    assert [row.get("total") for row in table.rows] == [1_250_000_000, None]
    target = write_corrected_file(source, tmp_path / "台账.xlsx", table)
    sheet = load_workbook(target).worksheets[0]
    assert (sheet["A3"].value, sheet["C3"].value) == ("甲项目", 1250)
    assert (sheet["B3"].value, sheet["B3"].data_type) == ("=甲公司", "s")
    again = read_table(target, "projects")
    assert [row.get("start") for row in again.rows] == [row.get("start") for row in table.rows]
    assert {issue.severity for issue in again.issues} == {"error", "warning"}


def test_an_old_xls_becomes_a_workbook(samples, tmp_path) -> None:
    from jigai.sheets.reader import read_workbook
    from jigai.sheets.spec import load_spec
    from jigai.sheets.table import Table

    source = samples / "05_5_生态环境部门_排放量_2021.xls"
    before = read_workbook(source).sheets[0]
    table = Table(source.name, before.name, load_spec("projects"), {})
    target = write_corrected_file(source, tmp_path / "排放.xlsx", table)
    after = read_workbook(target).sheets[0]
    assert after.rows == before.rows
    assert sorted(after.merged) == sorted(before.merged)


def test_nothing_is_written_when_the_child_runs_out_of_memory(
    sample_files, dossier, tmp_path
) -> None:
    with pytest.raises(SheetError):
        write_corrected_file(
            sample_files["invoices"],
            tmp_path / "新.xlsx",
            dossier.tables["invoices"],
            Limits(memory=36 * 1024 * 1024),
        )
    assert list(tmp_path.iterdir()) == []


def test_an_error_between_rows_does_not_keep_a_cell_from_being_repaired(dossier) -> None:
    """Row 488 repeats a line and its number had lost its zeros: the zeros come back."""
    found = {(item.row, item.column): item for item in corrections(dossier.tables["invoices"])}
    assert found[488, "G"].level == "error"
    assert (found[488, "G"].write, found[488, "G"].value) == (True, "00812885")


def test_cells_of_a_merged_block_are_left_alone(tmp_path) -> None:
    book = Book()
    sheet = book.worksheets[0]
    rows = [
        ["单位：万元", None, None],
        ["项目名称", "项目单位", "总投资"],
        ["甲", "甲公司 ", 5],
        ["乙", None, 6],
    ]
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("B3:B4")
    book.save(tmp_path / "并.xlsx")
    table = read_table(tmp_path / "并.xlsx", "projects")
    table.report(table.rows[1], "enterprise", "E_ENT_UNMATCHED")
    target = write_corrected_file(tmp_path / "并.xlsx", tmp_path / "新.xlsx", table)
    assert load_workbook(target).worksheets[0]["B3"].value == "甲公司"
