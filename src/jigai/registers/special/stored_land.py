"""Plans, supplies, zones and placements as stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.utils import timezone

from jigai.core.access import Access
from jigai.core.screens import formats
from jigai.registers.access import visible_entries
from jigai.registers.entry_values import Prepared, ValueProblem
from jigai.registers.models import Entry, EntrySpan, Register
from jigai.registers.selectors import on_day
from jigai.registers.special.land import Gap, Plan, Supply, ZoneUse, gaps, zone_uses

ZONES, PLANS, SUPPLIES, PLACEMENTS = (
    "land-zones", "land-supply-plans", "land-supplies", "land-placements",
)  # fmt: skip


def _spans(access: Access, code: str, day: dt.date) -> list[EntrySpan]:
    register = Register.objects.filter(code=code).first()
    if register is None:
        return []
    seen = visible_entries(access, register).values("pk")
    rows = EntrySpan.objects.filter(on_day(day), register=register, entry__in=seen)
    return list(rows.select_related("entry").order_by("entry_id", "starts"))


def gaps_in_reach(access: Access, day: dt.date) -> list[Gap]:
    """Planned against supplied by region and year, as recorded up to a day."""
    plans = [
        Plan(s.values["place"], int(s.values["year"]), s.values["area"], s.values["retrofit"])
        for s in _spans(access, PLANS, day)
    ]
    supplies = [
        Supply(s.values["place"], int(s.values["supplied"][:4]), s.values["area"],
               bool(s.values["retrofit"]))
        for s in _spans(access, SUPPLIES, day)
    ]  # fmt: skip
    return gaps(plans, supplies)


def uses_in_reach(access: Access, day: dt.date) -> list[ZoneUse]:
    """Zones of a day with what is placed in them."""
    zones = {
        s.entry_id: (s.entry.title, s.values["area"], s.values["name"])
        for s in _spans(access, ZONES, day)
    }
    placed = [
        (s.values["zone"]["id"], s.values["area"])
        for s in _spans(access, PLACEMENTS, day)
        if (s.values.get("zone") or {}).get("id") in zones
    ]
    return zone_uses(zones, placed)


def check_placements(register: Register, rows: Sequence[Prepared]) -> None:
    """Refuse placements that occupy more of a zone than is left today; rows of one file add up.

    What waits for approval counts as occupied, so that two proposals cannot share what is left.
    """
    today = timezone.localdate()
    wanted = [(row, (row.values.get("zone") or {}).get("id")) for row in rows]
    zones = {
        s.entry_id: s
        for s in EntrySpan.objects.filter(
            on_day(today), register__code=ZONES, entry__in={key for _, key in wanted if key}
        ).select_related("entry").order_by("entry_id", "starts")
    }  # fmt: skip
    left = {key: span.values["area"] for key, span in zones.items()}
    own = {entry for row in rows if (entry := row.entry_id) is not None}
    for values in _taken(register, today, own):
        key = (values.get("zone") or {}).get("id")
        if key in left:
            left[key] -= values["area"]
    for row, key in wanted:
        if key not in left:
            row.problems.append(
                ValueProblem("zone", "地块不在今天的控制线台账里", "先登记地块，或另选地块")
            )
            continue
        area = row.values.get("area") or 0
        if area > left[key]:
            row.problems.append(_too_much(zones[key].entry.title, area, left[key]))
        left[key] -= area


def _taken(register: Register, day: dt.date, own: Collection[int]) -> Iterator[dict[str, Any]]:
    """Values of placements in force on a day and of those waiting for approval."""
    held = EntrySpan.objects.filter(on_day(day), register=register).exclude(entry__in=own)
    yield from held.order_by().values_list("values", flat=True)
    waiting = Entry.objects.filter(register=register, state=Entry.State.PROPOSED)
    yield from waiting.exclude(pk__in=own).order_by().values_list("values", flat=True)


def _too_much(zone: str, area: int, left: int) -> ValueProblem:
    free = f"只剩 {formats.mu(left)} 亩" if left >= 0 else f"已超占 {formats.mu(-left)} 亩"
    return ValueProblem(
        "area", f"地块“{zone}”{free}，不够再占 {formats.mu(area)} 亩", "减少占用面积，或另选地块"
    )
