"""Robots and machining centres brought into use, out of invoice lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jigai.core.access import Access
from jigai.core.screens.list_filters import below
from jigai.metrics.diffusion import (
    NEW,
    UNSAID,
    KindCount,
    Machine,
    machines_by_kind,
    normal_unit,
)
from jigai.projects.analysis.counters.content import machine_kinds, origins, units
from jigai.projects.analysis.line_source import lines_within


@dataclass(frozen=True, slots=True)
class Spread:
    """Counts by year and kind. ``visible`` is false where the person may see no invoices."""

    visible: bool
    years: dict[int, dict[str, KindCount]] = field(default_factory=dict)

    def bought(self, year: int, kind: str, unit: str) -> Decimal:
        """New machines of a year: those said to be new and those nobody said anything else of."""
        count = self.years.get(year, {}).get(kind)
        return count.total(unit, NEW, UNSAID) if count else Decimal(0)


def spread(access: Access, first: int, last: int, region: str = "") -> Spread:
    """Machines by the year of the invoice; one query. A line repeated in another import counts
    once, whatever the year."""
    lines = lines_within(access)
    if lines is None:
        return Spread(False)
    classes = frozenset().union(*(kind.classes for kind in machine_kinds()))
    rows = lines.filter(date__year__lte=last, item_class__in=classes)
    if region:
        rows = below(rows, "region_code", region)
    by_year: dict[int, list[Machine]] = {}
    seen: set[str] = set()
    repeated: dict[int, list[Machine]] = {}
    for row in rows.order_by("date", "id").iterator(chunk_size=5000):
        machine = machine_of(row)
        if machine is None:
            continue
        target = repeated if machine.line and machine.line in seen else by_year
        seen.add(machine.line)
        target.setdefault(row["date"].year, []).append(machine)
    found = {year: machines_by_kind(by_year.get(year, [])) for year in range(first, last + 1)}
    for year, machines in repeated.items():
        for machine in machines if year in found else ():
            count = found[year].setdefault(machine.kind, KindCount(machine.kind))
            count.repeated.append(machine.key)
    return Spread(True, found)


def machine_of(row: dict[str, Any]) -> Machine | None:
    """What an invoice line bought, if it is of a counted kind."""
    item = row["item"] or ""
    kind = next((k for k in machine_kinds() if row["item_class"] in k.classes
                 and k.pattern.search(item)), None)  # fmt: skip
    if kind is None:
        return None
    origin = next((name for name, pattern in origins() if pattern.search(item)), UNSAID)
    quantity = row["quantity"]
    if quantity is not None and (row["amount_fen"] or 0) < 0 < quantity:
        # Some red letters write the amount negative and the quantity not.
        quantity = -quantity
    return Machine(
        f"{row['id']:012d}", kind.kind, normal_unit(row["unit"], units()), quantity, origin,
        line=row["line_key"],
    )  # fmt: skip
