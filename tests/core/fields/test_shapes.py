"""A field out of plain data."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from jigai.core.fields.shapes import (
    IDENTIFIER,
    PLAIN_TYPES,
    TYPES,
    Field,
    only,
    pairs,
    read_field,
    text,
    truth,
    whole,
    words,
)
from jigai.errors import JigaiError


def test_the_least_is_a_text() -> None:
    found = read_field({"id": "phone", "label": "联系电话"})
    assert found == Field("phone", "联系电话", "text")
    assert not found.required and not found.public and found.options == {}


def test_everything_a_field_may_say() -> None:
    content: dict[str, Any] = {
        "id": " level ", "label": "级别", "type": "choice", "unit": None,
        "options": {"province": "省级", "city": "市级"}, "required": "是", "many": "no",
        "public": True, "mask": "range", "steps": [100, "200万元"], "help": "见文件",
    }  # fmt: skip
    found = read_field(content)
    assert found == Field(
        "level", "级别", "choice", options={"province": "省级", "city": "市级"}, required=True,
        public=True, mask="range", steps=("100", "200万元"), help="见文件",
    )  # fmt: skip


def test_what_was_read_reads_the_same_again() -> None:
    item = read_field({"id": "kind", "label": "种类", "type": "choice", "options": {"b": "乙"}})
    assert read_field(asdict(item)) == item
    # Stored objects sort their keys: options kept as pairs stay in order.
    order = {"province": "省级", "city": "市级", "a": "县级"}
    kept = {**asdict(item), "options": pairs(order)}
    assert list(read_field(kept).options.items()) == list(order.items())


def test_a_key_that_does_not_exist_is_named() -> None:
    with pytest.raises(JigaiError, match="字段“级别”里不认识“colour、typ”") as error:
        read_field({"id": "level", "label": "级别", "typ": "text", "colour": "red"})
    assert error.value.code == "schema-shape" and "options" in error.value.hint


def test_a_type_nobody_knows_is_left_to_whoever_checks_the_whole() -> None:
    assert read_field({"id": "a", "label": "甲", "type": "phone"}).type == "phone"


def test_the_label_shows_the_unit() -> None:
    assert Field("power", "功率", "number", unit="kW").shown_label == "功率（kW）"
    assert Field("power", "功率", "number").shown_label == "功率"


def test_types_without_registers() -> None:
    assert set(TYPES) - set(PLAIN_TYPES) == {"entry"}
    assert all(TYPES[kind] == word for kind, word in PLAIN_TYPES.items())


@pytest.mark.parametrize(
    ("name", "fits"),
    [("level_2", True), ("a", True), ("Level", False), ("2a", False), ("级别", False),
     ("a" * 41, False), ("a-b", False)],
)  # fmt: skip
def test_identifiers(name: str, fits: bool) -> None:
    assert bool(IDENTIFIER.fullmatch(name)) is fits


@pytest.mark.parametrize(
    ("value", "read"),
    [(True, True), ("yes", True), (" 是 ", True), (1, True), ("on", True), (False, False),
     ("no", False), ("", False), (None, False), ("否", False)],
)  # fmt: skip
def test_truth(value: Any, read: bool) -> None:
    assert truth(value) is read


def test_small_readers() -> None:
    assert text({"a": " 甲 ", "b": None}, "a") == "甲"
    assert text({"b": None}, "b") == text({}, "c") == ""
    assert words(None) == {} and words([["a", 1]]) == words({"a": 1}) == {"a": "1"}
    assert (
        whole(None, "天数") == whole("", "天数") == 0 and whole("30", "天数") == whole(30, "") == 30
    )


@pytest.mark.parametrize("value", ["soon", "-1", 1.5, -1])
def test_a_length_must_be_whole(value: Any) -> None:
    with pytest.raises(JigaiError, match="天数") as error:
        whole(value, "天数")
    assert error.value.code == "schema-shape" and error.value.hint


def test_who_reads_may_use_a_code_of_its_own() -> None:
    only({"a": 1}, frozenset("ab"), "步骤")
    with pytest.raises(JigaiError) as odd:
        only({"c": 1}, frozenset("ab"), "步骤", "step-shape")
    with pytest.raises(JigaiError) as number:
        whole("x", "时限", "step-shape")
    assert odd.value.code == number.value.code == "step-shape"
    assert "a、b" in odd.value.hint
