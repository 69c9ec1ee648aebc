"""What a table must look like, as data: fields, their spellings, types and permitted values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from jigai.sheets.errors import refuse
from jigai.sheets.values.choices import Choice, comparison_form, make_choices
from jigai.sheets.values.names import label
from jigai.yaml_files import read_yaml

TYPES = frozenset(
    [
        "serial",
        "name",
        "title",
        "text",
        "uscc",
        "project_code",
        "digits",
        "choice",
        "date",
        "count",
        "number",
        "percent",
        "money",
        "area",
    ]
)
MEASURES = frozenset({"money", "area", "count", "number", "percent"})


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One column of a table; see ``specs/*.yaml``.

    ``unit`` applies when neither cell, header nor unit note names one; ``until`` is the field that
    receives the end of a date range; ``missing_code`` is raised when the cell gives no value and
    ``invalid_code`` replaces ``E_DATE_INVALID``; ``fill_down`` marks columns written once a group;
    ``any_size`` amounts are not doubted alone: whoever imports them compares them to others.
    """

    id: str
    name: str
    type: str
    synonyms: frozenset[str]
    unit: str = ""
    negative: bool = False
    edge: str = "start"
    until: str = ""
    choices: tuple[Choice, ...] = ()
    unknown: frozenset[str] = frozenset()
    blank: str = ""
    missing_code: str = ""
    invalid_code: str = ""
    widths: tuple[int, ...] = ()
    fill_down: bool = False
    any_size: bool = False
    sum_of: tuple[str, ...] = ()
    under: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One kind of table: its fields by id and those without which it is not this table.

    ``several`` sheets of a workbook may be such tables together, one a month for instance.
    """

    id: str
    name: str
    required: tuple[str, ...]
    fields: dict[str, FieldSpec]
    several: bool = False

    def names(self, ids: tuple[str, ...]) -> str:
        """Chinese names of fields, for messages."""
        return "、".join(self.fields[item].name for item in ids)


def parse_spec(content: Mapping[str, Any], source: str) -> TableSpec:
    """Build a table specification; raises ``SheetError`` that says which field is wrong."""
    found: dict[str, FieldSpec] = {}
    for entry in content["fields"]:
        field = _field(entry, source)
        if field.id in found:
            raise refuse("spec_invalid", name=source, problem=f"字段 {field.id} 重复")
        found[field.id] = field
    referred = {item for field in found.values() for item in (*field.sum_of, field.until) if item}
    absent = (referred | set(content["required"])) - set(found)
    if absent:
        raise refuse("spec_invalid", name=source, problem=f"没有字段 {', '.join(sorted(absent))}")
    several = bool(content.get("several", False))
    return TableSpec(content["id"], content["name"], tuple(content["required"]), found, several)


def _field(entry: Mapping[str, Any], source: str) -> FieldSpec:
    known = {item.name for item in fields(FieldSpec)}
    odd = set(entry) - known
    if odd or entry.get("type") not in TYPES:
        problem = f"字段 {entry.get('id')} 的 {', '.join(sorted(odd)) or 'type'} 不认识"
        raise refuse("spec_invalid", name=source, problem=problem)
    content = dict(entry)
    content["synonyms"] = frozenset(
        label(str(item)) for item in [*entry["synonyms"], entry["name"]]
    )
    content["choices"] = make_choices(entry.get("choices", {}))
    content["unknown"] = (
        frozenset(comparison_form(item) for item in entry.get("unknown", [])) | _NOTHING
    )
    content["under"] = frozenset(map(label, entry.get("under", [])))
    for key in ("widths", "sum_of"):
        content[key] = tuple(entry.get(key, ()))
    return FieldSpec(**content)


_NOTHING = frozenset({"-", "--", "/", "\\", "无", "空", "待定", "待核", "N/A", "NA"})


@cache
def load_spec(name: str) -> TableSpec:
    """A specification shipped with the package, such as ``projects``."""
    path = Path(__file__).with_name("specs") / f"{name}.yaml"
    return parse_spec(read_yaml(path), path.name)
