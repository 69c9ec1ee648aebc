"""The equipment ledger and the catalogue of eliminated equipment, read for the comparison."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jigai.core.access import Access
from jigai.core.fields.shapes import Field
from jigai.core.fields.values import show_value
from jigai.registers.access import visible_entries
from jigai.registers.models import EntrySpan, Register
from jigai.registers.selectors import entries_on
from jigai.registers.shapes import Schema
from jigai.registers.special.equipment import (
    LOOKS,
    WORDS,
    Catalogue,
    Equipment,
    Listed,
    Verdict,
    judge_all,
)
from jigai.registers.special.model_names import Series

LEDGER, CATALOGUE = "equipment-ledger", "eliminated-equipment"
# The two readings of 九十年代以前, by the constant of the catalogue that gives the first day after.
OLD_RULES = {"before": "老旧起点", "within": "老旧起点含九十年代"}
_OLD_DAYS = {"before": dt.date(1990, 1, 1), "within": dt.date(2000, 1, 1)}
# More machines than this are not compared in one request; the person chooses an enterprise.
MOST = 5_000


@dataclass(frozen=True, slots=True)
class Row:
    """One machine with what is said of it."""

    entry: int
    enterprise: int | None
    firm: str
    values: dict[str, Any]
    words: dict[str, str]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Firm:
    """An enterprise with the number of its machines by verdict."""

    id: int
    name: str
    total: int
    counts: dict[str, int]

    @property
    def row(self) -> list[int]:
        """The numbers in the order of the verdicts."""
        return [self.counts.get(code, 0) for code in WORDS]


def find_register(code: str) -> Register | None:
    """A register by code, if it is there and published."""
    rows = Register.objects.select_related("current").filter(code=code, current__isnull=False)
    return rows.first()


def old_before(rule: str) -> dt.date:
    """The first day that is not old any more under a reading; as the catalogue says."""
    register = find_register(CATALOGUE)
    text = register.schema.constants.get(OLD_RULES[rule], "") if register else ""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return _OLD_DAYS[rule]


def catalogue_on(day: dt.date) -> Catalogue:
    """The catalogue as it stood on a day, all of its lines."""
    register = find_register(CATALOGUE)
    if register is None:
        return Catalogue([])
    return Catalogue([_listed(register.schema, span) for span in entries_on(register, day)])


def _listed(schema: Schema, span: EntrySpan) -> Listed:
    values = span.values
    series = None
    if values.get("series"):
        letters = frozenset(str(sign).upper() for sign in values.get("letters") or ())
        series = Series(letters, _number(values.get("low")), _number(values.get("high")))
    edition = span.edition
    line = schema.lines.get(edition.line, "") if edition else ""
    return Listed(
        entry=span.entry_id, name=str(values.get("model") or ""),
        aliases=tuple(values.get("aliases") or ()), series=series,
        category=_word(schema.field("category"), values.get("category")),
        condition=str(values.get("condition") or ""),
        unchecked=values.get("checked") == "pending",
        edition=_edition_word(line, edition.name) if edition else "",
        number=edition.number if edition else "", clause=str(values.get("clause") or ""),
    )  # fmt: skip


def _edition_word(line: str, name: str) -> str:
    """A line and its edition; what both say (第二批) is said once."""
    short, _, rest = line.partition("（")
    return f"{short}{name}" if rest and rest.rstrip("）") in name else f"{line} {name}".strip()


def machines_on(access: Access, day: dt.date, enterprise: int | None = None) -> list[EntrySpan]:
    """Spans of the ledger the person may see, without what has been scrapped.

    At most one more than :data:`MOST`: who gets more than that must choose an enterprise.
    """
    register = find_register(LEDGER)
    if register is None:
        return []
    rows = entries_on(register, day, None if enterprise is None else [enterprise])
    rows = rows.filter(entry__in=visible_entries(access, register).values("pk"))
    rows = rows.exclude(values__state="scrapped").select_related("enterprise")
    return list(rows.order_by("enterprise__pinyin", "enterprise_id", "entry_id")[: MOST + 1])


def compared(spans: Sequence[EntrySpan], catalogue: Catalogue, before: dt.date) -> list[Row]:
    """Every machine with its verdict, in the given order."""
    register = find_register(LEDGER)
    schema = register.schema if register else Schema()
    verdicts = judge_all((_machine(schema, s.values) for s in spans), catalogue, before)
    return [
        Row(span.entry_id, span.enterprise_id, _firm_name(span), span.values,
            {f.id: show_value(f, span.values.get(f.id)) for f in schema.fields}, verdict)
        for span, verdict in zip(spans, verdicts, strict=True)
    ]  # fmt: skip


def _machine(schema: Schema, values: dict[str, Any]) -> Equipment:
    return Equipment(
        model=str(values.get("model") or ""),
        category=_word(schema.field("category"), values.get("category")),
        used=_day(values.get("used")), made=_day(values.get("made")),
        modified=bool(values.get("modified")), decided=str(values.get("decision") or ""),
        decided_by=str(values.get("decided") or ""),
    )  # fmt: skip


def by_firm(rows: Sequence[Row]) -> list[Firm]:
    """Enterprises with their numbers, in the order of the rows."""
    names: dict[int, str] = {}
    counts: dict[int, Counter[str]] = {}
    for row in rows:
        if row.enterprise is None:
            continue
        names.setdefault(row.enterprise, row.firm)
        counts.setdefault(row.enterprise, Counter())[row.verdict.code] += 1
    return [Firm(i, name, counts[i].total(), dict(counts[i])) for i, name in names.items()]


def verdict_counts(rows: Sequence[Row]) -> list[tuple[str, str, int]]:
    """Badge, word and number of every verdict, none left out."""
    found = Counter(row.verdict.code for row in rows)
    return [(LOOKS[code], word, found[code]) for code, word in WORDS.items()]


def _firm_name(span: EntrySpan) -> str:
    if span.enterprise is not None:
        return span.enterprise.name
    return str((span.values.get("enterprise") or {}).get("name") or "")


def _word(item: Field | None, code: Any) -> str:
    return show_value(item, code) if item is not None and code else ""


def _number(text: Any) -> Decimal | None:
    return None if text in (None, "") else Decimal(str(text))


def _day(text: Any) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
