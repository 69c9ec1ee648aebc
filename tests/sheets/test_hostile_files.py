"""Files that are damaged, disguised or meant to do harm: a sentence, never a crash."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import Workbook as Book

from jigai.errors import JigaiError
from jigai.sheets.errors import SheetError
from jigai.sheets.limits import Limits
from jigai.sheets.prescan_sheet import scan_sheet
from jigai.sheets.read_table import read_table
from jigai.sheets.reader import read_workbook
from jigai.sheets.styles import Styles


def save(path: Path, rows: list[list[object]]) -> Path:
    book = Book()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(path)
    return path


def repack(path: Path, changes: dict[str, bytes]) -> Path:
    """Replace or add parts of a package."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in {**parts, **changes}.items():
            new.writestr(name, content)
    return path


def part(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as package:
        return package.read(name)


SHEET = "xl/worksheets/sheet1.xml"


def refused(path: Path, limits: Limits | None = None) -> SheetError:
    with pytest.raises(SheetError) as caught:
        read_workbook(path, limits or Limits())
    error = caught.value
    assert isinstance(error, JigaiError)
    assert error.message.endswith("。")
    assert "Traceback" not in str(error)
    return error


def test_a_missing_and_an_empty_file(tmp_path) -> None:
    assert refused(tmp_path / "无.xlsx").code == "sheets.file_missing"
    (tmp_path / "空.xlsx").write_bytes(b"")
    assert refused(tmp_path / "空.xlsx").code == "sheets.file_empty"


def test_a_file_over_the_limit_is_not_opened(tmp_path) -> None:
    path = save(tmp_path / "大.xlsx", [["a"]])
    assert refused(path, Limits(file_size=100)).code == "sheets.file_too_large"


@pytest.mark.parametrize("kept", [20, 100, 0.3, 0.6, 0.95])
def test_a_truncated_package(tmp_path, kept) -> None:
    path = save(tmp_path / "断.xlsx", [["a", "b"]] * 50)
    content = path.read_bytes()
    path.write_bytes(content[: kept if kept >= 1 else int(len(content) * kept)])
    assert refused(path).code in {"sheets.file_damaged", "sheets.file_type"}


def test_a_flipped_byte_in_the_sheet(tmp_path) -> None:
    path = save(tmp_path / "坏.xlsx", [["a", "b"]] * 50)
    with zipfile.ZipFile(path) as package:
        info = package.getinfo(SHEET)
    content = bytearray(path.read_bytes())
    start = info.header_offset + 30 + len(info.filename) + 40
    content[start : start + 8] = b"\xff" * 8
    path.write_bytes(bytes(content))
    assert refused(path).code == "sheets.file_damaged"


@pytest.mark.parametrize(
    "content",
    [b"<html><table><tr><td>1</td></tr></table>", b"\xef\xbb\xbf<!DOCTYPE html>", b"<?xml?>"],
)
def test_a_web_page_called_xls(tmp_path, content) -> None:
    (tmp_path / "页.xls").write_bytes(content)
    assert refused(tmp_path / "页.xls").code == "sheets.file_html"


def test_an_encrypted_workbook(tmp_path) -> None:
    content = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    )
    (tmp_path / "密.xlsx").write_bytes(content + bytes(600))
    assert refused(tmp_path / "密.xlsx").code == "sheets.file_encrypted"


def test_a_broken_old_workbook(tmp_path) -> None:
    (tmp_path / "旧.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
    assert refused(tmp_path / "旧.xls").code in {"sheets.file_damaged", "sheets.reader_failed"}


@pytest.mark.parametrize("name", ["图.png", "文.docx", "数.csv"])
def test_other_kinds_of_file(tmp_path, name) -> None:
    (tmp_path / name).write_bytes(b"\x89PNG\r\n\x00\x01")
    assert refused(tmp_path / name).code == "sheets.file_type"
    with zipfile.ZipFile(tmp_path / "包.xlsx", "w") as package:
        package.writestr("word/document.xml", "<w/>")
    assert refused(tmp_path / "包.xlsx").code == "sheets.file_type"


def test_a_zip_bomb_is_judged_by_its_directory(tmp_path) -> None:
    path = save(tmp_path / "弹.xlsx", [["a"]])
    repack(path, {"xl/media/image1.png": bytes(3_000_000)})
    assert path.stat().st_size < 50_000
    assert refused(path, Limits(part=1_000_000)).code == "sheets.file_bomb"
    assert refused(path, Limits(unpacked=2_000_000)).code == "sheets.file_bomb"
    assert read_workbook(path).sheets[0].rows == {1: ["a"]}


def test_a_part_that_lies_about_its_size(tmp_path) -> None:
    path = save(tmp_path / "谎.xlsx", [["a"]])
    repack(
        path, {SHEET: part(path, SHEET).replace(b"</sheetData>", b" " * 400_000 + b"</sheetData>")}
    )
    content = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        size = package.getinfo(SHEET).file_size
    path.write_bytes(content.replace(struct.pack("<L", size), struct.pack("<L", 900)))
    assert refused(path).code == "sheets.file_damaged"


def test_huge_shared_strings(tmp_path) -> None:
    path = tmp_path / "字.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet().write_string(0, 0, "很长" * 5000)
    book.close()
    assert refused(path, Limits(strings=10_000)).code == "sheets.file_strings"


def test_a_document_type_is_never_read(tmp_path) -> None:
    path = save(tmp_path / "体.xlsx", [["a"]])
    lol = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>'
    for name in (SHEET, "xl/workbook.xml", "xl/styles.xml"):
        changed = repack(save(path, [["a"]]), {name: lol + part(path, name)})
        assert refused(changed).code == "sheets.file_unsafe"


def test_the_last_cell_of_a_sheet_does_not_kill_the_reader(tmp_path) -> None:
    path = save(tmp_path / "角.xlsx", [["a"]])
    sheet = Book()
    sheet.worksheets[0]["XFD1048576"] = "x"
    sheet.worksheets[0]["A1"] = "a"
    sheet.save(path)
    error = refused(path)
    assert error.code == "sheets.sheet_extent"
    assert "XFD1048576" in error.message


def test_a_wrong_dimension_record_is_not_believed(tmp_path) -> None:
    path = save(tmp_path / "维.xlsx", [["a", "b"], ["c", "d"]])
    sheet = part(path, SHEET).replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')
    assert b"XFD1048576" in sheet
    book = read_workbook(repack(path, {SHEET: sheet}))
    assert book.sheets[0].rows == {1: ["a", "b"], 2: ["c", "d"]}


def test_a_million_empty_rows_cost_nothing(tmp_path) -> None:
    path = save(tmp_path / "空行.xlsx", [["a"]])
    rows = b"".join(b'<row r="%d" ht="15"/>' % number for number in range(2, 1_000_001))
    sheet = part(path, SHEET).replace(b"</sheetData>", rows + b"</sheetData>")
    book = read_workbook(repack(path, {SHEET: sheet}))
    assert book.sheets[0].rows == {1: ["a"]}


def test_more_cells_than_allowed(tmp_path) -> None:
    path = save(tmp_path / "多.xlsx", [[1, 2, 3]] * 100)
    assert refused(path, Limits(cells=200)).code == "sheets.sheet_cells"
    assert refused(path, Limits(area=200)).code == "sheets.sheet_extent"


def test_the_child_is_stopped_when_it_takes_too_long(tmp_path) -> None:
    path = save(tmp_path / "慢.xlsx", [["a"]])
    assert refused(path, Limits(seconds=0)).code in {"sheets.too_slow", "sheets.reader_failed"}


def test_the_child_is_stopped_when_it_takes_too_much_memory(tmp_path) -> None:
    path = tmp_path / "内存.xlsx"
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_string(0, 0, "a")
    sheet.write_string(400_000, 25, "z")
    book.close()
    error = refused(path, Limits(memory=150 * 1024 * 1024))
    assert error.code == "sheets.too_much_memory"
    assert read_workbook(path).sheets[0].last_row == 400_001


def test_formula_injection_is_read_as_text(tmp_path) -> None:
    path = tmp_path / "注.xlsx"
    book = Book()
    cell = book.worksheets[0]["A1"]
    cell.value = '=HYPERLINK("x","y")'
    cell.data_type = "s"
    book.save(path)
    assert read_workbook(path).sheets[0].rows == {1: ['=HYPERLINK("x","y")']}


def test_macros_and_links_are_told(tmp_path) -> None:
    path = save(tmp_path / "宏.xlsx", [["a"]])
    repack(path, {"xl/vbaProject.bin": b"x", "xl/externalLinks/externalLink1.xml": b"<x/>"})
    assert read_workbook(path).notices == [("W_MACRO", ""), ("W_EXTERNAL_LINK", "")]


def test_hidden_rows_columns_and_sheets_are_told_and_hidden_rows_are_read(tmp_path) -> None:
    book = Book()
    first = book.worksheets[0]
    first.title = "甲"
    for row in ([1, 2], [3, 4]):
        first.append(row)
    first.row_dimensions[2].hidden = True
    first.column_dimensions["B"].hidden = True
    book.create_sheet("乙").sheet_state = "hidden"
    book["乙"]["A1"] = 1
    book.save(tmp_path / "藏.xlsx")
    read = read_workbook(tmp_path / "藏.xlsx")
    assert read.sheets[0].rows == {1: [1, 2], 2: [3, 4]}
    assert read.notices == [
        ("W_HIDDEN_ROWS", "甲"),
        ("W_HIDDEN_COLUMNS", "甲"),
        ("W_HIDDEN_SHEET", "乙"),
    ]


def test_a_formula_without_result_is_an_error_not_a_blank(tmp_path) -> None:
    path = save(
        tmp_path / "式.xlsx",
        [
            ["金额单位：万元"],
            ["项目名称", "项目单位", "总投资"],
            ["甲", "甲公司", "=1+1"],
            ["乙", "乙公司", 5],
        ],
    )
    table = read_table(path, "projects")
    assert [(issue.cell, issue.code) for issue in table.issues] == [("C3", "E_FORMULA_NO_VALUE")]
    assert [row.get("total") for row in table.rows] == [None, 5_000_000]


def test_rows_before_the_first_used_one_keep_their_numbers(tmp_path) -> None:
    book = Book()
    book.worksheets[0]["C5"] = "x"
    book.save(tmp_path / "移.xlsx")
    assert read_workbook(tmp_path / "移.xlsx").sheets[0].rows == {5: [None, None, "x"]}


def test_cells_cut_by_a_chunk_border_are_not_lost(tmp_path) -> None:
    rows = [
        ["项目名称", "项目单位", "开工时间"],
        *([f"项目{n}" * 40, "甲公司" * 40, 2020.1] for n in range(9000)),
    ]
    path = save(tmp_path / "长.xlsx", rows)
    sheet = part(path, SHEET)
    assert len(sheet) > 7_000_000
    # A filler of a prime length before every cell moves the borders through all their parts.
    inline = sheet.replace(b"<c r=", b"<!--" + b"x" * 97 + b"--><c r=")
    facts = read_workbook(repack(path, {SHEET: inline})).sheets[0]
    assert len(facts.rows) == 9001


def test_the_prescan_sees_every_cell_whatever_the_chunks_cut() -> None:
    cells = b"".join(
        b'<row r="%d"><c r="A%d" s="1"><v>2020.1</v></c><c r="B%d"><f>A1</f><v></v></c></row>'
        % (n, n, n)
        for n in range(1, 40_001)
    )
    facts = scan_sheet(io.BytesIO(b"<sheetData>" + cells), "甲", Styles({1: 2}), Limits())
    assert (facts.last_row, facts.last_column, facts.cells) == (40_000, 2, 80_000)
    assert len(facts.shown_decimals) == len(facts.formulas_without_value) == 40_000


def test_a_workbook_without_the_table_says_which_columns_it_misses(tmp_path) -> None:
    path = save(tmp_path / "他.xlsx", [["日期", "天气"], ["1日", "晴"]])
    with pytest.raises(SheetError) as caught:
        read_table(path, "projects")
    assert caught.value.code == "sheets.no_table"
    assert "项目名称、企业名称" in caught.value.hint
