"""Red letters, repeats, arithmetic and units of invoice lines."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jigai.core.enterprise_matching import EnterpriseIndex
from jigai.funding.invoice_checks import (
    arithmetic_ok,
    find_originals,
    find_repeats,
    red_reference,
    unit_is_suspect,
)
from jigai.funding.invoice_reading import build_lines
from jigai.sheets.grid import Grid, Workbook
from jigai.sheets.read_table import table_of
from jigai.sheets.spec import load_spec
from jigai.sheets.table import Row
from jigai.sheets.values.result import Parsed


def row(number: int = 1, note: str = "", **values: object) -> Row:
    return Row(number, {"note": note}, {name: Parsed(value) for name, value in values.items()})


@pytest.mark.parametrize(
    ("note", "reference"),
    [
        ("对应正数发票代码:3700221039号码:03264747", ("3700221039", "03264747")),
        ("对应正数发票代码：037002129735 号码：28465261", ("037002129735", "28465261")),
        ("被红冲蓝字数电发票号码：24372000000012345678", (None, "24372000000012345678")),
        ("已冲红", (None, None)),
        (None, (None, None)),
    ],
)
def test_red_letter_notes(note, reference) -> None:
    assert red_reference(note) == reference


@pytest.mark.parametrize(
    ("amount", "tax", "total", "ok"),
    [(100, 13, 113, True), (100, 13, 118, True), (100, 13, 119, False), (100, 13, 107, False),
     (-100, -13, -113, True), (None, 13, 113, None), (100, None, 100, None)],
)  # fmt: skip
def test_arithmetic_allows_five_fen(amount, tax, total, ok) -> None:
    assert arithmetic_ok(row(amount=amount, tax=tax, total=total)) is ok


@pytest.mark.parametrize(
    ("amount", "price", "quantity", "item_class", "suspect"),
    [
        (3_300, 55_000, 6, "equipment", True),
        (33_000_000, 55_000, 6, "equipment", False),
        (33_000_000, Decimal("5.5"), 6, "equipment", True),
        (9_999, None, None, "equipment", True),
        (10_000, None, None, "equipment", False),
        (9_999, None, None, "software", False),
        (-3_300, 55_000, -6, "equipment", True),
        (None, 55_000, 6, "equipment", False),
        (0, 55_000, 6, "equipment", False),
    ],
)
def test_suspect_units(amount, price, quantity, item_class, suspect) -> None:
    line = row(amount=amount, unit_price=price, quantity=quantity)
    assert unit_is_suspect(line, item_class) is suspect


def line(number: int, **changes: object) -> Row:
    values = {"invoice_code": "37", "invoice_no": "01", "item": "车床", "spec": "A", "amount": 100,
              "status": "normal"}  # fmt: skip
    return row(number, **{**values, **changes})


def test_repeats_need_every_part_of_the_line_to_agree() -> None:
    rows = [line(1), line(2), line(3, spec="B"), line(4, amount=99), line(5, item="铣床"),
            line(6, invoice_no="02"), line(7), line(8, amount=None),
            line(9, amount=None)]  # fmt: skip
    projects = dict.fromkeys(range(1, 10), 11) | {7: 12}
    assert find_repeats(rows, projects) == {2: (1, "project"), 7: (1, "cross")}


def test_a_red_letter_takes_the_line_of_the_same_item() -> None:
    red = line(9, status="red", amount=-100, item="铣床")
    red.raw["note"] = "代码:37001122334号码:00000001"
    listed = [line(1, invoice_code="37001122334", invoice_no="00000001"),
              line(2, invoice_code="37001122334", invoice_no="00000001", item="铣床")]  # fmt: skip
    assert find_originals([*listed, red]) == {9: 2}
    assert find_originals([red]) == {}


HEADING = [
    "购方名称",
    "发票号码",
    "开票日期",
    "品名",
    "金额（元）",
    "税额（元）",
    "价税合计（元）",
    "设备类别",
]


def findings(*values: object, year: int = 2021) -> list[str]:
    grid = Grid("票")
    grid.add_row(1, list(HEADING))
    grid.add_row(2, list(values))
    table = table_of(Workbook("票.xlsx", "xlsx", [grid]), load_spec("invoices"))
    build_lines(table, EnterpriseIndex(()), projects=(), year=year)
    return [issue.code for issue in table.issues if issue.code not in {"E_ENT_UNMATCHED"}]


GOOD = ("甲公司", "00335934", "2021-05-08", "数控车床", 10_000, 1_300, 11_300, "生产设备")


def changed(**parts: object) -> tuple[object, ...]:
    places = {"date": 2, "item": 3, "amount": 4, "total": 6, "claimed": 7}
    values = list(GOOD)
    for name, value in parts.items():
        values[places[name]] = value
    return tuple(values)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (changed(date="2020-05-08"), "W_INV_PERIOD"),
        (changed(date="2021-13-08"), "E_INV_DATE"),
        (changed(date=None), "E_INV_DATE"),
        (changed(total=11_400), "E_INV_ARITH"),
        (changed(item="*其他*设备运输费"), "W_INV_NOT_EQUIP"),
        (changed(item="商用清洁机器人", claimed="工业机器人"), "W_INV_NOT_ROBOT"),
        (changed(item="机器人夹具", claimed="工业机器人"), "W_INV_NOT_ROBOT"),
        (changed(item="桁架机械手", claimed="工业机器人"), "W_INV_ROBOT_REVIEW"),
        (changed(item="码垛机器人"), "W_INV_CLASS"),
        (changed(amount=1, total=1301), "E_UNIT_SUSPECT"),
    ],
)
def test_each_finding_is_told_once(values, code) -> None:
    assert findings(*values) == ["E_INV_UNATTACHED", code] or findings(*values) == [
        code,
        "E_INV_UNATTACHED",
    ]
    assert findings(*GOOD) == ["E_INV_UNATTACHED"]


def test_the_year_is_a_parameter() -> None:
    assert findings(*GOOD, year=2022) == ["E_INV_UNATTACHED", "W_INV_PERIOD"]
