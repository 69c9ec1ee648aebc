"""Comma-separated text: read back it is what went in, and a spreadsheet runs nothing of it."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jigai.sheets import writer
from jigai.sheets.csv_reader import read_csv
from jigai.sheets.csv_writer import MARK, cell, lines, safe, write_csv
from jigai.sheets.limits import DEFAULT
from jigai.sheets.writer import ExportColumn

COLUMNS = [ExportColumn("名称"), ExportColumn("金额（元）", writer.MONEY)]


def test_a_file_is_utf8_with_its_mark_and_windows_lines(tmp_path: Path) -> None:
    target = tmp_path / "表.csv"
    count = write_csv(target, COLUMNS, [["示例，甲\n乙", 123], ['示例"丙"', None]])
    content = target.read_bytes()
    assert count == 2 and content.startswith(b"\xef\xbb\xbf") and content.endswith(b"\r\n")
    rows = list(csv.reader(content.decode("utf-8-sig").splitlines(keepends=True)))
    assert rows == [["名称", "金额（元）"], ["示例，甲\n乙", "1.23"], ['示例"丙"', ""]]
    # The reader of imports takes it as it is.
    assert read_csv(target, DEFAULT).sheets[0].cell(1, 1) == "名称"


def test_a_file_that_breaks_off_is_not_there(tmp_path: Path) -> None:
    def rows() -> Iterator[list[Any]]:
        yield ["示例", 1]
        raise RuntimeError("断了")

    target = tmp_path / "表.csv"
    target.write_text("旧的", encoding="utf-8")
    with pytest.raises(RuntimeError):
        write_csv(target, COLUMNS, rows())
    assert target.read_text(encoding="utf-8") == "旧的" and list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (writer.MONEY, -5, "-0.05"), (writer.MONEY, 10**17 + 1, "1000000000000000.01"),
        (writer.AREA, 10_666_667, "160.0000"), (writer.DATE, dt.date(2024, 3, 1), "2024-03-01"),
        (writer.DATE, dt.datetime(2024, 3, 1, 8), "2024-03-01"), (writer.FLAG, True, "是"),
        (writer.FLAG, False, "否"), (writer.NUMBER, Decimal("7.500000"), "7.5"),
        (writer.NUMBER, Decimal("1E+3"), "1000"), (writer.TEXT, None, ""), (writer.TEXT, 0, "0"),
    ],
)  # fmt: skip
def test_values_as_written(kind: str, value: Any, text: str) -> None:
    assert cell(kind, value) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("+cmd|x", "'+cmd|x"), ("-2+3", "'-2+3"),
        ("＝1", "'＝1"), (" =1+1", "' =1+1"), ("-5", "-5"), ("-1,234.50", "-1,234.50"),
        ("+8", "+8"), ("-", "-"), ("示例=1", "示例=1"),
    ],
)  # fmt: skip
def test_formulas_are_guarded_and_figures_are_not(text: str, kept: str) -> None:
    assert safe(text) == kept


@given(st.lists(st.lists(st.text(max_size=12), min_size=2, max_size=2), max_size=6))
def test_what_is_read_back_is_what_went_in_made_safe(rows: list[list[str]]) -> None:
    text = "".join(lines(["甲", "乙"], rows)).removeprefix(MARK)
    back = list(csv.reader(io.StringIO(text, newline="")))[1:]
    assert back == [[safe(cell) for cell in row] for row in rows]
    assert not any(
        cell[:1] in "=@" and len(cell.strip()) > 1 for row in back for cell in row if cell
    )
