"""Tables in other layouts than the samples': other order, other headings, other units."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jigai.sheets.columns import Heading
from jigai.sheets.errors import SheetError
from jigai.sheets.grid import Grid, Workbook
from jigai.sheets.header import is_column_index
from jigai.sheets.read_table import sheet_roles, table_of
from jigai.sheets.spec import load_spec, parse_spec
from jigai.sheets.text import column_letter
from jigai.sheets.totals import check_totals

KINDS = ("enterprises", "projects", "invoices", "consortium_members")


def sheet(*rows: list[object], merged: tuple[tuple[int, int, int, int], ...] = ()) -> Grid:
    grid = Grid("表", merged=list(merged))
    for number, values in enumerate(rows, 1):
        grid.add_row(number, list(values))
    return grid


def read(kind: str, *rows: list[object], merged=()):
    return table_of(Workbook("表.xlsx", "xlsx", [sheet(*rows, merged=merged)]), load_spec(kind))


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(max_examples=40)
def test_any_order_and_any_known_spelling_is_understood(kind, data) -> None:
    spec = load_spec(kind)
    fields = data.draw(st.permutations(list(spec.fields.values())))
    taken: set[str] = set()
    headings = []
    for field in fields:
        free = sorted(field.synonyms - taken - _others(spec, field))
        headings.append(data.draw(st.sampled_from(free)))
        taken.add(headings[-1])
    table = read(kind, ["一张表"], headings, ["甲"] * len(headings))
    assert {name: column.number for name, column in table.columns.items()} == {
        field.id: place for place, field in enumerate(fields, 1)
    }


def _others(spec, field) -> set[str]:
    """Spellings that also stand for another field, such as 硬件 under two headings."""
    return {text for other in spec.fields.values() if other is not field for text in other.synonyms}


def test_the_same_ledger_in_another_layout_gives_the_same_records(dossier) -> None:
    """The sample's rows under shuffled columns, other headings, another unit, without merges."""
    original = dossier.tables["projects"]
    names = [name for name in original.columns if name != "it_total"]
    random.Random(7).shuffle(names)
    other = {"enterprise": "建设单位", "total": "总投资（元）", "fixed": "固定资产投资额",
             "start": "开工日期",
             "equipment": "设备购置费", "robot": "机器人", "in_statistics": "是否纳统"}  # fmt: skip
    heading = [other.get(name, original.spec.fields[name].name) for name in names]
    body = []
    for row in original.rows:
        cells = []
        for name in names:
            value = row.parsed(name).cell if row.parsed(name).value is not None else None
            cells.append(row.get(name) / 100 if name == "total" and value is not None else value)
        body.append(cells)
    table = read("projects", ["项目情况表"], ["金额单位：万元"], heading, *body)
    assert len(table.rows) == len(original.rows) == 201
    for before, after in zip(original.rows, table.rows, strict=True):
        for name in names:
            if name not in {"start", "end"}:  # months became days when written as dates
                assert after.get(name) == before.get(name), (before.number, name)


def test_units_come_from_the_cell_then_the_heading_then_the_note() -> None:
    table = read(
        "projects",
        ["单位：千元"],
        ["项目名称", "项目单位", "总投资", "固定资产投资（亿元）", "设备投资"],
        ["甲", "甲公司", 5, 2, "3万元"],
    )
    row = table.rows[0]
    assert [row.get(name) for name in ("total", "fixed", "equipment")] == [
        500_000,
        2 * 10**10,
        3_000_000,
    ]
    assert table.unit("total") == "千元"


def test_a_table_without_unit_is_read_by_custom_and_says_so() -> None:
    table = read("projects", ["项目名称", "项目单位", "总投资"], ["甲", "甲公司", 5])
    assert table.rows[0].get("total") == 5_000_000
    assert [issue.code for issue in table.issues] == ["W_UNIT_ASSUMED"]
    assert "C列按万元" in table.issues[0].message


def test_the_reporting_unit_is_not_a_unit_of_measure() -> None:
    table = read(
        "projects",
        ["填报单位：元氏县工信局"],
        ["项目名称", "项目单位", "总投资（万元）"],
        ["甲", "甲公司", 5],
    )
    assert table.unit("total") == "万元"


def test_headings_in_several_rows_with_and_without_merged_cells() -> None:
    top = ["项目名称", "投资情况", None, None, "项目单位"]
    middle = [None, "总投资", "设备投资", None, None]
    low = [None, None, "小计", "其中：工业机器人", None]
    rows = (["表"], top, middle, low, ["甲", 9, 5, 2, "甲公司"])
    merged = ((2, 1, 4, 1), (2, 2, 2, 4), (3, 2, 4, 2), (3, 3, 3, 4), (2, 5, 4, 5))
    wanted = {"project_name": 1, "total": 2, "equipment": 3, "robot": 4, "enterprise": 5}
    for spans in (merged, ()):
        table = read("projects", *rows, merged=spans)
        assert {name: column.number for name, column in table.columns.items()} == wanted
        assert [row.number for row in table.rows] == [5]


def test_two_columns_of_one_meaning_take_the_better_heading() -> None:
    table = read(
        "invoices",
        ["购方名称", "发票号码", "品名", "金额（含税）", "金额（不含税）", "税额"],
        ["甲公司", "00335934", "车床", 113, 100, 13],
    )
    row = table.rows[0]
    assert [row.get(name) for name in ("amount", "tax", "total")] == [10_000, 1_300, 11_300]


def test_every_kind_of_row_is_recognised() -> None:
    rows = [
        ["二〇二二年项目表"],
        ["填报单位：某局", None, "单位：万元"],
        ["序号", "项目名称", "项目单位", "总投资"],
        ["甲", "乙", "丙", 1],
        [None, "合 计", None, 30],
        ["（一）城区", None, None, None],
        [1, "甲项目", "甲公司", 10],
        [None, None, None, None],
        ["序号", "项目名称", "项目单位", "总投资"],
        [2, "合计机械改造", "合计机械有限公司", 20],
        [None, "城区小计", None, 30],
        [3, None, None, None],
        ["注：以上为计划数"],
        ["审核人：王**"],
    ]
    roles = sheet_roles(Workbook("表.xlsx", "xlsx", [sheet(*rows)]), load_spec("projects"))["表"]
    assert list(roles.values()) == [
        "title", "unit_note", "header", "column_index", "total", "group_heading", "data", "blank",
        "header", "data", "subtotal", "blank", "footnote", "footnote",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "yes"),
    [
        (["甲", "乙", "丙"], True),
        ([1, "2", 3.0], True),
        (["(1)", "(2)", "（3）=（1）+（2）"], True),
        (["A", "B", "C"], True),
        (["甲公司", 1, 2], False),
        ([1, 2], False),
        ([1000, 2000, 3000], False),
    ],
)
def test_column_index_rows(cells, yes) -> None:
    assert is_column_index(cells) is yes


def totals(*rows: list[object]):
    table = read("projects", ["单位：万元"], ["序号", "项目名称", "项目单位", "总投资"], *rows)
    check_totals(table)
    return [(issue.cell, issue.clean_value) for issue in table.issues if issue.code == "W_SUBTOTAL"]


def test_subtotals_before_and_after_their_rows() -> None:
    after = [[1, "甲", "甲", 10], [2, "乙", "乙", 20], [None, "小计", None, 30], [3, "丙", "丙", 5],
             [None, "小计", None, 5], [None, "合计", None, 35]]  # fmt: skip
    before = [[None, "合计", None, 35], [None, "小计", None, 30], [1, "甲", "甲", 10],
              [2, "乙", "乙", 20],
              [None, "小计", None, 5], [3, "丙", "丙", 5]]  # fmt: skip
    assert totals(*after) == totals(*before) == []
    after[2][3], before[1][3] = 31, 31
    assert totals(*after) == [("D5", "300000.00")]
    assert totals(*before) == [("D4", "300000.00")]


def test_a_total_rounded_to_two_decimals_is_not_wrong() -> None:
    assert totals([1, "甲", "甲", 10.123456], [None, "合计", None, 10.12]) == []
    assert totals([1, "甲", "甲", 10.123456], [None, "合计", None, 10.13]) == [("D4", "101234.56")]


def serials(*numbers: object):
    rows = [[number, f"项目{place}", "甲公司", 1] for place, number in enumerate(numbers)]
    table = read("projects", ["单位：万元"], ["序号", "项目名称", "项目单位", "总投资"], *rows)
    return [(issue.row, issue.clean_value) for issue in table.issues if issue.code == "W_SERIAL"]


def test_serial_numbers() -> None:
    assert serials(1, 2, 3, 4) == serials(5, 6, 7) == serials("1", None, "2") == []
    assert serials(1, 2, 2, 4) == [(5, "3")]
    assert serials(1, 2, 5, 6, 7) == [(5, "3")]
    assert serials(1, 2, 2, 3) == [(5, "3")]


def test_hidden_sheets_come_second_and_other_tables_are_named() -> None:
    rows = (["项目名称", "项目单位"], ["甲", "甲公司"])
    hidden, shown, more = sheet(*rows), sheet(*rows), sheet(*rows)
    hidden.visible, hidden.name, shown.name, more.name = False, "藏", "明", "另"
    table = table_of(Workbook("表.xlsx", "xlsx", [hidden, shown, more]), load_spec("projects"))
    assert table.sheet == "明"
    assert [(issue.code, issue.sheet) for issue in table.issues] == [("W_EXTRA_SHEET", "另")]


@pytest.mark.parametrize(("number", "letter"), [(1, "A"), (26, "Z"), (27, "AA"), (16384, "XFD")])
def test_column_letters(number, letter) -> None:
    assert column_letter(number) == letter


def test_units_in_headings_are_found_and_taken_off() -> None:
    heading = Heading.of(3, ["投资情况", "设备投资\n（万元）"])
    assert (heading.path, heading.units) == (("投资情况", "设备投资"), ("万元",))
    assert Heading.of(1, ["金额（含税）"]).path == ("金额(含税)",)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"type": "colour"}, "type"),
        ({"typ": "text"}, "typ"),
        ({"sum_of": ["nothing"]}, "nothing"),
    ],
)
def test_a_wrong_specification_says_what_is_wrong(change, problem) -> None:
    field = {"id": "a", "name": "甲", "type": "money", "synonyms": ["甲"], **change}
    with pytest.raises(SheetError) as caught:
        parse_spec({"id": "t", "name": "表", "required": ["a"], "fields": [field]}, "表.yaml")
    assert problem in caught.value.message
    assert "表.yaml" in caught.value.message
