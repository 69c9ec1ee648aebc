"""Answers terms of packs that read a register, for all enterprises of an evaluation at once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from django.db.models import Exists, OuterRef

from jigai.core.fields.shapes import Field
from jigai.core.fields.values import show_value
from jigai.policies.fact_run import FactRows
from jigai.policies.providers import Question, looks_up
from jigai.registers.counting import counted, counting_rule
from jigai.registers.models import EntrySpan, Register
from jigai.registers.selectors import entries_on
from jigai.rules.facts import UNREADABLE
from jigai.rules.schema import RegisterRead, Term
from jigai.rules.scope import RATIO_SCALE
from jigai.rules.units import unit

_DAY = dt.timedelta(days=1)
Spans = Mapping[str, list[EntrySpan]]


@looks_up
def look_up(question: Question, facts: FactRows) -> None:
    """Put values into the rows of enterprises; a register that is not there, or in which nobody
    was ever listed, says nothing: its terms stay as they were.

    Three queries a register, whatever the number of enterprises and terms.
    """
    terms = [(t, t.reads) for t in question.terms if t.reads and t.subject == "enterprise"]
    registers = {
        row.code: row
        for row in Register.objects.select_related("current").filter(
            Exists(EntrySpan.objects.filter(register=OuterRef("pk"))),
            code__in={read.code for _, read in terms},
            current__isnull=False,
        )
    }
    held = {code: _spans(row, question.as_of) for code, row in registers.items()}
    rows = facts.get("enterprise", [])
    for term, read in terms:
        register = registers.get(read.code)
        if register is None:
            continue
        answers = _answers(term, read, register, held[read.code])
        for row in rows:
            value = answers(row["key"])
            if value is not None:
                row[term.id] = value


def _spans(register: Register, day: dt.date) -> Spans:
    """Spans of the day by key of the enterprise, the one that began last first."""
    found: dict[str, list[EntrySpan]] = defaultdict(list)
    rows = entries_on(register, day).filter(enterprise__isnull=False).select_related("enterprise")
    for span in rows.order_by("-starts", "-entry_id"):
        assert span.enterprise is not None
        found[span.enterprise.uscc or f"row{span.enterprise.pk}"].append(span)
    return found


def _answers(term: Term, read: RegisterRead, register: Register, held: Spans) -> Any:
    if read.present:
        return lambda key: key in held
    if read.count:
        rule = counting_rule(register, read.count)
        every = counted(register, rule, [span for spans in held.values() for span in spans])
        mine = {id(span) for span in every}
        return lambda key: sum(id(span) in mine for span in held.get(key, ()))
    if read.on:
        chains = _chains(held)
        return lambda key: chains[held[key][0].pk][read.on] if key in held else None
    item = register.schema.field(read.field)
    if item is None:
        return lambda key: UNREADABLE if key in held else None
    return lambda key: _fact(term, item, held[key][0].values.get(item.id)) if key in held else None


def _fact(term: Term, item: Field, value: Any) -> Any:
    """A field's value as a term's; what does not fit is unreadable, never assumed."""
    if value is None:
        return None
    kind = item.type
    if term.type == "bool" and kind == "flag":
        return value
    if term.type == "date" and kind == "date":
        return dt.date.fromisoformat(value)
    if term.type == "enum":
        return value if value in (*term.options, *term.options.values()) else UNREADABLE
    if term.type in ("money", "area") and kind == term.type:
        return value
    if term.type in ("number", "ratio") and kind == "number":
        return _number(term, item, value)
    if term.type == "text" and kind not in ("money", "area", "number", "flag", "date"):
        return show_value(item, value) if isinstance(value, dict | list) else str(value)
    return UNREADABLE


def _number(term: Term, item: Field, value: str) -> Any:
    """In base units, as facts are stored."""
    scale = RATIO_SCALE if term.type == "ratio" else 1
    stored = Fraction(value) * (unit(item.unit)[0] if item.unit else 1) * scale
    return int(stored) if stored.denominator == 1 else UNREADABLE


def _chains(held: Spans) -> dict[int, dict[str, Any]]:
    """When the unbroken listing around each span began and its last valid day, by span."""
    wanted = {span.entry_id: span for spans in held.values() for span in spans}
    rows: Iterable[EntrySpan] = EntrySpan.objects.filter(entry__in=wanted).order_by(
        "entry_id", "starts"
    )
    by_entry: dict[int, list[EntrySpan]] = defaultdict(list)
    for row in rows:
        by_entry[row.entry_id].append(row)
    found = {}
    for entry, span in wanted.items():
        start, end = span.starts, span.ends
        for other in reversed(by_entry[entry]):
            start = other.starts if other.ends == start else start
        for other in by_entry[entry]:
            end = other.ends if other.starts == end else end
        found[span.pk] = {"start": start, "end": end - _DAY if end else None}
    return found
