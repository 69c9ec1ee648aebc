"""Makes the draft the register's schema, unless it breaks something that relies on a field."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.registers.access import require_design
from jigai.registers.models import Entry, Register, RegisterSchema
from jigai.registers.schema_checks import SchemaProblem, check_schema
from jigai.registers.shapes import Schema
from jigai.registers.term_uses import terms_reading


class SchemaRefused(JigaiError):
    """A schema with problems; each names its place and the fix."""

    def __init__(self, problems: list[SchemaProblem]) -> None:
        self.problems = problems
        told = "；".join(f"{p.where}：{p.message}" for p in problems[:5])
        super().__init__(
            "schema-problems", told, "；".join(dict.fromkeys(p.fix for p in problems[:5]))
        )


def publish_schema(*, register: Register, by: User, access: Access) -> RegisterSchema:
    """Publish the draft; from this moment entries are checked against it.

    Raises :class:`SchemaRefused` naming every problem and :class:`JigaiError` without a draft.
    """
    require_design(access, register)
    with transaction.atomic():
        found = (
            Register.objects.select_for_update(of=("self",)).select_related("current")
            .get(pk=register.pk)
        )  # fmt: skip
        draft = RegisterSchema.objects.filter(register=found, published=False).first()
        if draft is None:
            raise JigaiError("no-draft", "没有要发布的草稿", "先修改字段与规则")
        problems = problems_of(found, draft.schema)
        if problems:
            raise SchemaRefused(problems)
        make_current(found, draft, by)
    return draft


def problems_of(register: Register, schema: Schema) -> list[SchemaProblem]:
    """What is wrong within the schema, and with what is built on the one before."""
    return [*check_schema(schema), *_relied_on(register, schema)]


def _relied_on(register: Register, schema: Schema) -> Iterable[SchemaProblem]:
    """Fields that stored entries or formulas of policies still need."""
    before = register.current.schema if register.current else Schema()
    for term in terms_reading(register.code):
        if term.field and schema.field(term.field) is None:
            yield SchemaProblem(
                f"政策数据项“{term.name}”", f"它读取字段“{term.field}”，新结构里没有",
                f"把字段加回去，或先修改《{term.document}》",
            )  # fmt: skip
        if term.counting and term.counting not in {"total", *(c.id for c in schema.counting)}:
            yield SchemaProblem(
                f"政策数据项“{term.name}”", f"它读取计数规则“{term.counting}”，新结构里没有",
                f"把规则加回去，或先修改《{term.document}》",
            )  # fmt: skip
    for old in before.fields:
        new = schema.field(old.id)
        used = Entry.objects.filter(register=register, values__has_key=old.id)
        if new is not None and new.type != old.type and used.exists():
            yield SchemaProblem(
                f"字段“{old.label}”", "已有条目填了它，不能改类型", "另加一个字段，旧字段留着或删去"
            )
    switched = bool(before.fields) and before.editions != schema.editions
    if switched and Entry.objects.filter(register=register).exists():
        yield SchemaProblem("分版次", "已有条目，不能再改是否分版次", "另建一个名录")


def make_current(register: Register, draft: RegisterSchema, by: User | None) -> None:
    """The published version becomes the register's; the caller holds its row."""
    draft.published, draft.published_by, draft.published_at = True, by, timezone.now()
    draft.save()
    register.current, register.state = draft, Register.State.PUBLISHED
    register.__dict__.pop("schema", None)
    register.version += 1
    register.save(update_fields=["current", "state", "version"])
