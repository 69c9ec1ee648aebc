"""The designer's form: a schema in the parts of a page, and the page's parts as a schema."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from jigai.core.fields.shapes import MASKS, TYPES, Field
from jigai.registers.shapes import VALIDITIES, Schema

_SPLIT = str.maketrans("＝：；，、", "=:;,,")
# What the one text box "细节" of a field means, by type.
DETAILS = {
    "number": "单位，如 吨/日", "choice": "每行一项：代码=文字", "entry": "被引用名录的代号",
}  # fmt: skip


def content_of(data: QueryDict) -> dict[str, Any]:
    """The posted parts as plain data for :func:`read_schema`; nothing is checked here."""
    fields = [_field(data, place) for place in places(data)]
    ids = [f["id"] for f in fields]
    return {
        "fields": fields,
        "title": data.get("title", ""), "subject": data.get("subject", ""),
        "region": data.get("region", ""), "consent": data.get("consent", ""),
        "unique": [name for name in data.getlist("unique") if name in ids],
        "editions": data.get("editions", ""), "lines": _pairs(data.get("lines", "")),
        "validity": {
            "kind": data.get("validity_kind", "none"), "field": data.get("validity_field", ""),
            "count": data.get("validity_count", ""),
        },
        "constants": _pairs(data.get("constants", "")), "admission": data.get("admission", ""),
        "validations": _rows(data, "rule", "say"), "counting": _rows(data, "id", "name", "when"),
        "apply": data.get("apply", ""), "remind": data.get("remind", ""), "k": data.get("k", ""),
    }  # fmt: skip


def places(data: QueryDict) -> list[str]:
    """Marks of the fields in the order of the page."""
    return [mark for mark in data.getlist("place") if mark]


def _field(data: QueryDict, mark: str) -> dict[str, Any]:
    def given(name: str) -> str:
        return data.get(f"f_{mark}_{name}", "").strip()

    kind, detail = given("type") or "text", given("detail")
    return {
        "id": given("id"), "label": given("label"), "type": kind,
        "unit": detail if kind == "number" else "",
        "options": _pairs(detail) if kind == "choice" else {},
        "register": detail if kind == "entry" else "",
        "required": given("required"), "many": given("many"), "public": given("public"),
        "mask": given("mask"), "help": given("help"),
        "steps": [s for s in given("steps").translate(_SPLIT).split(",") if s.strip()],
    }  # fmt: skip


def _pairs(text: str) -> dict[str, str]:
    """``code=word`` by line or semicolon; a word alone is its own code."""
    found = {}
    for line in text.translate(_SPLIT).replace(";", "\n").splitlines():
        code, mark, word = line.partition("=")
        if code.strip():
            found[code.strip()] = word.strip() if mark else code.strip()
    return found


def _rows(data: QueryDict, *names: str) -> list[dict[str, str]]:
    """Rows of a small table; empty ones are left out."""
    prefix = "val" if names[0] == "rule" else "cnt"
    columns = [data.getlist(f"{prefix}_{name}") for name in names]
    rows = [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=False)]
    return [row for row in rows if any(value.strip() for value in row.values())]


def act(content: dict[str, Any], action: str) -> dict[str, Any]:
    """The content after a button: ``add``; ``up:<n>``, ``down:<n>`` or ``remove:<n>``."""
    fields = list(content["fields"])
    verb, _, place = action.partition(":")
    at = int(place) if place.isdigit() else -1
    if verb == "add":
        taken = {f["id"] for f in fields}
        number = next(n for n in range(1, 999) if f"field_{n}" not in taken)
        fields.append({"id": f"field_{number}", "label": "", "type": "text"})
    elif verb == "remove" and 0 <= at < len(fields):
        fields.pop(at)
    elif verb == "up" and 0 < at < len(fields):
        fields[at - 1], fields[at] = fields[at], fields[at - 1]
    elif verb == "down" and 0 <= at < len(fields) - 1:
        fields[at + 1], fields[at] = fields[at], fields[at + 1]
    return {**content, "fields": fields}


def shown(schema: Schema) -> dict[str, Any]:
    """The schema as the page's parts."""
    return {
        "schema": schema,
        "rows": [_row(place, item) for place, item in enumerate(schema.fields)],
        "types": list(TYPES.items()), "masks": list(MASKS.items()),
        "validities": list(VALIDITIES.items()),
        "options": [(f.id, f.label or f.id) for f in schema.fields],
        "of_type": {
            kind: [(f.id, f.label) for f in schema.fields if f.type == kind]
            for kind in ("enterprise", "region", "flag", "date")
        },
        "lines": _told(schema.lines), "constants": _told(schema.constants),
        "validations": [*schema.validations, *[None] * (2 - min(1, len(schema.validations)))],
        "counting": [*schema.counting, *[None] * (2 - min(1, len(schema.counting)))],
    }  # fmt: skip


def _row(place: int, item: Field) -> dict[str, Any]:
    detail = item.unit or item.register or _told(item.options)
    return {
        "place": place, "item": item, "detail": detail, "steps": "、".join(item.steps),
        "detail_help": DETAILS.get(item.type, ""), "rows": max(1, min(5, len(item.options))),
    }  # fmt: skip


def _told(pairs: Any) -> str:
    return "\n".join(code if code == word else f"{code}={word}" for code, word in pairs.items())
