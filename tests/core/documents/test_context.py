"""Values for a template: plain, printable, and not the ones the issuing sets itself."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from jigai.core.documents import letter
from jigai.core.documents.context import (
    LONGEST,
    RESERVED,
    chinese_day,
    context_of,
    one_line,
    plain,
    summary_of,
)
from jigai.errors import JigaiError


@settings(max_examples=100)
@given(st.text(alphabet=st.characters(), max_size=60))
def test_any_text_becomes_one_that_xml_holds(text: str) -> None:
    element = etree.Element("a")
    element.text = plain(text)
    assert etree.fromstring(etree.tostring(element)).text in (plain(text), None)
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a\x00b\x07c\x0cd\x1be\x7ff", "abcdef"),
        ("一\r\n二\r三\u2028四", "一\n二\n三\n四"),
        ("金额\u202e001\u202c元\u200b\ufeff", "金额001元"),
        ("\ud800坏", "坏"),
        ("𠮷兖　“中”\t<w:p>", "𠮷兖　“中”\t<w:p>"),
    ],
)
def test_signs_that_deceive_or_break_are_gone(given: str, kept: str) -> None:
    assert plain(given) == kept


def test_values_become_plain_json() -> None:
    found = context_of(
        {"a": None, "b": 3, "c": ("x\x00", dt.date(2026, 3, 5)), "d": {"e\x00": "f"}, "g": True}
    )
    assert found == {"a": "", "b": 3, "c": ["x", "2026年3月5日"], "d": {"e": "f"}, "g": True}
    assert chinese_day(dt.date(2026, 11, 22)) == "2026年11月22日"


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_what_the_issuing_sets_cannot_be_given(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        context_of({name: "别的"})


@pytest.mark.parametrize("value", [1.5, object(), b"bytes", {"a": {1.5}}])
def test_a_value_that_cannot_be_printed_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="cannot be printed"):
        context_of({"a": value})


def test_far_too_much_text_is_refused_and_a_long_notice_is_not() -> None:
    assert context_of({"a": ["字" * (LONGEST - 1), "字"]})
    with pytest.raises(JigaiError) as problem:
        context_of({"a": ["字" * LONGEST, {"b": "字"}]})
    assert problem.value.code == "document-too-long"
    assert f"{LONGEST + 1} 字" in problem.value.message


def test_one_line_is_one_line_within_its_length() -> None:
    assert one_line(" 补正\n通知书\x00 ", "文书名称", 8) == "补正 通知书"
    with pytest.raises(JigaiError, match="文号有 9 字，最多 8 字"):
        one_line("九" * 9, "文号", 8)
    with pytest.raises(JigaiError, match="缺少撤销原因"):
        one_line(" \u200b", "撤销原因", 8, required=True)


def test_the_summary_keeps_its_order() -> None:
    pairs = [("事项", "奖补"), ("申请单位", "示例**公司\n"), ("a", "")]
    kept = [["事项", "奖补"], ["申请单位", "示例**公司"], ["a", ""]]
    assert summary_of(pairs) == summary_of(dict(pairs)) == kept
    with pytest.raises(ValueError, match="21 lines"):
        summary_of([("a", "b")] * 21)
    with pytest.raises(JigaiError, match="公开摘要“a”有 301 字"):
        summary_of({"a": "字" * 301})


def test_a_letter_has_a_table_only_with_rows_as_long_as_the_header() -> None:
    bare = letter(addressee="甲", paragraphs=["乙"], organ="丙", table_header=["丁"])
    assert bare["table"] is None and bare["closing"] == "特此通知。"
    with pytest.raises(ValueError, match="1 rows"):
        letter(
            addressee="甲", paragraphs=[], organ="丙", table_header=["丁"], table_rows=[["1", "2"]]
        )
