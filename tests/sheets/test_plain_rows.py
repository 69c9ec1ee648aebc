"""Rows taken as a whole by the pre-scan say what a look at every cell says."""

from __future__ import annotations

import io
from dataclasses import asdict
from pathlib import Path

import pytest

from jigai.sheets.errors import SheetError
from jigai.sheets.limits import DEFAULT, Limits
from jigai.sheets.prescan import Prescan
from jigai.sheets.prescan_sheet import SheetFacts, _Scan, scan_sheet
from jigai.sheets.styles import Styles

STYLES = Styles({3: 2}, {7})


def rows(*texts: str) -> bytes:
    return f"<worksheet><sheetData>{''.join(texts)}</sheetData></worksheet>".encode()


CASES = {
    "plain": rows('<row r="1"><c r="A1"><v>1</v></c><c r="C1"><v>2</v></c></row>'),
    "hidden": rows('<row r="4" hidden="1"><c r="A4"><v>1</v></c></row>'),
    "empty row first": rows('<row r="1"/>', '<row r="2"><c r="B2"><v>1</v></c></row>'),
    "no addresses": rows("<row><c><v>1</v></c><c><v>2</v></c></row>", "<row><c><v>1</v></c></row>"),
    "formula without value": rows('<row r="2"><c r="A2"><f>1+1</f></c></row>'),
    "decimals": rows('<row r="2"><c r="A2" s="3"><v>2020.1</v></c><c r="B2"><v>1</v></c></row>'),
    "months": rows('<row r="2"><c r="A2" s="7"><v>44000</v></c></row>'),
    "other style": rows('<row r="2"><c r="A2" s="37"><v>2020.1</v></c></row>'),
    "blank far away": rows('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="1"/></row>'),
    "empty far away": rows('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"></c></row>'),
    "wrong row in address": rows('<row r="1"><c r="A9"><v>1</v></c></row>'),
    "unordered": rows('<row r="1"><c r="Z1"><v>1</v></c><c r="B1"><v>1</v></c></row>'),
    "prefixed": rows('<x:row r="1"><x:c r="D1"><x:v>1</x:v></x:c></x:row>'),
    "address in text": rows('<row r="1"><c r="A1" t="inlineStr"><is><t>r="Z9"</t></is></c></row>'),
    "cut off": rows('<row r="1"><c r="A1"><v>1</v></c>'),
}


def carefully(content: bytes, monkeypatch: pytest.MonkeyPatch) -> SheetFacts:
    with monkeypatch.context() as patch:
        patch.setattr(_Scan, "_plain_row", lambda *_: False)
        return scan_sheet(io.BytesIO(content), "表", STYLES, DEFAULT)


@pytest.mark.parametrize("name", CASES)
def test_both_looks_agree(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = scan_sheet(io.BytesIO(CASES[name]), "表", STYLES, DEFAULT)
    assert asdict(quick) == asdict(carefully(CASES[name], monkeypatch))


def test_samples_agree(samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in sorted(samples.glob("*.xlsx")):
        quick = {name: asdict(facts) for name, facts in Prescan(path, DEFAULT).sheets.items()}
        with monkeypatch.context() as patch:
            patch.setattr(_Scan, "_plain_row", lambda *_: False)
            slow = {name: asdict(facts) for name, facts in Prescan(path, DEFAULT).sheets.items()}
        assert quick == slow, path.name


def test_large_sheets_are_cut_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}" t="inlineStr"><is><t>{"文" * 200}'
        "</t></is></c></row>"
        for n in range(1, 6000)
    ]
    content = rows(*lines)
    quick = scan_sheet(io.BytesIO(content), "表", STYLES, DEFAULT)
    assert (quick.cells, quick.last_row, quick.last_column) == (11_998, 5999, 2)
    assert asdict(quick) == asdict(carefully(content, monkeypatch))


def test_the_extent_is_checked_on_the_way() -> None:
    content = rows('<row r="900000"><c r="ZZ900000"><v>1</v></c></row>')
    with pytest.raises(SheetError, match="已用区域太大"):
        scan_sheet(io.BytesIO(content), "表", STYLES, DEFAULT)
    with pytest.raises(SheetError, match="超过"):
        scan_sheet(io.BytesIO(CASES["plain"]), "表", STYLES, Limits(cells=1))
