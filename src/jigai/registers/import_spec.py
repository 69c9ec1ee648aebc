"""What columns a file for a register may have."""

from __future__ import annotations

from typing import Any

from jigai.core.fields.shapes import Field
from jigai.registers.models import Register
from jigai.sheets.spec import TableSpec, parse_spec

FROM, EDITION, SOURCE = "entry_from", "entry_edition", "entry_source"
CODE = "_uscc"
_TYPES = {
    "text": "text", "long": "text", "number": "number", "money": "money", "area": "area",
    "date": "date", "flag": "choice", "choice": "choice", "region": "digits",
    "industry": "text", "enterprise": "name", "entry": "text",
}  # fmt: skip
_UNITS = {"money": "万元", "area": "亩"}
_FLAG = {
    "yes": {"name": "是", "synonyms": ["有", "√", "Y", "1"]},
    "no": {"name": "否", "synonyms": ["无", "×", "N", "0"]},
}
_ENTERPRISE = ("企业名称", "单位名称", "企业全称")
_USCC = ("统一社会信用代码", "信用代码")


def table_spec(register: Register) -> TableSpec:
    """The table of a register: headings are labels; recognised by the naming and required ones."""
    schema = register.schema
    fields: list[dict[str, Any]] = [
        {"id": "serial", "name": "序号", "type": "serial", "synonyms": ["序号", "编号"]}
    ]
    for item in schema.fields:
        if item.type in _TYPES:
            fields += _columns(item, subject=item.id == schema.subject)
    taken = {f["name"] for f in fields}
    for extra in _extras(register):
        if extra["name"] not in taken:
            fields.append(extra)
    needed = [
        f.id for f in schema.fields
        if f.type in _TYPES and (f.id == schema.title or (f.required and f.id in schema.unique))
    ]  # fmt: skip
    content = {"id": f"register.{register.pk}", "name": register.name, "required": needed,
               "fields": fields}  # fmt: skip
    return parse_spec(content, register.code)


def _columns(item: Field, *, subject: bool) -> list[dict[str, Any]]:
    column: dict[str, Any] = {
        "id": item.id, "name": item.label, "type": _TYPES[item.type],
        "synonyms": [item.label, item.id, *(_ENTERPRISE if subject else ())],
    }  # fmt: skip
    if item.type in _UNITS:
        column["unit"], column["negative"] = _UNITS[item.type], True
    if item.type == "number":
        column["negative"] = True
    if item.type == "flag":
        column["choices"] = _FLAG
    if item.type == "choice":
        column["choices"] = {
            code: {"name": word, "synonyms": [code]} for code, word in item.options.items()
        }
    if item.type != "enterprise":
        return [column]
    code = {"id": f"{item.id}{CODE}", "name": f"{item.label}信用代码", "type": "uscc",
            "synonyms": [f"{item.label}信用代码", *(_USCC if subject else ())]}  # fmt: skip
    return [column, code]


def _extras(register: Register) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"id": FROM, "name": "入册日期", "type": "date", "synonyms": ["入册日期", "列入日期"]},
        {"id": SOURCE, "name": "来源", "type": "text", "synonyms": ["来源", "依据"]},
    ]
    if register.schema.editions:
        found.append({"id": EDITION, "name": "版次", "type": "text", "synonyms": ["版次", "批次"]})
    return found
