"""Formulas over the fields of one row, and over many rows of stored values at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from jigai.core.fields.shapes import Field
from jigai.errors import JigaiError
from jigai.rules.errors import FormulaError, PackError, Place
from jigai.rules.row_rules import RowField, RowRule, compile_row_rule
from jigai.rules.units import unit

if TYPE_CHECKING:
    import pyarrow as pa

# What the formula language calls the types; the rest are texts (names, codes, titles).
_RULE_TYPES: dict[str, Any] = {
    "number": "number", "money": "money", "area": "area", "date": "date", "flag": "bool",
    "choice": "enum", "file": "bool",
}  # fmt: skip
_NONE: Mapping[str, str] = MappingProxyType({})
# Up to here rows are answered one by one sooner than a database for them is opened.
_FEW = 64


def rule_fields(fields: Sequence[Field]) -> tuple[RowField, ...]:
    """The fields as formulas see them; an evidence file is there or not."""
    return tuple(
        RowField(f.id, f.label, _RULE_TYPES.get(f.type, "text"), _unit(f.unit), f.options)
        for f in fields
    )


def _unit(name: str) -> str:
    """The unit where formulas know it; a figure in kW or 台时 is a plain number to them."""
    try:
        unit(name)
    except FormulaError:
        return ""
    return name


def compiled(
    fields: Sequence[Field], formula: str, constants: Mapping[str, str] = _NONE, *,
    where: str = "公式", code: str = "register-formula",
) -> RowRule:  # fmt: skip
    """The rule of a formula, kept for the next row; ``constants`` by name as written (``200万元``).

    Raises :class:`JigaiError` with ``code``, naming the formula's place (``where``), the field and
    the fix.
    """
    rule, problem = _compiled(rule_fields(fields), formula, tuple(constants.items()))
    if rule is None:
        raise JigaiError(code, f"{where}：{problem[0]}", problem[1])
    return rule


def _compiled(
    fields: tuple[RowField, ...], formula: str, constants: tuple[tuple[str, str], ...]
) -> tuple[RowRule | None, tuple[str, str]]:
    key = tuple((f.id, f.name, f.type, f.unit, tuple(f.options.items())) for f in fields)
    return _cached(key, formula, constants)


@lru_cache(maxsize=512)
def _cached(
    key: tuple[Any, ...], formula: str, constants: tuple[tuple[str, str], ...]
) -> tuple[RowRule | None, tuple[str, str]]:
    fields = [RowField(i, name, kind, unit, dict(options)) for i, name, kind, unit, options in key]
    try:
        rule = compile_row_rule(fields, formula, constants=dict(constants), place=Place("公式"))
    except PackError as error:
        found = error.problems[0]
        return None, (found.message, found.fix)
    return rule, ("", "")


def rule_row(fields: Sequence[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """Stored values (by field id) as formulas take them."""
    return {f.id: rule_value(f, values.get(f.id)) for f in fields}


def rule_value(item: Field, value: Any) -> Any:
    """One stored value as formulas take it; ``None`` where nothing is known."""
    if item.type == "file":
        return value is not None
    if value is None or value == "":
        return None
    if item.type == "number":
        return Decimal(value)
    if item.type == "date":
        return dt.date.fromisoformat(value)
    if item.type in ("enterprise", "entry"):
        return value.get("name") or None
    if item.many:
        return "、".join(value)
    return value


def many_true(
    fields: Sequence[Field], formula: str, rows: Sequence[Mapping[str, Any]],
    constants: Mapping[str, str] = _NONE, *, where: str = "公式", code: str = "register-formula",
) -> list[bool | None]:  # fmt: skip
    """Truth of a formula for many rows of stored values at once; ``None`` where it is unknown.

    Raises as :func:`compiled` does, but nothing where there are no rows.
    """
    if not rows:
        return []
    rule = compiled(fields, formula, constants, where=where, code=code)
    if len(rows) <= _FEW:
        used = [field for field in fields if field.id in rule.fields]
        return [rule.one({f.id: rule_value(f, row.get(f.id)) for f in used}).value for row in rows]
    answers: list[bool | None] = rule.many(_table(fields, rule, rows)).to_pylist()
    return answers


def _table(fields: Sequence[Field], rule: RowRule, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    import pyarrow as pa

    types = {
        "number": pa.decimal128(22, 6), "money": pa.int64(), "area": pa.int64(),
        "date": pa.date32(), "flag": pa.bool_(), "file": pa.bool_(),
    }  # fmt: skip
    used = [f for f in fields if f.id in rule.fields]
    columns = {
        f.id: pa.array(
            [rule_value(f, row.get(f.id)) for row in rows], types.get(f.type, pa.string())
        )
        for f in used
    }
    if not columns:
        columns["row_"] = pa.array(range(len(rows)), pa.int64())
    return pa.table(columns)
