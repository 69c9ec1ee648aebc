"""Invoice lines as the analysis of investment counts them: each once, red letters taken off."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, CharField, F, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce, Concat

from jigai.core.access import Access
from jigai.funding.selectors import lines_for
from jigai.projects.analysis.line_source import register_lines

_CLASSES = ("equipment", "robot", "equipment_review", "software", "it_hardware")


def counted_lines(access: Access) -> QuerySet[Any]:
    """Lines within reach that buy equipment, robots, software or hardware; void and repeated ones
    and those whose amounts are suspect left out. ``line_key`` is empty without an invoice number.
    """
    rows = lines_for(access).filter(
        duplicate_of__isnull=True, unit_suspect=False, item_class__in=_CLASSES, date__isnull=False
    )
    told = ["invoice_no", "item", "spec", "quantity", "amount_fen"]
    parts = [Coalesce(Cast(name, CharField()), Value("")) for name in ("invoice_code", *told)]
    spread = [piece for part in parts for piece in (part, Value("/"))]
    number = Concat(*spread, output_field=CharField())
    key = Case(When(invoice_no__isnull=True, then=Value("")), default=number)
    return rows.exclude(status="void").annotate(line_key=key, enterprise_id=F("buyer_id")).values(
        "id", "project_id", "enterprise_id", "region_code", "date", "amount_fen", "item_class",
        "item", "unit", "quantity", "line_key",
    )  # fmt: skip


def register() -> None:
    """Called once the rooms are loaded."""
    register_lines(counted_lines)
