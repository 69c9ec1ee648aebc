"""Made-up rows that show what a public view will look like, before there is any entry."""

from __future__ import annotations

from typing import Any

from jigai.core.fields.shapes import Field
from jigai.core.fields.values import show_value
from jigai.registers.masks import masked
from jigai.registers.shapes import Schema

_VALUES: dict[str, Any] = {
    "text": "示例文字", "long": "示例说明", "number": "12.5", "money": 50_000_000_00,
    "area": 2_000_000, "date": "2024-03-01", "flag": True, "region": "370812", "industry": "3411",
}  # fmt: skip


def sample_rows(schema: Schema) -> list[list[str]]:
    """Two rows of public cells: one that consented, one that did not."""
    return [
        [_cell(item, consented) for item in schema.public_fields] for consented in (True, False)
    ]


def _cell(item: Field, consented: bool) -> str:
    return masked(item, _value(item), consented, lambda value: show_value(item, value))


def _value(item: Field) -> Any:
    if item.type == "choice":
        return next(iter(item.options), None)
    if item.type in ("enterprise", "entry"):
        return {"id": None, "name": "示例机械有限公司" if item.type == "enterprise" else "示例条目"}
    return ["示例一", "示例二"] if item.many else _VALUES.get(item.type)
