"""Values of recorded rows as people read them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from jigai.core.audit.tables import Table
from jigai.core.models.user import User
from jigai.core.screens import formats

# Made by the platform from other columns, or only a count of changes.
_SILENT = frozenset({"id", "pinyin", "initials", "version", "search"})
_NAMES = ("name", "title", "username", "number", "code", "day")
_LONGEST = 160


@dataclass(frozen=True, slots=True)
class Diff:
    """One field before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Labels:
    """Names of the rows that recorded rows refer to, fetched table by table."""

    known: dict[tuple[Any, Any], str]

    @classmethod
    def of(cls, pairs: Iterable[tuple[Table, Any, Any]]) -> Labels:
        """Everything that a page refers to."""
        wanted: dict[Any, set[Any]] = {User: set()}
        for table, *events in pairs:
            for event in filter(None, events):
                context = getattr(event, "pgh_context", None)
                if context is not None:
                    wanted[User].add(context.metadata.get("user"))
                for field in references(table):
                    wanted.setdefault(field.related_model, set()).add(getattr(event, field.attname))
        known = {}
        for model, keys in wanted.items():
            for key, row in model._default_manager.in_bulk([k for k in keys if k]).items():
                known[model, key] = str(row)
        return cls(known)

    def name(self, model: Any, key: Any) -> str:
        """The name of a row; its number where it is gone."""
        return formats.ABSENT if key is None else self.known.get((model, key), f"#{key}")

    def person(self, key: Any) -> str:
        """Who did it; without a person it was the platform itself."""
        return self.name(User, key) if key else "平台"


def references(table: Table) -> list[Any]:
    """The columns that refer to rows of other tables."""
    return [f for f in table.tracked._meta.fields if f.related_model and _has(table, f)]


def label_of(table: Table, event: Any, labels: Labels) -> str:
    """What the record is called."""
    for name in _NAMES:
        value = getattr(event, name, None)
        if value:
            return str(value)
    parts = [labels.name(f.related_model, getattr(event, f.attname)) for f in references(table)]
    return (
        " · ".join(part for part in parts[:2] if part != formats.ABSENT) or f"#{event.pgh_obj_id}"
    )


def diffs_of(table: Table, event: Any, old: Any, labels: Labels) -> list[Diff]:
    """What changed; of a new or deleted row everything that had a value."""
    is_gone = event.pgh_label == "delete"
    found = []
    for field in table.tracked._meta.fields:
        if field.name in _SILENT or not _has(table, field):
            continue
        now = getattr(event, field.attname)
        was = getattr(old, field.attname) if old is not None else None
        if is_gone:
            was, now = now, None
        elif event.pgh_label == "insert":
            was = None
        if was == now or (was in (None, "", []) and now in (None, "", [])):
            continue
        found.append(
            Diff(str(field.verbose_name), _said(field, was, labels), _said(field, now, labels))
        )
    return found


def _has(table: Table, field: Any) -> bool:
    return any(f.attname == field.attname for f in table.model._meta.fields)


def _said(field: Any, value: Any, labels: Labels) -> str:
    if value is None or value == "" or value == []:
        return formats.ABSENT
    if field.related_model:
        return labels.name(field.related_model, value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime):
        return formats.moment(value)
    if field.name.endswith("_fen") and isinstance(value, int):
        return f"{formats.yuan(value)} 元"
    if field.name == "mobile":
        return f"{value[:3]}****{value[-4:]}"
    text = "、".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
