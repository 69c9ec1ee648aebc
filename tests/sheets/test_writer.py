"""Workbooks we write: exact, harmless, whole or absent."""

from __future__ import annotations

import csv
import io
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from jigai.sheets.atomic import replacing
from jigai.sheets.errors import SheetError
from jigai.sheets.escape import harmless
from jigai.sheets.values.amounts import yuan_text
from jigai.sheets.writer import ExportColumn, write_table

COLUMNS = (
    ExportColumn("名称"),
    ExportColumn("金额（元）", "money"),
    ExportColumn("日期", "date"),
    ExportColumn("面积（亩）", "area"),
    ExportColumn("人数", "integer"),
    ExportColumn("税率", "percent"),
    ExportColumn("入统", "flag"),
)
ROW = ("甲公司", 33_333_334, date(2021, 5, 8), 8_215_475, 120, 13, True)


def written(path: Path, rows, columns=COLUMNS):
    write_table(path, columns, rows, title="补助明细", note="单位：元、亩")
    return load_workbook(path).worksheets[0]


def test_values_are_typed_and_the_heading_stays(tmp_path) -> None:
    sheet = written(tmp_path / "出.xlsx", [ROW, (None,) * 7])
    assert [cell.value for cell in sheet[1]][:1] == ["补助明细"]
    assert [cell.value for cell in sheet[2]][:1] == ["单位：元、亩"]
    assert [cell.value for cell in sheet[3]] == [column.heading for column in COLUMNS]
    values = [cell.value for cell in sheet[4]]
    assert values[:2] == ["甲公司", 333333.34]
    assert values[2].date() == date(2021, 5, 8)
    assert values[3:] == [123.2321, 120, 0.13, "是"]
    assert [cell.value for cell in sheet[5]] == [None] * 7
    assert sheet["B4"].number_format == "#,##0.00"
    assert sheet.freeze_panes == "A4"
    assert sheet.auto_filter.ref == "A3:G5"
    assert sheet.column_dimensions["B"].width > 15


@pytest.mark.parametrize(
    "fen", [0, 1, -1, 10, 99_999_999_999_999, -123_456_789_012_345, 10**15 + 1, 10**20]
)
def test_money_is_exact_to_the_fen_at_any_size(tmp_path, fen) -> None:
    cell = written(tmp_path / "钱.xlsx", [(fen,)], [ExportColumn("金额", "money")])["A4"].value
    assert (f"{cell:.2f}" if isinstance(cell, int | float) else cell.strip("'")) == yuan_text(fen)


FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1+1",
    "＝1+1",
    "=cmd|'/c x'!A1",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_text_never_becomes_a_formula_here_or_in_a_csv(tmp_path, text) -> None:
    sheet = written(tmp_path / "注.xlsx", [(text,)], [ExportColumn(text)])
    for cell in (sheet["A3"], sheet["A4"]):
        assert cell.data_type == "s"
        again = io.StringIO()
        csv.writer(again).writerow([cell.value])
        assert not again.getvalue().strip('" ').startswith(("=", "+", "-", "@", "\t", "\r", "＝"))


@given(st.text(max_size=40))
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    safe = harmless(text)
    assert safe in (text, f"'{text}")
    if text.strip() and text.lstrip(" \u00a0\u3000")[0] in "=@＝＠" and len(text.strip()) > 1:
        assert safe.startswith("'")
    if text and text[0].isalnum():
        assert safe == text


def test_dashes_and_minus_signs_of_numbers_are_not_disturbed(tmp_path) -> None:
    assert harmless("-") == "-"
    assert harmless("—") == "—"
    sheet = written(tmp_path / "负.xlsx", [(-1,)], [ExportColumn("数", "integer")])
    assert sheet["A4"].value == -1


def test_very_long_text_is_cut_not_dropped(tmp_path) -> None:
    sheet = written(tmp_path / "长.xlsx", [("长" * 40_000,)], [ExportColumn("说明")])
    assert len(sheet["A4"].value) == 32_767
    assert sheet["A4"].value.endswith("…")


def test_nothing_half_written_when_the_rows_fail(tmp_path) -> None:
    path = tmp_path / "断.xlsx"

    def rows():
        yield ROW
        raise RuntimeError("数据库断开")

    with pytest.raises(RuntimeError, match="数据库断开"):
        write_table(path, COLUMNS, rows(), title="表")
    assert list(tmp_path.iterdir()) == []


def test_an_earlier_file_survives_a_failure(tmp_path) -> None:
    path = tmp_path / "旧.xlsx"
    write_table(path, COLUMNS, [ROW], title="旧")
    before = path.read_bytes()
    with pytest.raises(ValueError, match="argument"):
        write_table(path, COLUMNS, [("短",)], title="新")
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path, monkeypatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SheetError) as caught:
        write_table(tmp_path / "满.xlsx", COLUMNS, [ROW], title="表")
    assert caught.value.code == "sheets.write_failed"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there(tmp_path) -> None:
    with pytest.raises(SheetError) as caught, replacing(tmp_path / "无" / "表.xlsx"):
        raise AssertionError("not reached")
    assert "表.xlsx" in caught.value.message


def test_the_number_of_rows_is_returned(tmp_path) -> None:
    rows = (ROW for _ in range(1000))
    assert write_table(tmp_path / "千.xlsx", COLUMNS, rows, title="表") == 1000
