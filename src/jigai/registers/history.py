"""What was changed in an entry or a register: who, when, from what to what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import Model

from jigai.core.fields.values import show_value
from jigai.core.models import User
from jigai.core.screens import formats
from jigai.registers.models import Entry, Register
from jigai.registers.shapes import Schema

_SILENT = frozenset(
    {"id", "pinyin", "version", "words", "key", "search", "origin", "batch", "source_row",
     "created_by", "created_at", "register"}
)  # fmt: skip
_MOST = 100


@dataclass(slots=True)
class Step:
    """One recorded change; ``diffs`` are (label, before, after)."""

    at: dt.datetime
    kind: str
    who: str
    reason: str
    diffs: list[tuple[str, str, str]] = field(default_factory=list)


def history_of(row: Entry | Register, schema: Schema) -> list[Step]:
    """The newest changes first, at most a hundred."""
    model = apps.get_model(f"{type(row)._meta.label}Event")
    events = list(
        model.objects.filter(pgh_obj_id=row.pk).select_related("pgh_context").order_by("-pgh_id")[
            : _MOST + 1
        ]
    )  # fmt: skip
    users = [e.pgh_context.metadata.get("user") for e in events if e.pgh_context]
    names = {u.pk: str(u) for u in User.objects.filter(pk__in=[u for u in users if u])}
    found = []
    for place, event in enumerate(events[:_MOST]):
        before = events[place + 1] if place + 1 < len(events) else None
        step = _step(event, before, names, type(row), schema)
        if step.diffs:
            found.append(step)
    return found


def _step(
    event: Any, before: Any, names: dict[int, str], model: type[Model], schema: Schema
) -> Step:
    context = event.pgh_context.metadata if event.pgh_context else {}
    who = names.get(context.get("user") or 0, "平台")
    kind = {"insert": "新增", "update": "修改", "delete": "删除"}.get(event.pgh_label, "")
    return Step(event.pgh_created_at, kind, who, str(context.get("reason") or ""),
                list(_diffs(event, before, model, schema)))  # fmt: skip


def _diffs(event: Any, before: Any, model: type[Model], schema: Schema) -> Any:
    for column in model._meta.concrete_fields:
        if column.name in _SILENT or not hasattr(event, column.attname):
            continue
        new = getattr(event, column.attname)
        old = getattr(before, column.attname) if before is not None else None
        if new == old:
            continue
        if column.name == "values":
            yield from _value_diffs(old or {}, new or {}, schema)
        else:
            label = str(column.verbose_name)
            yield label, _told(column, old), _told(column, new)


def _value_diffs(old: dict[str, Any], new: dict[str, Any], schema: Schema) -> Any:
    for name in dict.fromkeys([*old, *new]):
        if old.get(name) == new.get(name):
            continue
        item = schema.field(name)
        show = (lambda value, f=item: show_value(f, value)) if item else str
        yield (
            item.label if item else f"{name}（已删字段）",
            show(old[name]) if name in old else formats.ABSENT,
            show(new[name]) if name in new else formats.ABSENT,
        )


def _told(column: Any, value: Any) -> str:
    if value in (None, "", []):
        return formats.ABSENT
    if getattr(column, "choices", None):
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.date):
        return formats.day(value)
    return "、".join(map(str, value)) if isinstance(value, Sequence | list) and not isinstance(
        value, str
    ) else str(value)  # fmt: skip
