"""Values as people write them, as they are kept, and as they are shown again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jigai.core.fields.shapes import Field
from jigai.core.fields.values import key_part, read_value, rounded, show_value
from jigai.errors import JigaiError


def field(kind: str, **more: Any) -> Field:
    return Field("a", "项目", kind, **more)


@pytest.mark.parametrize(
    ("item", "raw", "stored", "shown"),
    [
        (field("text"), " 文字 ", "文字", "文字"),
        (field("text", many=True), "Y2、Y3，Y2", ["Y2", "Y3"], "Y2、Y3"),
        (field("number", unit="kW"), "7.50", "7.5", "7.5"),
        (field("number", unit="kW"), "１，０００ kW", "1000", "1000"),
        (field("money"), "500万元", 500_000_000, "500.00 万元"),
        (field("money"), 123, 123, "0.00 万元"),
        (field("area"), "30亩", 2_000_000, "30.00 亩"),
        # 666.67 m² to a 亩 is no whole number of hundredths: the nearest, either way.
        (field("area"), "200亩", 13_333_333, "200.00 亩"),
        (field("area"), "160亩", 10_666_667, "160.00 亩"),
        (field("area"), "0.015平方米", 2, None),
        (field("date"), "2024年3月1日", "2024-03-01", None),
        (field("date"), dt.date(2024, 3, 1), "2024-03-01", None),
        (field("date"), "2024/3/1", "2024-03-01", None),
        (field("flag"), "是", True, "是"),
        (field("flag"), False, False, "否"),
        (field("choice", options={"a": "甲"}), "甲", "a", "甲"),
        (field("choice", options={"a": "甲"}), "a", "a", "甲"),
        (field("region"), "３７０８１２", "370812", None),
        (field("enterprise"), "示例有限公司", {"id": None, "name": "示例有限公司"}, "示例有限公司"),
        (field("text"), "  ", None, ""),
        (field("money"), None, None, ""),
    ],
)
def test_read_and_shown(item: Field, raw: Any, stored: Any, shown: str | None) -> None:
    assert read_value(item, raw) == stored
    if shown is not None:
        assert show_value(item, stored) == shown


@pytest.mark.parametrize(
    ("item", "raw", "why"),
    [
        (field("number"), "约十", "不是数"), (field("number"), "1e30", "大得不合常理"),
        (field("number"), "0.1234567", "六位"), (field("number"), "NaN", "大得不合常理"),
        (field("money"), "500", "没有单位"), (field("money"), "500万元以上", "写法不对"),
        (field("money"), "0.001元", "最小单位"), (field("money"), "200亩", "没有单位"),
        (field("date"), "2024-02-30", "不是日期"), (field("date"), "今年", "不是日期"),
        (field("flag"), "也许", "“是”或“否”"),
        (field("choice", options={"a": "甲"}), "乙", "不在可选范围"),
        (field("region"), "兖州区", "区划代码"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why_and_what_to_write(item: Field, raw: Any, why: str) -> None:
    with pytest.raises(JigaiError, match=why) as error:
        read_value(item, raw)
    assert error.value.message.startswith("项目") and error.value.hint


def test_an_area_taken_otherwise_than_written_is_told() -> None:
    item = field("area")
    assert rounded(item, "160亩", 10_666_667) == ["项目“160亩”按最接近的 106,666.67 平方米记"]
    assert rounded(item, "30亩", 2_000_000) == rounded(item, 2_000_000, 2_000_000) == []


@given(st.decimals(-(10**6), 10**6, places=6))
def test_numbers_are_kept_exactly(number: Any) -> None:
    item = field("number")
    assert read_value(item, read_value(item, str(number))) == read_value(item, str(number))


@pytest.mark.parametrize(
    ("item", "one", "other", "same"),
    [
        (field("text"), "Y2 系列（Ａ）", "y2系列(a)", True),
        (field("text"), "Y2", "Y3", False),
        (field("enterprise"), {"id": 1, "name": "甲", "uscc": "X"},
         {"id": None, "name": "乙", "uscc": "X"}, True),
        (field("enterprise"), {"id": 1, "name": "甲"}, {"id": 2, "name": "甲"}, False),
    ],
)  # fmt: skip
def test_keys_ignore_how_it_is_spelt(item: Field, one: Any, other: Any, same: bool) -> None:
    assert (key_part(item, one) == key_part(item, other)) is same
