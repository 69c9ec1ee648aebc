"""Keeps the draft of a register's schema while somebody works on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.registers.access import require_design
from jigai.registers.models import Register, RegisterSchema
from jigai.registers.shapes import Schema, read_schema


def save_draft(
    *, register: Register, content: Mapping[str, Any], by: User, access: Access,
    version: int | None = None,
) -> RegisterSchema:  # fmt: skip
    """The one draft of the register with this content; a draft may be unfinished.

    Raises :class:`JigaiError` when somebody else saved it since ``version``, and what
    :func:`read_schema` raises.
    """
    require_design(access, register)
    schema = read_schema(content)
    with transaction.atomic():
        Register.objects.select_for_update(of=("self",)).get(pk=register.pk)
        draft = RegisterSchema.objects.filter(register=register, published=False).first()
        if draft is None:
            draft = RegisterSchema(
                register=register, number=next_number(register), created_by=by, version=0
            )
        elif version is not None and draft.version != version:
            raise JigaiError(
                "draft-changed", "这份草稿刚被别人改动过", "刷新页面，看过新的内容再改"
            )
        put(draft, schema)
        draft.version += 1
        draft.save()
    return draft


def discard_draft(*, register: Register, access: Access) -> None:
    """Throw the draft away."""
    require_design(access, register)
    RegisterSchema.objects.filter(register=register, published=False).delete()


def put(row: RegisterSchema, schema: Schema) -> None:
    """The content of a version."""
    row.content, row.sha256 = schema.content(), schema.sha256
    row.__dict__.pop("schema", None)


def next_number(register: Register) -> int:
    """The number of the next version."""
    last = RegisterSchema.objects.filter(register=register).aggregate(last=Max("number"))["last"]
    return int(last or 0) + 1
