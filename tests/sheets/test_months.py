"""Which month a sheet is about, and several sheets as one table."""

from __future__ import annotations

import pytest

from jigai.sheets.chosen import Chosen, carried
from jigai.sheets.grid import Grid, Workbook
from jigai.sheets.header import find_header
from jigai.sheets.months import Month, month_of_sheet, read_month
from jigai.sheets.read_table import table_of
from jigai.sheets.spec import load_spec
from jigai.sheets.values.amounts import read_money


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("7月份", Month(7)), ("１０月", Month(10)), ("2021.12", Month(12, 2021)), ("12", Month(12)),
        ("2021年1—7月", Month(7, 2021)), ("（2021年1-12月）", Month(12, 2021)),
        ("十二月", Month(12)),
        ("1至3月", Month(3)), ("202106", Month(6, 2021)), ("2021-06", Month(6, 2021)),
        ("一月", Month(1)), ("十月", Month(10)), ("2021年6月", Month(6, 2021)),
        ("Sheet1", None), ("汇总", None), ("13", None), ("2021", None),
    ],
)  # fmt: skip
def test_names_of_sheets(text: str, found: Month | None) -> None:
    assert read_month(text, bare=True) == found


def test_bare_digits_are_only_believed_in_names() -> None:
    assert read_month("12") is None
    assert read_month("填报单位：示例局 2021.12") is None


@pytest.mark.parametrize(
    ("name", "above", "found"),
    [
        ("7月份", ["月报表", "（2021年1—7月）"], Month(7, 2021)),
        ("表1", ["（2021年1—7月）"], Month(7, 2021)),
        ("6月", ["（2021年1—7月）"], None),  # they contradict each other
        ("2020.12", ["2021年12月"], None),
        ("表1", [], None),
    ],
)
def test_name_and_note_must_agree(name: str, above: list[str], found: Month | None) -> None:
    assert month_of_sheet(name, above) == found


HEAD = ["项目名称", "建设单位", "本月完成投资", "自年初累计完成投资"]


def sheet(name: str, rows: list[list[object]], unit: str = "万元", visible: bool = True) -> Grid:
    grid = Grid(name, visible)
    for number, values in enumerate([[f"单位：{unit}"], *rows], 1):
        grid.add_row(number, list(values))  # type: ignore[arg-type]
    return grid


def test_visible_sheets_are_parts_in_their_order_with_units_of_their_own() -> None:
    book = Workbook("月报.xlsx", "xlsx", [
        sheet("1月", [HEAD, ["甲", "乙", 1, 1]]),
        sheet("说明", [["填表说明"]]),
        sheet("2月", [["序号", *HEAD], [1, "甲", "乙", 20_000, 30_000]], "元"),
        sheet("旧", [HEAD, ["甲", "乙", 9, 9]], visible=False),
    ])  # fmt: skip
    table = table_of(book, load_spec("monthly"))
    assert [part.sheet for part in table.parts] == ["1月", "2月"]
    first, second = (part.rows[0].get("cumulative") for part in table.parts)
    assert (first, second) == (1_000_000, 3_000_000)
    assert not [i for i in table.all_issues if i.code == "W_EXTRA_SHEET"]


def test_other_tables_still_take_one_sheet() -> None:
    heads = ["企业名称", "统一社会信用代码", "项目名称"]
    book = Workbook("台账.xlsx", "xlsx", [
        sheet("一", [heads, ["甲", None, "丙"]]), sheet("二", [heads, ["甲", None, "丁"]]),
    ])  # fmt: skip
    table = table_of(book, load_spec("projects"))
    assert len(table.parts) == 1
    assert [i.code for i in table.issues if i.sheet == "二"] == ["W_EXTRA_SHEET"]


def test_decisions_follow_the_heading_and_leave_other_units_alone() -> None:
    spec = load_spec("monthly")
    one = find_header(sheet("1月", [[*HEAD, "盘子"], ["甲", "乙", 1, 1, 5]]), spec)
    two = find_header(sheet("2月", [["序号", *HEAD, "盘子"], [1, "甲", "乙", 1, 1, 5]], "元"), spec)
    assert one is not None and two is not None
    chosen = Chosen("", {"E": "year_plan"}, {"current": "千元"})
    assert carried(chosen, one, one) == chosen
    assert carried(chosen, one, two) == Chosen("", {"F": "year_plan"}, {})


def test_an_amount_of_any_size_is_left_to_the_importer() -> None:
    assert read_money(3_414_000, "万元").codes == ("E_UNIT_SUSPECT",)
    assert read_money(3_414_000, "万元", any_size=True).value == 3_414_000 * 1_000_000
