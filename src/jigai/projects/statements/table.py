"""What each statement says of a project: never one number for another (reading U16).

The filed statement is the ledger's, or what was entered from the filing; the invoiced one adds up
the counted lines; the statistical one is the last accepted month of each year.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Sum
from django.db.models.functions import ExtractYear

from jigai.core.access import Access
from jigai.projects.analysis.line_source import lines_within
from jigai.projects.models import MonthlyReport, Project, ProjectInvestment

FILED, INVOICED, STATISTICAL, PLANNED = "filed", "invoiced", "statistical", "planned"
KINDS = dict(ProjectInvestment.Kind.choices)
STATEMENTS = dict(ProjectInvestment.Statement.choices)
WHOLE = 0
# Which kinds of investment a class of invoice lines belongs to: robots are equipment too.
_KINDS_OF_CLASS = {
    "equipment": ("equipment",), "equipment_review": ("equipment",),
    "robot": ("equipment", "robot"), "software": ("software",), "it_hardware": ("hardware",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Amount:
    """Fen with where they come from; ``fen`` ``None`` means "not known"."""

    fen: int | None = None
    source: str = ""
    pk: int | None = None


@dataclass(slots=True)
class Statements:
    """``whole``: kind → statement → amount; ``years``: year → kind → statement → amount.

    ``lines`` tells whether the person may see invoices at all.
    """

    whole: dict[str, dict[str, Amount]] = field(default_factory=dict)
    years: dict[int, dict[str, dict[str, Amount]]] = field(default_factory=dict)
    lines: bool = True


def statements_of(project: Project, access: Access) -> Statements:
    """Everything on record about one project's investment; four queries."""
    cells: dict[tuple[int, str, str], Amount] = {}
    for kind in KINDS:
        fen = getattr(project, f"{kind}_fen")
        source = "台账" if fen is not None else ""
        cells[WHOLE, kind, FILED] = Amount(fen, source)
    for row in ProjectInvestment.objects.filter(project=project):
        cells[row.year, row.kind, row.statement] = Amount(row.amount_fen, row.source, row.pk)
    cells.update(_statistical(project))
    lines = lines_within(access)
    if lines is not None:
        cells.update(_invoiced(lines.filter(project_id=project.pk)))
    return _laid_out(cells, lines is not None)


def _statistical(project: Project) -> Iterable[tuple[tuple[int, str, str], Amount]]:
    """The last accepted cumulative figure of each year, and their sum."""
    reports = MonthlyReport.objects.filter(
        project=project, accepted=True, cumulative_fen__isnull=False
    )
    last = {}
    for year, month, fen in reports.order_by("year", "month").values_list(
        "year", "month", "cumulative_fen"
    ):
        last[year] = Amount(fen, f"{month} 月月报")
    for year, amount in last.items():
        yield (year, "total", STATISTICAL), amount
    if last:
        told = "、".join(f"{year} 年" for year in last)
        total = sum(amount.fen or 0 for amount in last.values())
        yield (WHOLE, "total", STATISTICAL), Amount(total, f"{told}月报累计")


def _invoiced(lines: Any) -> Iterable[tuple[tuple[int, str, str], Amount]]:
    """Counted lines by the year of the invoice; red letters take off."""
    sums: dict[tuple[int, str], int] = defaultdict(int)
    grouped = (
        lines.order_by()
        .annotate(own_year=ExtractYear("date"))
        .values_list("own_year", "item_class")
        .annotate(fen=Sum("amount_fen"))
    )
    for year, item_class, fen in grouped:
        for kind in _KINDS_OF_CLASS.get(item_class, ()):
            sums[year, kind] += fen or 0
            sums[WHOLE, kind] += fen or 0
    for (year, kind), fen in sums.items():
        yield (year, kind, INVOICED), Amount(fen, "计入的发票行，不含税")


def _laid_out(cells: dict[tuple[int, str, str], Amount], lines: bool) -> Statements:
    found = Statements(lines=lines)
    for kind in KINDS:
        found.whole[kind] = {name: cells.get((WHOLE, kind, name), Amount()) for name in STATEMENTS}
    for year in sorted({key[0] for key in cells if key[0] != WHOLE}, reverse=True):
        rows = {
            kind: {name: cells.get((year, kind, name), Amount()) for name in STATEMENTS}
            for kind in KINDS
        }
        found.years[year] = {
            kind: row for kind, row in rows.items() if any(a.source for a in row.values())
        }
    return found
