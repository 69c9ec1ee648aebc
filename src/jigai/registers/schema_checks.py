"""What is wrong with a schema, before anybody can publish it: every problem with its fix."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jigai.core.fields.formulas import compiled
from jigai.core.fields.shapes import IDENTIFIER, MASKS, NAMING, TYPES, Field
from jigai.errors import JigaiError
from jigai.registers.masks import range_bounds
from jigai.registers.shapes import VALIDITIES, Schema

# Names of columns that every batch file may have besides the fields.
RESERVED = frozenset({"entry_from", "entry_until", "entry_edition", "entry_source"})


@dataclass(frozen=True, slots=True)
class SchemaProblem:
    """Where (a field's label or the name of a rule), what, and what to do."""

    where: str
    message: str
    fix: str

    def __str__(self) -> str:
        return f"{self.where}：{self.message}。{self.fix}"


def check_schema(schema: Schema) -> list[SchemaProblem]:
    """Every problem; an empty list means the schema may be published."""
    return [
        *_fields(schema), *_references(schema), *_public(schema), *_validity(schema),
        *_formulas(schema),
    ]  # fmt: skip


def _fields(schema: Schema) -> Iterator[SchemaProblem]:
    if not schema.fields:
        yield SchemaProblem("字段", "还没有字段", "至少加一个字段")
    ids: set[str] = set()
    labels: set[str] = set()
    for item in schema.fields:
        where = f"字段“{item.label or item.id}”"
        if not item.label:
            yield SchemaProblem(where, "没有名称", "填写中文名称")
        if not IDENTIFIER.fullmatch(item.id) or item.id in RESERVED:
            yield SchemaProblem(
                where, f"代号“{item.id}”不能用", "用小写字母开头，只含小写字母、数字和下划线"
            )
        if item.id in ids or item.label in labels:
            yield SchemaProblem(where, "名称或代号与前面的字段重复", "改名或删去一个")
        ids.add(item.id)
        labels.add(item.label)
        yield from _one(item, where)


def _one(item: Field, where: str) -> Iterator[SchemaProblem]:
    if item.type not in TYPES:
        yield SchemaProblem(where, f"没有“{item.type}”这种类型", f"可选：{'、'.join(TYPES)}")
    if item.type == "choice" and not item.options:
        yield SchemaProblem(where, "选项类型还没有选项", "逐行填写选项")
    if item.type == "entry" and not item.register:
        yield SchemaProblem(where, "没有说明引用哪个名录", "选择被引用的名录")
    if item.many and item.type != "text":
        yield SchemaProblem(where, "只有文字类型可以填多个值", "改类型为文字，或取消多值")
    if item.mask not in MASKS:
        yield SchemaProblem(where, f"没有“{item.mask}”这种遮盖方式", "重新选择遮盖方式")
    if item.mask == "range":
        if item.type not in ("number", "money", "area"):
            yield SchemaProblem(where, "只有数值、金额和面积能露区间", "换一种遮盖方式")
        else:
            try:
                range_bounds(item)
            except JigaiError as error:
                yield SchemaProblem(where, error.message, error.hint)


def _references(schema: Schema) -> Iterator[SchemaProblem]:
    named = schema.field(schema.title)
    if schema.title == "" or named is None:
        yield SchemaProblem(
            "条目名称", f"没有字段“{schema.title}”可以作条目名称" if schema.title
            else "没有指定用哪个字段作条目名称", "选择一个文字或企业字段",
        )  # fmt: skip
    elif named.type not in NAMING or named.many:
        yield SchemaProblem("条目名称", f"字段“{named.label}”不能作条目名称", "选择文字或企业字段")
    for name, wanted, what in (
        (schema.subject, "enterprise", "所属企业"), (schema.region, "region", "所在地区"),
        (schema.consent, "flag", "同意公开"),
    ):  # fmt: skip
        found = schema.field(name)
        if name and (found is None or found.type != wanted):
            yield SchemaProblem(
                what, f"字段“{name}”不存在或类型不是{TYPES[wanted]}", "重新选择，或把字段加回去"
            )
    for name in schema.unique:
        found = schema.field(name)
        if found is None:
            yield SchemaProblem("唯一", f"字段“{name}”已不存在", "把字段加回去，或从唯一里去掉")
        elif found.type == "file" or found.many:
            yield SchemaProblem("唯一", f"字段“{found.label}”不能用来判重", "换一个字段")


def _public(schema: Schema) -> Iterator[SchemaProblem]:
    for item in schema.fields:
        if item.public and item.mask == "hide":
            yield SchemaProblem(
                f"公开页的字段“{item.label}”", "公开页要显示它，遮盖方式却是“不公开”",
                "去掉“公开”，或把遮盖方式改成只露首字、区间或同意后公开",
            )  # fmt: skip
        if item.public and item.mask == "consent" and not schema.consent:
            yield SchemaProblem(
                f"公开页的字段“{item.label}”", "要同意后公开，却没有指定同意字段",
                "加一个“是否”字段并指定为同意公开的字段",
            )  # fmt: skip
        if item.public and item.type == "file":
            yield SchemaProblem(f"公开页的字段“{item.label}”", "证据文件不能公开", "去掉“公开”")


def _validity(schema: Schema) -> Iterator[SchemaProblem]:
    rule = schema.validity
    if rule.kind not in VALIDITIES:
        yield SchemaProblem("有效期", f"没有“{rule.kind}”这种有效期", "重新选择")
    if rule.kind == "field":
        found = schema.field(rule.field)
        if found is None or found.type != "date":
            yield SchemaProblem("有效期", f"字段“{rule.field}”不存在或不是日期", "选择一个日期字段")
    if rule.kind in ("months", "years") and not rule.count:
        yield SchemaProblem("有效期", "没有写有多长", "填写月数或年数")
    if rule.kind == "edition" and not schema.editions:
        yield SchemaProblem(
            "有效期", "有效期随版次，但名录没有分版次", "打开分版次，或换一种有效期"
        )
    if schema.lines and not schema.editions:
        yield SchemaProblem("并列的目录", "没有分版次，不能分几条线", "打开分版次，或去掉")


def _formulas(schema: Schema) -> Iterator[SchemaProblem]:
    rules = [("准入规则", schema.admission)] if schema.admission else []
    rules += [(f"校验规则 {n}", v.rule) for n, v in enumerate(schema.validations, 1)]
    rules += [(f"计数规则“{c.name}”", c.when) for c in schema.counting if c.when]
    for where, formula in rules:
        try:
            compiled(schema.fields, formula, schema.constants, where=where)
        except JigaiError as error:
            yield SchemaProblem(where, error.message.removeprefix(f"{where}："), error.hint)
    for number, item in enumerate(schema.validations, 1):
        if not item.say:
            yield SchemaProblem(
                f"校验规则 {number}", "没有写不符合时的提示", "写一句话说明哪里不对"
            )
    ids = [c.id for c in schema.counting]
    if len(ids) != len(set(ids)) or "total" in ids:
        yield SchemaProblem("计数规则", "代号重复，或用了保留的 total", "换一个代号")
