"""Rows of raw values as entries of a register: read, matched to what is stored, checked by rule.

Works on sets: five thousand rows of a file and the one row of a form take the same few queries.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jigai.core.fields.formulas import compiled, many_true, rule_row
from jigai.core.fields.shapes import Field
from jigai.core.fields.values import key_part, read_value, rounded, show_value
from jigai.core.imports.sounds import name_pinyin
from jigai.core.models import Enterprise
from jigai.errors import JigaiError
from jigai.registers.extras import has_checks, run_checks
from jigai.registers.models import Entry, Register
from jigai.registers.shapes import Schema


@dataclass(frozen=True, slots=True)
class ValueProblem:
    """What is wrong with one field (or, with an empty field, with the row) and what to do."""

    field: str
    message: str
    fix: str

    def __str__(self) -> str:
        return f"{self.message}。{self.fix}"


@dataclass(slots=True)
class Prepared:
    """One row ready to become an entry, unless it has problems.

    ``entry_id`` is the entry it changes where one is there already (known only to registers with
    checks of their own), ``notes`` are sentences about values taken otherwise than written.
    """

    values: dict[str, Any]
    problems: list[ValueProblem] = field(default_factory=list)
    title: str = ""
    key: str = ""
    region_code: str = ""
    enterprise_id: int | None = None
    entry_id: int | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def pinyin(self) -> str:
        """For sorting by name."""
        return name_pinyin(self.title)[:600]


def prepare(
    register: Register, rows: Sequence[Mapping[str, Any]], *, schema: Schema | None = None,
    entry: int | None = None,
) -> list[Prepared]:  # fmt: skip
    """Every row with its values as stored and its problems; rows are keyed by field id or label.

    ``entry`` is the entry the row (then the only one) changes; else one is found by its key.
    """
    shape = schema or register.schema
    prepared = [_read(shape, row) for row in rows]
    regions = _match_enterprises(shape, prepared)
    _match_entries(shape, prepared)
    for row in prepared:
        _identify(register, shape, row, regions)
    _apply_rules(shape, [row for row in prepared if not row.problems])
    if has_checks(register) and shape is register.schema:
        _find_entries(register, prepared, entry)
        run_checks(register, prepared)
    return prepared


def prepare_one(
    register: Register, row: Mapping[str, Any], *, schema: Schema | None = None,
    entry: int | None = None,
) -> Prepared:  # fmt: skip
    """One row. Raises :class:`JigaiError` (``entry-values``) that tells every problem."""
    found = prepare(register, [row], schema=schema, entry=entry)[0]
    if found.problems:
        told = "；".join(problem.message for problem in found.problems)
        fixes = dict.fromkeys(problem.fix for problem in found.problems)
        raise JigaiError("entry-values", told, "；".join(fixes))
    return found


def _read(schema: Schema, row: Mapping[str, Any]) -> Prepared:
    found = Prepared({})
    for item in schema.fields:
        raw = row.get(item.id, row.get(item.label))
        try:
            value = read_value(item, raw)
        except JigaiError as error:
            found.problems.append(ValueProblem(item.id, error.message, error.hint))
            continue
        if value is not None:
            found.values[item.id] = value
            found.notes += rounded(item, raw, value)
        elif item.required:
            found.problems.append(
                ValueProblem(item.id, f"“{item.label}”没有填写", f"填写{item.label}")
            )
    odd = [n for n in row if schema.field(n) is None]
    if odd:
        found.problems.append(
            ValueProblem(
                "", f"没有“{'、'.join(map(str, odd))}”这些字段", "去掉，或先加进名录的字段"
            )
        )
    return found


def _match_enterprises(schema: Schema, rows: list[Prepared]) -> dict[int, str]:
    """Put stored enterprises behind names and codes; regions by enterprise."""
    fields = [f for f in schema.fields if f.type == "enterprise"]
    given = [row.values[f.id] for f in fields for row in rows if f.id in row.values]
    if not given:
        return {}
    ids = {one["id"] for one in given if one.get("id")}
    codes = {one["uscc"] for one in given if one.get("uscc")}
    names = {one["name"] for one in given if one.get("name")}
    columns = ("id", "uscc", "name", "region_code")
    stored = {row[0]: row for row in Enterprise.objects.filter(pk__in=ids).values_list(*columns)}
    by_code = {r[1]: r for r in Enterprise.objects.filter(uscc__in=codes).values_list(*columns)}
    by_name: dict[str, list[Any]] = {}
    for found in Enterprise.objects.filter(name__in=names).order_by("pk").values_list(*columns):
        by_name.setdefault(found[2], []).append(found)
    for item in fields:
        for row in rows:
            if item.id in row.values:
                one = row.values[item.id]
                _settle(item, row, one, stored.get(one.get("id")), by_code, by_name)
    return {row[0]: row[3] for group in ([*stored.values()], [*by_code.values()],
            [r for many in by_name.values() for r in many]) for row in group}  # fmt: skip


def _settle(
    item: Field, row: Prepared, one: dict[str, Any], known: Any, by_code: Mapping[str, Any],
    by_name: Mapping[str, list[Any]],
) -> None:  # fmt: skip
    named = by_name.get(one.get("name", ""), [])
    found = known or by_code.get(one.get("uscc", ""))
    if found is None and len(named) == 1 and not one.get("uscc"):
        found = named[0]
    if found is None and len(named) > 1 and not one.get("uscc"):
        row.problems.append(
            ValueProblem(item.id, f"{item.label}“{one['name']}”在企业名录里有 {len(named)} 家",
                         "改填统一社会信用代码")
        )  # fmt: skip
        return
    if found is None:
        row.values[item.id] = {"id": None, **{k: one[k] for k in ("name", "uscc") if one.get(k)}}
        return
    row.values[item.id] = {
        "id": found[0], "name": one.get("name") or found[2],
        **({"uscc": found[1]} if found[1] else {}),
    }  # fmt: skip


def _match_entries(schema: Schema, rows: list[Prepared]) -> None:
    """Put stored entries of the referred register behind titles."""
    for item in (f for f in schema.fields if f.type == "entry"):
        wanted = {row.values[item.id]["name"] for row in rows if item.id in row.values}
        stored = Entry.objects.filter(register__code=item.register, title__in=wanted)
        stored = stored.exclude(state__in=["refused", "withdrawn"]).order_by("pk")
        pairs = list(stored.values_list("pk", "title"))
        # The newest of one name, unless it was said which: editions repeat names.
        known, exact = {title: pk for pk, title in pairs}, set(pairs)
        for row in rows:
            one = row.values.get(item.id)
            if one is None:
                continue
            if one["name"] not in known:
                row.problems.append(
                    ValueProblem(item.id, f"{item.label}“{one['name']}”不在被引用的名录里",
                                 "核对名称，或先把它登记进去")
                )  # fmt: skip
                continue
            meant = (one.get("id"), one["name"])
            row.values[item.id] = {
                "id": meant[0] if meant in exact else known[one["name"]], "name": one["name"],
            }  # fmt: skip


def _find_entries(register: Register, rows: list[Prepared], given: int | None) -> None:
    """Put the entries behind rows that change one."""
    if given is not None:
        rows[0].entry_id = given
        return
    stored = Entry.objects.filter(register=register, key__in={row.key for row in rows})
    stored = stored.exclude(state__in=["refused", "withdrawn"]).order_by("pk")
    known = dict(stored.values_list("key", "pk"))
    for row in rows:
        row.entry_id = known.get(row.key)


def _identify(register: Register, schema: Schema, row: Prepared, regions: dict[int, str]) -> None:
    naming = schema.field(schema.title)
    row.title = show_value(naming, row.values.get(naming.id))[:300] if naming else ""
    subject = row.values.get(schema.subject) if schema.subject else None
    row.enterprise_id = subject.get("id") if subject else None
    own = row.values.get(schema.region) if schema.region else None
    row.region_code = own or regions.get(row.enterprise_id or 0) or register.region_code
    row.key = entry_key(schema, row.values)
    if not row.title and not row.problems:
        name = naming.label if naming else "条目名称"
        row.problems.append(ValueProblem(schema.title, f"“{name}”没有填写", f"填写{name}"))


def entry_key(schema: Schema, values: Mapping[str, Any]) -> str:
    """What makes an entry unique in its edition; without key fields, all its values together."""
    fields = [f for name in schema.unique if (f := schema.field(name))]
    if not fields:
        text = json.dumps(values, ensure_ascii=False, sort_keys=True)
        return "~" + hashlib.sha256(text.encode()).hexdigest()[:40]
    text = "|".join(key_part(f, values.get(f.id)) for f in fields)
    return text if len(text) <= 400 else "~" + hashlib.sha256(text.encode()).hexdigest()


def _apply_rules(schema: Schema, rows: list[Prepared]) -> None:
    for rule in schema.validations:
        for row, answer in _answers(schema, rule.rule, rows):
            if answer is False:
                row.problems.append(
                    ValueProblem(_field_of(schema, rule.rule), rule.say, "核对后改正")
                )
    if not schema.admission:
        return
    for row, answer in _answers(schema, schema.admission, rows):
        if answer is False:
            row.problems.append(
                ValueProblem(_field_of(schema, schema.admission),
                             f"“{row.title}”不符合准入规则：{schema.admission}", "不符合的不能入册")
            )  # fmt: skip
        elif answer is None:
            admission = compiled(schema.fields, schema.admission, schema.constants)
            missing = admission.one(rule_row(schema.fields, row.values)).missing
            row.problems.append(
                ValueProblem(_field_of(schema, schema.admission),
                             f"缺“{'、'.join(missing)}”，不能判断是否符合准入规则", "补上后再提交")
            )  # fmt: skip


def _answers(
    schema: Schema, formula: str, rows: list[Prepared]
) -> Iterable[tuple[Prepared, bool | None]]:
    values = [row.values for row in rows]
    return zip(rows, many_true(schema.fields, formula, values, schema.constants), strict=True)


def _field_of(schema: Schema, formula: str) -> str:
    """The first field a rule reads, to point at a cell."""
    read = compiled(schema.fields, formula, schema.constants).fields
    return read[0] if read else ""


def search_words(schema: Schema, values: Mapping[str, Any]) -> str:
    """The texts people may look for."""
    kinds = ("text", "long", "enterprise", "entry", "choice", "industry")
    parts: Iterable[str] = (
        show_value(f, values.get(f.id)) for f in schema.fields if f.type in kinds
    )
    codes = (
        str(v.get("uscc") or "") for f in schema.fields
        if f.type == "enterprise" and (v := values.get(f.id))
    )  # fmt: skip
    return " ".join(text for text in (*parts, *codes) if text)[:4000]
