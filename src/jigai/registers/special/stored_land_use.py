"""Land standards and terms of use as stored, and checks of their rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from jigai.core.access import Access
from jigai.core.screens import formats
from jigai.registers.access import visible_entries
from jigai.registers.entry_values import Prepared, ValueProblem
from jigai.registers.models import Entry, EntrySpan, Register
from jigai.registers.selectors import on_day
from jigai.registers.special.land_standards import Standard
from jigai.registers.special.land_terms import Standing, Term, near_end

STANDARDS, TERMS = "land-standards", "land-terms"


def standards_on(day: dt.date) -> list[Standard]:
    """Every standard in force on a day."""
    spans = EntrySpan.objects.filter(on_day(day), register__code=STANDARDS)
    return [_standard(span) for span in spans.order_by("entry_id", "starts")]


def _standard(span: EntrySpan) -> Standard:
    values = span.values
    return Standard(
        span.entry_id, str(values["name"]), str(values["number"]), str(values["indicator"]),
        tuple(str(code) for code in values.get("industries") or ()),
        str(values.get("place") or ""), str(values.get("grade") or ""),
        Decimal(str(values["value"])), str(values["unit"]), str(values.get("basis") or ""),
        values.get("checked") == "pending",
    )  # fmt: skip


def check_standards(register: Register, rows: Sequence[Prepared]) -> None:
    """The unit must be one of the indicator's: 万元 for each 亩 or 公顷, or a ratio."""
    del register
    money = {"investment", "output", "land_tax"}
    for row in rows:
        per_land = row.values.get("unit") in ("mu", "hectare")
        if per_land != (row.values.get("indicator") in money):
            row.problems.append(
                ValueProblem(
                    "unit", "单位与指标不配", "强度、税收写万元/亩或万元/公顷，其余写比值或%"
                )
            )


def term_of(entry: Entry, words: dict[str, str]) -> Term:
    """A term as stored; ``words`` are those of the ways land is given."""
    values = entry.values
    return Term(
        entry.pk, str(values["parcel"]), (values.get("enterprise") or {}).get("name", ""),
        words.get(str(values["method"]), ""), dt.date.fromisoformat(values["starts"]),
        dt.date.fromisoformat(values["until"]),
        values.get("requested"), _day(values.get("assessed")), str(values.get("finding") or ""),
        str(values.get("renewal") or ""),
    )  # fmt: skip


def terms_near_end(access: Access, day: dt.date, ahead: int) -> list[Standing]:
    """Terms in reach that end within ``ahead`` days or have ended, the most urgent first."""
    register = Register.objects.select_related("current").filter(code=TERMS).first()
    if register is None:
        return []
    field = register.schema.field("method")
    words = dict(field.options) if field else {}
    last = (day + dt.timedelta(days=ahead)).isoformat()
    rows = visible_entries(access, register).filter(
        state=Entry.State.LISTED, values__until__lte=last
    )
    return near_end([term_of(entry, words) for entry in rows.order_by("pk")], day, ahead)


def check_terms(register: Register, rows: Sequence[Prepared]) -> None:
    """Nothing is renewed without an assessment made before the end that found the conditions met,
    and without the user's request; a conclusion needs its day."""
    ids = {row.entry_id for row in rows if row.entry_id is not None}
    held = dict(Entry.objects.filter(register=register, pk__in=ids).values_list("pk", "values"))
    for row in rows:
        problem = _finding(row.values) or _renewal(row.values, held.get(row.entry_id or 0))
        if problem is not None:
            row.problems.append(problem)


def _finding(values: dict[str, Any]) -> ValueProblem | None:
    if bool(values.get("finding")) != bool(values.get("assessed")):
        return ValueProblem("finding", "评估结论和评估日期要一起填", "两项都填，或都空着")
    return None


def _renewal(values: dict[str, Any], before: dict[str, Any] | None) -> ValueProblem | None:
    """A later end, or the number of a new contract, stands on an assessment of the old term."""
    old = str((before or {}).get("until") or "")
    extended = bool(old) and values["until"] > old
    if not extended and not values.get("renewal"):
        return None
    if not (extended and values.get("renewal")):
        return ValueProblem(
            "renewal", "续期要同时写新的届满日和续期合同编号", "在原条目上“变更”，两项都填"
        )
    if values.get("finding") != "fit":
        return ValueProblem("finding", "没有评估为符合续期使用条件，不能续期", "届满前先评估")
    if values["assessed"] > old:
        when = formats.day(dt.date.fromisoformat(old))
        return ValueProblem("assessed", f"评估晚于原届满日 {when}", "届满以后的评估不能据以续期")
    if values["starts"] <= old:
        return ValueProblem("starts", "起始日还是原来的", "改为续期合同的起始日，在原届满日以后")
    if not values.get("requested"):
        return ValueProblem("requested", "使用人没有申请续期", "先由使用人书面申请")
    return None


def _day(text: Any) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
