"""Invoices of a project in a month, from whichever room keeps them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Sum

from jigai.core.access import Access
from jigai.projects.analysis.line_source import lines_within


@dataclass(frozen=True, slots=True)
class MonthInvoices:
    """How many lines, and their amount without tax in fen."""

    lines: int
    amount_fen: int


def month_invoices(access: Access, project: int, year: int, month: int) -> MonthInvoices | None:
    """Lines of a month that the person may see; ``None`` without any."""
    rows = lines_within(access)
    if rows is None:
        return None
    found = rows.filter(project_id=project, date__year=year, date__month=month).aggregate(
        lines=Count("pk"), amount=Sum("amount_fen")
    )
    return MonthInvoices(found["lines"], found["amount"] or 0) if found["lines"] else None
