"""Registers that packs name: each ``registers`` item, and a roster for each recognition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from jigai.core.fields.formulas import compiled
from jigai.errors import JigaiError
from jigai.policies.models import PackItem, PackParameter, PackVersion
from jigai.registers.models import Entry, Register, RegisterSchema
from jigai.registers.services.edit_schema import next_number, put
from jigai.registers.services.publish_schema import make_current
from jigai.registers.shapes import Schema, read_schema

_KINDS = (("目录", "catalogue"), ("池", "pool"), ("名单", "names"))
_COLUMN_TYPES = {"bool": "flag", "enum": "choice", "energy": "number", "ratio": "number"}
_UNITS = {"energy": "千克标准煤"}
_CADENCES = {
    "monthly": "每月", "quarterly": "每季度", "half-yearly": "每半年", "yearly": "每年",
    "rolling": "滚动", "continuous": "持续", "once": "一次", "on-event": "发生时",
}  # fmt: skip


def install_registers(version: PackVersion, items: Sequence[PackItem]) -> None:
    """Make or update the register of every item."""
    for item in items:
        _install(version, item, _register_content(version, item))


def install_rosters(version: PackVersion, items: Sequence[PackItem]) -> None:
    """Make or update the roster of every title."""
    for item in items:
        _install(version, item, _roster_content(item))


def install_current() -> None:
    """The same for packs that were installed before this room was; nothing where all is there."""
    for version in PackVersion.objects.filter(is_current=True).order_by("slug"):
        items = PackItem.objects.filter(pack=version, section__in=["registers", "recognitions"])
        known = _known(version)
        for item in items.order_by("section", "place", "id"):
            if reference_of(item) not in known:
                shape = _roster_content(item) if item.section == "recognitions" else (
                    _register_content(version, item)
                )  # fmt: skip
                _install(version, item, shape)


def reference_of(item: PackItem) -> str:
    """How a register names the item it carries out."""
    return f"{item.pack.slug}:{item.code}"


def _known(version: PackVersion) -> set[str]:
    rows = Register.objects.filter(items__isnull=False).values_list("items", flat=True)
    return {name for items in rows for name in items if name.startswith(f"{version.slug}:")}


def _install(version: PackVersion, item: PackItem, content: dict[str, Any]) -> None:
    """One register. What people changed stays: the definition once somebody edited it, the schema
    once they published their own."""
    reference, origin = reference_of(item), f"pack:{version.slug}:{item.code}"
    with transaction.atomic():
        found = Register.objects.select_for_update(of=("self",)).filter(origin=origin).first()
        others = Register.objects.filter(items__contains=[reference]).exclude(origin=origin)
        if others.exists():
            _retire_empty(found)
            return
        if found is None:
            found = Register(code=_code(version, item), origin=origin, items=[reference])
        _define(found, version, item)
        found.save()
        _give_schema(found, content, origin)


def _define(register: Register, version: PackVersion, item: PackItem) -> None:
    data = item.data
    register.name, register.clause = item.name[:120], item.clauses[0] if item.clauses else ""
    title = item.section == "recognitions"
    register.kind = "titles" if title else _kind(item.name)
    register.keeper = str(data.get("keeper", ""))[:200]
    register.region_code, register.systems = version.region_code, list(item.systems)
    register.level = "、".join(data.get("levels", []))[:60]
    register.purpose = str(data.get("purpose", ""))[:300]
    cadence = _CADENCES.get(str(data.get("cadence", "")), "") or str(data.get("cadence_text", ""))
    register.cadence = cadence[:120]
    register.admission = str(data.get("admission") or data.get("standard") or "")
    register.note = str(data.get("note", ""))
    if register.pk is None:
        register.public = title or data.get("public") == "yes"


def _give_schema(register: Register, content: dict[str, Any], origin: str) -> None:
    own = RegisterSchema.objects.filter(register=register)
    if own.exclude(origin=origin).exists():
        return
    schema = _sound(read_schema(content))
    if register.current is not None and register.current.sha256 == schema.sha256:
        return
    if Entry.objects.filter(register=register).exists():
        # Rows are there: what they may look like is for people to change now.
        return
    row = RegisterSchema(register=register, number=next_number(register), origin=origin)
    put(row, schema)
    row.save()
    make_current(register, row, None)


def _sound(schema: Schema) -> Schema:
    """Without the admission formula where it needs more than the fields; its words stay."""
    if schema.admission:
        try:
            compiled(schema.fields, schema.admission, schema.constants)
        except JigaiError:
            return read_schema({**schema.content(), "admission": "", "constants": {}})
    return schema


def _retire_empty(register: Register | None) -> None:
    """Another register takes the place of the one made from the pack, if that is empty."""
    if register is not None and not Entry.objects.filter(register=register).exists():
        register.state = Register.State.RETIRED
        register.save(update_fields=["state"])


def _code(version: PackVersion, item: PackItem) -> str:
    return f"{version.slug}-{item.code}".lower().replace("_", "-")[:60]


def _kind(name: str) -> str:
    return next((code for word, code in _KINDS if word in name), "list")


def _register_content(version: PackVersion, item: PackItem) -> dict[str, Any]:
    columns = [_column(c) for c in item.data.get("columns", [])]
    fields = [
        {"id": "name", "label": "名称", "type": "text", "required": True, "public": True},
        {"id": "enterprise", "label": "企业", "type": "enterprise", "public": True},
        *_choice("level", "级别", item.data.get("levels", [])),
        *_choice("part", "类别", item.data.get("content", [])),
        *columns,
        {"id": "remark", "label": "备注", "type": "long"},
    ]
    formula = str(item.data.get("admits", ""))
    return {
        "fields": _unrepeated(fields), "title": "name", "subject": "enterprise", "unique": ["name"],
        "admission": formula, "constants": _constants(version, formula),
    }  # fmt: skip


def _roster_content(item: PackItem) -> dict[str, Any]:
    """Enterprise, level, batch, recognition and validity; withdrawal is an event of the entry."""
    levels = _choice("level", "级别", item.data.get("levels", []), required=True)
    fields = [
        {"id": "enterprise", "label": "企业", "type": "enterprise", "required": True,
         "public": True},
        *levels,
        {"id": "batch", "label": "批次", "type": "text", "public": True},
        {"id": "recognised", "label": "认定日期", "type": "date", "required": True, "public": True},
        {"id": "valid_to", "label": "有效期至", "type": "date", "public": True},
        {"id": "number", "label": "文号", "type": "text", "public": True},
        *[_column(c) for c in item.data.get("columns", [])],
    ]  # fmt: skip
    return {
        "fields": _unrepeated(fields), "title": "enterprise", "subject": "enterprise",
        "unique": ["enterprise", *(["level"] if levels else [])],
        "validity": {"kind": "field", "field": "valid_to"}, "remind": 90, "apply": False,
        "validations": [{"rule": "有效期至 >= 认定日期", "say": "有效期至早于认定日期"}],
    }  # fmt: skip


def _unrepeated(fields: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A column of the pack gives way to a field of the same id or label."""
    found: list[dict[str, Any]] = []
    for item in fields:
        if all(item["id"] != f["id"] and item["label"] != f["label"] for f in found):
            found.append(item)
    return found


def _choice(
    code: str, label: str, words: Sequence[str], *, required: bool = False
) -> list[dict[str, Any]]:
    # A single level tells nothing apart.
    if len(words) < 2:
        return []
    options = {f"o{place}": word for place, word in enumerate(words, 1)}
    return [{"id": code, "label": label, "type": "choice", "options": options, "public": True,
             "required": required}]  # fmt: skip


def _column(column: dict[str, Any]) -> dict[str, Any]:
    kind = str(column.get("type", "text"))
    return {
        "id": column["id"], "label": column["name"], "type": _COLUMN_TYPES.get(kind, kind),
        "unit": _UNITS.get(kind, column.get("unit", "")), "options": column.get("options", {}),
        "help": column.get("definition", ""),
    }  # fmt: skip


def _constants(version: PackVersion, formula: str) -> dict[str, str]:
    """Parameters of the pack that a formula names, with their latest value as written."""
    if not formula:
        return {}
    rows = PackParameter.objects.filter(pack=version).exclude(value="").order_by("valid_from", "pk")
    return {row.name: row.value for row in rows if row.name in formula}
