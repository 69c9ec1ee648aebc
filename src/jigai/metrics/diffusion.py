"""How many machines came into use: 台 and 套 apart, nothing counted twice.

A machine is known by its serial number; without one, the invoice line it was bought with stands
for what it says was bought. Second-hand and leased machines are told apart from new ones, and so
are those nobody has said it of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

NEW, SECOND_HAND, LEASED, UNSAID = "new", "second-hand", "leased", "unsaid"
ORIGINS = {NEW: "新购", SECOND_HAND: "二手", LEASED: "租赁", UNSAID: "未注明"}


@dataclass(frozen=True, slots=True)
class Machine:
    """One entry of an equipment ledger or one invoice line.

    ``kind`` as classified (robot, CNC machining centre…), ``unit`` as written, ``quantity`` how
    many, negative on a red letter and ``None`` where unknown. ``line`` names the invoice line
    (code, number, item, model…).
    """

    key: str
    kind: str
    unit: str
    quantity: Decimal | None
    origin: str = UNSAID
    serial: str = ""
    line: str = ""


@dataclass(slots=True)
class KindCount:
    """One kind: quantities by unit and origin, entries repeated, and entries without a number."""

    kind: str
    by_unit: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    counted: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def total(self, unit: str, *origins: str) -> Decimal:
        """How many of a unit, of all origins or those given; units are never added together."""
        found = self.by_unit.get(unit, {})
        return sum((found[o] for o in origins or found if o in found), Decimal(0))


def normal_unit(text: str | None, same: Mapping[str, str] | None = None) -> str:
    """A unit of invoices without blanks; ``same`` maps other ways of writing it."""
    bare = "".join((text or "").split())
    return (same or {}).get(bare, bare)


def machines_by_kind(machines: Iterable[Machine]) -> dict[str, KindCount]:
    """Counts by kind. Of entries with one serial number, or without one of the same invoice line,
    the first by key counts; an entry with a serial number and the invoice line of others is one of
    the machines that line bought, so that the line itself then counts only what is left of it."""
    found: dict[str, KindCount] = {}
    rows = sorted(machines, key=lambda one: (not one.serial, one.key))
    serials: set[str] = set()
    lines: set[str] = set()
    by_serial: dict[str, Decimal] = {}
    for one in rows:
        count = found.setdefault(one.kind, KindCount(one.kind))
        if one.serial:
            if one.serial in serials:
                count.repeated.append(one.key)
                continue
            serials.add(one.serial)
            quantity: Decimal | None = Decimal(1)
            if one.line:
                by_serial[one.line] = by_serial.get(one.line, Decimal(0)) + 1
        else:
            if one.line and one.line in lines:
                count.repeated.append(one.key)
                continue
            lines.add(one.line)
            quantity = _left(one, by_serial)
            if quantity == 0 and one.quantity:
                count.repeated.append(one.key)
                continue
        if quantity is None or not one.unit:
            count.unknown.append(one.key)
            continue
        of_unit = count.by_unit.setdefault(one.unit, {})
        of_unit[one.origin] = of_unit.get(one.origin, Decimal(0)) + quantity
        count.counted.append(one.key)
    return found


def _left(one: Machine, by_serial: Mapping[str, Decimal]) -> Decimal | None:
    """What a line bought beyond the machines already counted by serial number."""
    taken = by_serial.get(one.line, Decimal(0)) if one.line else Decimal(0)
    if one.quantity is None:
        # The machines known by number are the least it bought; the rest stays unknown.
        return None
    return max(one.quantity - taken, Decimal(0)) if taken else one.quantity
