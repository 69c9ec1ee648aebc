"""The audit list and what documents say of its size, read for the progress page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from jigai.core.access import Access
from jigai.core.access.scoping import region_prefix
from jigai.policies.models import PackItem
from jigai.registers.access import visible_entries
from jigai.registers.models import EntrySpan, Register
from jigai.registers.selectors import entries_on
from jigai.registers.special.cleaner_counts import Audit
from jigai.registers.special.ledger import find_register

AUDITS = "clean-production-list"
_SUBJECT = "清洁生产"


@dataclass(frozen=True, slots=True)
class Saying:
    """What a document says of the number: a ``slogan`` is a name and binds nobody to a number."""

    document: str
    clause: str
    name: str
    value: str
    unit: str
    slogan: bool
    note: str


def audits_on(access: Access, day: dt.date, region: str = "") -> list[Audit]:
    """Audits the person may see on a day, in a region and below."""
    register = find_register(AUDITS)
    if register is None:
        return []
    rows = entries_on(register, day).filter(
        entry__in=visible_entries(access, register).values("pk")
    )
    if region:
        rows = rows.filter(region_code__startswith=region_prefix(region))
    return [_audit(span) for span in rows.select_related("enterprise")]


def _audit(span: EntrySpan) -> Audit:
    values = span.values
    return Audit(
        entry=span.entry_id, name=_name(span), state=str(values.get("state") or ""),
        conclusion=str(values.get("conclusion") or ""),
        mandatory=values.get("kind") == "mandatory", published=_day(values.get("published")),
        accepted=_day(values.get("accepted")), rectify=bool(values.get("rectify")),
        rectify_by=_day(values.get("rectify_by")), rectified=_day(values.get("rectified")),
    )  # fmt: skip


def sayings(register: Register | None) -> list[Saying]:
    """Targets of the packs whose register this is that speak of cleaner production."""
    slugs = {name.split(":")[0] for name in (register.items if register else ())}
    rows = PackItem.objects.filter(
        section="targets", pack__is_current=True, pack__slug__in=slugs, name__contains=_SUBJECT
    ).select_related("pack")
    return [
        Saying(
            item.pack.title, item.clauses[0] if item.clauses else "", item.name,
            str(item.data.get("value") or ""), str(item.data.get("unit") or ""),
            item.data.get("comparator") == "name", str(item.data.get("note") or ""),
        )
        for item in rows.order_by("pack__slug", "place", "id")
    ]  # fmt: skip


def _name(span: EntrySpan) -> str:
    if span.enterprise is not None:
        return span.enterprise.name
    return str((span.values.get("enterprise") or {}).get("name") or "")


def _day(text: Any) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
