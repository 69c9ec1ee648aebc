"""What a register's schema may be: every mistake is named with its place and the fix."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from jigai.core.access import Denied, access_of
from jigai.core.fields.formulas import many_true
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.registers.models import Register, RegisterSchema
from jigai.registers.schema_checks import check_schema
from jigai.registers.services.edit_schema import save_draft
from jigai.registers.services.publish_schema import SchemaRefused, publish_schema
from jigai.registers.services.save_register import save_register
from jigai.registers.shapes import read_schema
from tests.factories import COUNTY, SIBLING, make_user
from tests.registers.conftest import FIELDS, SCHEMA, List, Make


def test_a_unit_formulas_do_not_know_makes_a_plain_number() -> None:
    power = {"id": "power", "label": "功率", "type": "number", "unit": "kW"}
    rules = {
        "validations": [{"rule": "功率 > 起点", "say": "功率太小"}],
        "admission": "",
        "constants": {"起点": "7"},
    }
    schema = read_schema(changed(fields=[*FIELDS, power], **rules))
    assert check_schema(schema) == []
    rows: list[dict[str, Any]] = [{"power": "7.5"}, {"power": "7"}, {}]
    for times in (1, 30):
        told = many_true(schema.fields, "功率 > 起点", rows * times, schema.constants)
        assert told == [True, False, None] * times


def test_options_and_lines_keep_their_order_where_they_are_stored(make_register: Make) -> None:
    # Stored objects sort their keys by length, so the longest code first tells.
    words = {"province": "省级", "city": "市级", "a": "县级"}
    fields_ = [f | {"options": words} if f["id"] == "level" else f for f in FIELDS]
    made = make_register("ordered", fields=fields_, editions=True, lines=words)
    fresh = RegisterSchema.objects.get(register=made).schema
    assert list(fresh.lines.items()) == list(words.items())
    level = fresh.field("level")
    assert level is not None and list(level.options) == ["province", "city", "a"]
    # Another order is another schema; versions stored as objects are read all the same.
    other = read_schema({**fresh.content(), "lines": dict(reversed(words.items()))})
    assert other.lines == fresh.lines and other.sha256 != fresh.sha256


PHONE = {"id": "phone", "label": "联系电话", "type": "text"}


def changed(**changes: Any) -> dict[str, Any]:
    return {**SCHEMA, **changes}


def fields(**changes: Any) -> list[dict[str, Any]]:
    """The fields with the phone's replaced."""
    return [*FIELDS[:-1], {**PHONE, **changes}]


def test_a_sound_schema_has_no_problems() -> None:
    assert check_schema(read_schema(SCHEMA)) == []


@pytest.mark.parametrize(
    ("changes", "where", "fix"),
    [
        ({"fields": []}, "字段", "至少加一个字段"),
        ({"fields": fields(public="yes", mask="hide")}, "公开页的字段“联系电话”", "去掉“公开”"),
        (
            {"fields": fields(public="yes", mask="consent")},
            "公开页的字段“联系电话”",
            "同意公开的字段",
        ),
        ({"fields": fields(mask="range")}, "字段“联系电话”", "换一种遮盖方式"),
        ({"fields": fields(id="Phone")}, "字段“联系电话”", "小写字母开头"),
        ({"fields": fields(id="entry_from")}, "字段“联系电话”", "小写字母开头"),
        ({"fields": fields(label="级别")}, "字段“级别”", "改名或删去一个"),
        ({"fields": fields(type="phone")}, "字段“联系电话”", "可选"),
        ({"fields": fields(type="choice")}, "字段“联系电话”", "逐行填写选项"),
        ({"fields": fields(type="number", many="yes")}, "字段“联系电话”", "改类型为文字"),
        ({"fields": fields(type="entry")}, "字段“联系电话”", "选择被引用的名录"),
        ({"fields": fields(type="file", public="yes")}, "公开页的字段“联系电话”", "去掉“公开”"),
        ({"title": ""}, "条目名称", "选择一个文字或企业字段"),
        ({"title": "revenue"}, "条目名称", "选择文字或企业字段"),
        ({"subject": "phone"}, "所属企业", "重新选择"),
        ({"unique": ["gone"]}, "唯一", "把字段加回去"),
        ({"validity": {"kind": "field", "field": "phone"}}, "有效期", "选择一个日期字段"),
        ({"validity": {"kind": "years"}}, "有效期", "填写月数或年数"),
        ({"validity": {"kind": "edition"}}, "有效期", "打开分版次"),
        ({"admission": "从业人员 > 0"}, "准入规则", "把字段加回去，或改公式"),
        ({"admission": "营业收入 > 20000"}, "准入规则", ""),
        ({"admission": "达到(营业收入, 收入起点"}, "准入规则", "检查括号"),
        ({"constants": {}}, "准入规则", "把字段加回去，或改公式"),
        ({"validations": [{"rule": "级别 = '省级'", "say": ""}]}, "校验规则 1", "写一句话"),
        ({"counting": [{"id": "total", "name": "x"}]}, "计数规则", "换一个代号"),
        (
            {"counting": [{"id": "a", "name": "大", "when": "规模 = '大'"}]},
            "计数规则“大”",
            "把字段加回去",
        ),
    ],
)
def test_every_mistake_is_named_with_its_fix(changes: dict[str, Any], where: str, fix: str) -> None:
    found = check_schema(read_schema(changed(**changes)))
    assert any(p.where == where and fix in p.fix and p.message for p in found), found


def test_a_dropped_field_breaks_the_rule_that_names_it() -> None:
    found = check_schema(read_schema(changed(fields=[f for f in FIELDS if f["id"] != "revenue"])))
    (problem,) = found
    assert problem.where == "准入规则" and "“营业收入”" in problem.message


@pytest.mark.parametrize("content", [{"colour": "red"}, {"fields": [{"id": "a", "typ": "text"}]},
                                     {"validity": {"length": 3}}, {"remind": "soon"}])  # fmt: skip
def test_keys_and_numbers_that_are_none(content: dict[str, Any]) -> None:
    with pytest.raises(JigaiError) as error:
        read_schema(content)
    assert error.value.code == "schema-shape" and error.value.hint


def test_the_content_round_trips_and_equal_schemas_hash_alike() -> None:
    schema = read_schema(SCHEMA)
    assert read_schema(schema.content()) == schema
    assert read_schema(schema.content()).sha256 == schema.sha256
    assert read_schema(changed(k=4)).sha256 != schema.sha256


@pytest.mark.django_db
class TestPublishing:
    """The draft and what relies on the version before."""

    def test_a_published_version_never_changes(self, register: Register) -> None:
        assert register.current is not None
        for act in (
            lambda: RegisterSchema.objects.filter(published=True).update(content={}),
            lambda: RegisterSchema.objects.filter(published=True).delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                act()

    def test_a_broken_draft_is_kept_but_not_published(
        self, register: Register, clerk: User
    ) -> None:
        access = access_of(clerk)
        broken = changed(fields=fields(public="yes", mask="hide"))
        save_draft(register=register, content=broken, by=clerk, access=access)
        with pytest.raises(SchemaRefused) as error:
            publish_schema(register=register, by=clerk, access=access)
        assert "联系电话" in error.value.message and "去掉“公开”" in error.value.hint
        register.refresh_from_db()
        assert register.current.number == 1

    def test_a_type_in_use_stays(self, register: Register, clerk: User, listed: List) -> None:
        listed(register, phone="0537-0000000")
        access = access_of(clerk)
        save_draft(register=register, content=changed(fields=fields(type="number")), by=clerk,
                   access=access)  # fmt: skip
        with pytest.raises(SchemaRefused, match="不能改类型"):
            publish_schema(register=register, by=clerk, access=access)

    def test_two_people_do_not_overwrite_each_other(self, register: Register, clerk: User) -> None:
        access = access_of(clerk)
        first = save_draft(register=register, content=SCHEMA, by=clerk, access=access)
        save_draft(register=register, content=changed(k=9), by=clerk, access=access,
                   version=first.version)  # fmt: skip
        with pytest.raises(JigaiError) as error:
            save_draft(register=register, content=SCHEMA, by=clerk, access=access,
                       version=first.version)  # fmt: skip
        assert error.value.code == "draft-changed"
        assert RegisterSchema.objects.get(published=False).schema.k == 9

    def test_who_may_design(self, register: Register, clerk: User) -> None:
        for person in (make_user("section-clerk", SIBLING), make_user("leader")):
            with pytest.raises(Denied):
                save_draft(register=register, content=SCHEMA, by=person, access=access_of(person))

    @pytest.mark.parametrize(
        ("changes", "code"),
        [({"code": "Bad Code"}, "bad-code"), ({"code": "inbox"}, "bad-code"),
         ({"code": "key-firms"}, "code-taken"), ({"name": "名录 key-firms"}, "name-taken"),
         ({"name": " "}, "no-name"), ({"kind": "heap"}, "bad-kind"),
         ({"region_code": SIBLING}, "out-of-reach"), ({"region_code": ""}, "out-of-reach")],
    )  # fmt: skip
    def test_what_is_no_register(
        self, register: Register, clerk: User, changes: dict[str, Any], code: str
    ) -> None:
        values = {"code": "other", "name": "另一名录", "kind": "list", "region_code": COUNTY}
        with pytest.raises(JigaiError) as error:
            save_register(values={**values, **changes}, by=clerk, access=access_of(clerk))
        assert error.value.code == code
