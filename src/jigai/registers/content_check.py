"""Reads a content file of a register and says what is wrong with it before anything is stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jigai.core.fields.shapes import truth
from jigai.errors import JigaiError
from jigai.registers.lifecycle import CODES
from jigai.registers.models import Register
from jigai.registers.schema_checks import check_schema
from jigai.registers.shapes import Schema, read_schema
from jigai.yaml_files import read_yaml

_PARTS = frozenset({"register", "schema", "editions", "entries"})
_REGISTER = frozenset(
    {"code", "name", "kind", "keeper", "region", "level", "purpose", "cadence", "admission",
     "note", "public", "systems", "items", "clause"}
)  # fmt: skip
_EDITION = frozenset({"id", "name", "number", "from", "to", "line", "note", "source"})
_ENTRY = frozenset({"edition", "from", "source", "values", "events"})
_EVENT = frozenset({"kind", "on", "reason", "document", "values"})
KIND_CODES = {str(word): str(code) for code, word in Register.Kind.choices}


@dataclass(frozen=True, slots=True)
class Content:
    """A file as read; ``register``, ``editions`` and ``entries`` still as written."""

    name: str
    register: Mapping[str, Any]
    schema: Schema
    editions: list[Mapping[str, Any]]
    entries: list[Mapping[str, Any]]
    # Only adds rows to a register that another file (or somebody) made; has no schema of its own.
    adds: bool = False


def check_file(path: Path) -> Content:
    """The content of a file.

    Raises :class:`JigaiError` (``content``) naming the file, the place in it and the fix.
    """
    whole = read_yaml(path)
    name = path.name
    _only(name, "最外层", whole, _PARTS)
    register = whole.get("register") or {}
    _only(name, "register", register, _REGISTER)
    editions, entries = list(whole.get("editions") or []), list(whole.get("entries") or [])
    if set(register) == {"code"} and "schema" not in whole:
        content = Content(name, register, Schema(), editions, entries, adds=True)
        _check_rows(content)
        return content
    for key in ("code", "name", "kind"):
        if not register.get(key):
            raise _wrong(name, "register", f"没有写 {key}", "补上")
    if register["kind"] not in KIND_CODES:
        raise _wrong(
            name, "register.kind", f"没有“{register['kind']}”这一类", "、".join(KIND_CODES)
        )
    try:
        schema = read_schema(whole.get("schema") or {})
    except JigaiError as error:
        raise _wrong(name, "schema", error.message, error.hint) from error
    problems = check_schema(schema)
    if problems:
        raise _wrong(name, f"schema {problems[0].where}", problems[0].message, problems[0].fix)
    content = Content(name, register, schema, editions, entries)
    _check_rows(content)
    return content


def _check_rows(content: Content) -> None:
    known = set()
    for edition in content.editions:
        where = f"editions {edition.get('id')}"
        _only(content.name, where, edition, _EDITION)
        if not edition.get("id") or not edition.get("name") or not edition.get("source"):
            raise _wrong(content.name, where, "id、name、source 要写全", "补上")
        day_of(content.name, where, edition.get("from"))
        known.add(str(edition["id"]))
    for place, entry in enumerate(content.entries, 1):
        where = f"entries 第 {place} 条"
        _only(content.name, where, entry, _ENTRY)
        if not entry.get("source"):
            raise _wrong(content.name, where, "没有写来源", "补 source：文号或网址")
        if content.schema.editions and str(entry.get("edition")) not in known:
            raise _wrong(
                content.name, where, f"没有版次“{entry.get('edition')}”", "写 editions 里的 id"
            )
        if not entry.get("from") and not (content.schema.editions or entry.get("edition")):
            raise _wrong(content.name, where, "没有写入册日期", "补 from")
        for event in entry.get("events") or ():
            _only(content.name, where, event, _EVENT)
            if event.get("kind") not in CODES:
                raise _wrong(
                    content.name, where, f"没有“{event.get('kind')}”这种事项", "、".join(CODES)
                )
            day_of(content.name, where, event.get("on"))


def day_of(name: str, where: str, value: Any) -> dt.date:
    """A date of a file. Raises :class:`JigaiError` naming the place."""
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        raise _wrong(name, where, f"日期“{value}”写法不对", "写成 2024-03-01") from None


def is_public(register: Mapping[str, Any]) -> bool:
    """Whether the file says the register is public."""
    return truth(register.get("public", False))


def _only(name: str, where: str, given: Mapping[str, Any], known: frozenset[str]) -> None:
    odd = sorted(set(given) - known)
    if odd:
        raise _wrong(
            name, where, f"不认识“{'、'.join(odd)}”", f"可以写：{'、'.join(sorted(known))}"
        )


def _wrong(name: str, where: str, message: str, fix: str) -> JigaiError:
    return JigaiError("content", f"{name} 的 {where}：{message}", fix)
