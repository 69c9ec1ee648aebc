"""Energy limits and price surcharges, read from their registers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jigai.core.fields.names import region_word
from jigai.core.fields.values import show_value
from jigai.registers.models import EntrySpan, Register
from jigai.registers.selectors import entries_on
from jigai.registers.special.energy_limits import Limit, Standard
from jigai.registers.special.ledger import find_register

LIMITS, SURCHARGES = "energy-limit-standards", "energy-price-surcharges"
_CHECKED_TO = "资料核到"
_KINDS = {
    "within": ("over_within",),
    "beyond": ("over_beyond",),
    "both": ("over_within", "over_beyond"),
}


@dataclass(frozen=True, slots=True)
class Library:
    """All standards with their limits; ``checked_to`` is the last day up to which somebody looked
    for newer editions."""

    lines: dict[str, str]
    standards: list[Standard]
    limits: list[Limit]
    checked_to: dt.date | None

    def of(self, standard: Standard, indicator: str) -> list[Limit]:
        """Limits of an indicator in one edition, one a size class."""
        own = [each for each in self.limits if each.standard == standard.id]
        return [each for each in own if each.indicator == indicator]

    def indicators(self) -> list[tuple[str, str, str]]:
        """Line, its name, and every indicator any of its editions has (empty: none)."""
        of_line = {standard.id: standard.line for standard in self.standards}
        found: dict[tuple[str, str], None] = {}
        for code in self.lines:
            names = [each.indicator for each in self.limits if of_line.get(each.standard) == code]
            for name in names or [""]:
                found[code, name] = None
        return [(code, self.lines[code], name) for code, name in found]


def library() -> Library:
    """Everything the register of limits holds. Withdrawn rows are left out."""
    register = find_register(LIMITS)
    if register is None:
        return Library({}, [], [], None)
    schema = register.schema
    standards = [
        Standard(e.pk, e.line, e.name, e.number, e.valid_from, e.valid_to, e.note)
        for e in register.editions.order_by("line", "valid_from", "id")
    ]
    limits = [_limit(register, span) for span in _last_spans(register)]
    text = schema.constants.get(_CHECKED_TO, "")
    return Library(
        dict(schema.lines), standards, limits, dt.date.fromisoformat(text) if text else None
    )


def _last_spans(register: Register) -> list[EntrySpan]:
    rows = EntrySpan.objects.filter(register=register, edition__isnull=False)
    rows = rows.filter(entry__state="listed").order_by("entry_id", "starts")
    return list({span.entry_id: span for span in rows}.values())


def _limit(register: Register, span: EntrySpan) -> Limit:
    values = span.values
    unit = register.schema.field("unit")
    note = str(values.get("note") or "")
    if values.get("checked") == "pending":
        note = f"{note}；数值待核对原文" if note else "数值待核对原文"
    assert span.edition_id is not None
    return Limit(
        standard=span.edition_id, indicator=str(values.get("indicator") or ""),
        unit=show_value(unit, values.get("unit")) if unit else str(values.get("unit") or ""),
        limit=_number(values.get("limit")), access=_number(values.get("access")),
        advanced=_number(values.get("advanced")), scope=str(values.get("scope") or ""), note=note,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Surcharge:
    """What is paid on top per kWh from a day on; no amount where a province settles it."""

    band: str
    amount: Decimal | None
    basis: str
    note: str
    place: str


def surcharges_on(day: dt.date, band: str) -> Sequence[Surcharge]:
    """The punitive surcharges in force on a day for a band of excess (empty band: none)."""
    register = find_register(SURCHARGES)
    if register is None or band not in _KINDS:
        return []
    rows = entries_on(register, day).filter(values__kind__in=_KINDS[band])
    return [
        Surcharge(
            str(s.values.get("band") or ""), _number(s.values.get("amount")),
            str(s.values.get("basis") or ""), str(s.values.get("note") or ""),
            region_word(s.values["region"]) if s.values.get("region") else "全国",
        )
        for s in rows
    ]  # fmt: skip


def _number(text: Any) -> Decimal | None:
    return None if text in (None, "") else Decimal(str(text))
