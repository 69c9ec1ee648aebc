"""Boxes made from fields: what stands in them comes back as it was, what is typed is readable."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given as each
from hypothesis import strategies as st

from jigai.core.fields.controls import control, given, written
from jigai.core.fields.shapes import TYPES, Field
from jigai.core.fields.values import read_value
from jigai.core.screens.list_filters import ListFilters, RegionField

FIRM = {"id": 7, "name": "示例有限公司", "uscc": "91370800MA00000001"}


def field(kind: str, **more: Any) -> Field:
    return Field("a", "项目", kind, **more)


@each(st.integers(-(10**13), 10**13))
def test_money_comes_back_from_its_box_to_the_fen(fen: int) -> None:
    item = field("money")
    assert read_value(item, written(item, fen)) == fen


@each(st.integers(0, 10**9))
def test_areas_come_back_to_the_unit(area: int) -> None:
    item = field("area")
    assert read_value(item, written(item, area)) == area


@pytest.mark.parametrize(
    ("item", "stored", "box"),
    [
        (field("money"), 500_000_050, "5000000.5元"),
        (field("money"), 10**12, "1000000000000分"),
        (field("area"), 105, "1.05平方米"),
        (field("flag"), False, "否"),
        (field("choice", options={"a": "甲"}), "a", "a"),
        (field("number"), "7.5", "7.5"),
        (field("date"), "2024-03-01", "2024-03-01"),
        (field("text", many=True), ["Y2", "Y3"], "Y2、Y3"),
        (field("enterprise"), FIRM, "示例有限公司"),
        (field("file"), {"id": 1, "name": "证明.pdf"}, None),
        (field("text"), None, None),
    ],
)
def test_what_stands_in_the_box(item: Field, stored: Any, box: Any) -> None:
    assert written(item, stored) == box


@pytest.mark.parametrize("kind", TYPES)
def test_every_type_has_a_box_with_its_label(kind: str) -> None:
    made = control(field(kind, required=True, unit="台", options={"a": "甲"}))
    assert made.label == "项目（台）"
    # A file that is there already need not be chosen again: the rules know, the browser does not.
    assert made.required is (kind != "file")


@pytest.mark.parametrize(
    ("item", "kind", "widget"),
    [
        (field("text"), forms.CharField, forms.TextInput),
        (field("text", many=True), forms.CharField, forms.Textarea),
        (field("long"), forms.CharField, forms.Textarea),
        (field("date"), forms.DateField, forms.DateInput),
        (field("flag"), forms.ChoiceField, forms.Select),
        (field("choice", options={"a": "甲"}), forms.ChoiceField, forms.Select),
        (field("region"), RegionField, forms.Select),
        (field("file"), forms.FileField, forms.ClearableFileInput),
    ],
)
def test_the_box_suits_the_type(item: Field, kind: type, widget: type) -> None:
    made = control(item)
    assert isinstance(made, kind) and isinstance(made.widget, widget)


def test_help_is_the_fields_own_before_that_of_its_type() -> None:
    assert control(field("money")).help_text == "写上单位，如 500万元"
    assert control(field("money", help="含税")).help_text == "含税"
    assert "用顿号或换行隔开" in control(field("text", many=True)).help_text
    assert control(field("text")).help_text == ""


def test_a_choice_takes_its_codes_and_nothing_else() -> None:
    made = control(field("choice", required=True, options={"b": "乙", "a": "甲"}))
    assert isinstance(made, forms.ChoiceField)
    assert made.clean("a") == "a"
    assert list(made.choices) == [("", "请选择"), ("b", "乙"), ("a", "甲")]
    for raw in ("", "c", "甲"):
        with pytest.raises(forms.ValidationError):
            made.clean(raw)


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        # The name as it stood there keeps what it stood for; another is another firm.
        (" 示例有限公司 ", FIRM),
        ("示例二有限公司", {"name": "示例二有限公司"}),
        ("91370800ma00000002", {"uscc": "91370800ma00000002"}),
        ("", ""),
    ],
)
def test_an_enterprise_by_name_or_code(raw: str, read: Any) -> None:
    assert given(field("enterprise"), raw, {"a": FIRM}) == read


def test_an_entry_by_name() -> None:
    before = {"id": 3, "name": "一号园区"}
    assert given(field("entry"), "一号园区", {"a": before}) == before
    assert given(field("entry"), "二号园区", {"a": before}) == "二号园区"
    assert given(field("entry"), "一号园区", {}) == "一号园区"


def test_a_file_stays_until_another_is_chosen() -> None:
    item, before = field("file"), {"id": 5, "name": "旧.pdf"}
    assert given(item, None, {"a": before}) == before
    assert given(item, SimpleUploadedFile("新.pdf", b"x"), {"a": before}) == {"name": "新.pdf"}
    assert given(item, None, {}) is None


def test_plain_values_are_taken_as_typed() -> None:
    assert given(field("money"), "500万元", {"a": 1}) == "500万元"


class _Narrowing(ListFilters):
    place = RegionField()


class _Filling(forms.Form):
    place = RegionField()
    limit = RegionField(empty="不限")


def test_a_region_not_chosen_is_all_of_a_list_and_an_answer_still_owed_in_a_form() -> None:
    def first(bound: forms.BoundField) -> str:
        return re.findall(r"<option[^>]*>([^<]*)<", str(bound))[0]

    assert first(_Narrowing()["place"]) == "全部"
    assert first(_Filling()["place"]) == "请选择"
    assert first(_Filling()["limit"]) == "不限"
    # The form of a list does not change the boxes of other forms.
    assert first(_Filling()["place"]) == "请选择"
    made = control(field("region"))
    assert re.findall(r">([^<]*)</option", made.widget.render("v", ""))[0] == "请选择"
