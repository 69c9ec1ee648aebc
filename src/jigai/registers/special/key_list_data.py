"""Lists of key enterprises of all registers of that kind, read for the comparison."""

from __future__ import annotations

import datetime as dt

from jigai.core.access import Access
from jigai.core.fields.names import region_word
from jigai.core.fields.values import show_value
from jigai.registers.access import visible_entries
from jigai.registers.models import EntrySpan, Register
from jigai.registers.special.list_conflicts import Listed

SYSTEM = "key-enterprise-lists"
# Lists whose enterprises lead a consortium.
LEADERS = frozenset({"chain-leaders", "cluster-leaders"})


def key_registers() -> list[Register]:
    """Every published register of key enterprises, shipped or made by the user."""
    rows = Register.objects.select_related("current").filter(
        systems__contains=[SYSTEM], state=Register.State.PUBLISHED, current__isnull=False
    )
    return list(rows.order_by("name", "id"))


def listed_up_to(access: Access, day: dt.date, registers: list[Register]) -> list[Listed]:
    """The last span up to a day of every entry the person may see."""
    spans = EntrySpan.objects.filter(
        register__in=registers, starts__lte=day, enterprise__isnull=False,
        entry__in=visible_entries(access).values("pk"),
    ).select_related("enterprise", "entry").order_by("entry_id", "starts")  # fmt: skip
    known = {register.pk: register for register in registers}
    last = {span.entry_id: span for span in spans}
    return [_listed(known[span.register_id], span) for span in last.values()]


def _listed(register: Register, span: EntrySpan) -> Listed:
    values = span.values
    size = register.schema.field("size")
    until = values.get("valid_to")
    assert span.enterprise is not None
    return Listed(
        entry=span.entry_id, enterprise=span.enterprise.pk, name=span.enterprise.name,
        kind=register.code, kind_word=register.name.removesuffix("名单"),
        source=str(values.get("department") or register.keeper or "没有写公布单位"),
        document=str(values.get("document") or ""),
        place=str(values.get("region") or span.region_code),
        starts=span.starts, ends=span.ends, leads=register.code in LEADERS,
        size=str(values.get("size") or ""),
        size_word=show_value(size, values.get("size")) if size and values.get("size") else "",
        expired=bool(until and span.ends and dt.date.fromisoformat(until) < span.ends),
    )  # fmt: skip


def place_word(code: str) -> str:
    """The name of the region a list is for."""
    return region_word(code) if code else "全国"
