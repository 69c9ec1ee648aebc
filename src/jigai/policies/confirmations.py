"""What people confirmed, as facts: the latest answer about a term goes before imported data."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from jigai.policies.fact_run import FactRows
from jigai.policies.models import Confirmation


def latest_confirmations(
    year: int, region_code: str, known_at: dt.datetime | None = None
) -> QuerySet[Confirmation]:
    """The latest answer per subject, key and term, taken-back ones included."""
    from jigai.core.access.scoping import region_prefix

    found = Confirmation.objects.filter(
        year=year, region_code__startswith=region_prefix(region_code)
    )
    if known_at is not None:
        found = found.filter(at__lte=known_at)
    return found.order_by("subject", "subject_key", "term", "-id").distinct(
        "subject", "subject_key", "term"
    )


def apply_confirmations(
    facts: FactRows, *, year: int, region_code: str, known_at: dt.datetime
) -> int:
    """Write confirmed values into fact rows; the number of values written."""
    answers: dict[tuple[str, str], dict[str, bool]] = {}
    for item in latest_confirmations(year, region_code, known_at):
        if item.value is not None:
            answers.setdefault((item.subject, item.subject_key), {})[item.term] = item.value
    written = 0
    if answers:
        for subject, rows in facts.items():
            written += sum(_write(row, answers.get((subject, str(row["key"])))) for row in rows)
    return written


def _write(row: dict[str, Any], given: dict[str, bool] | None) -> int:
    row.update(given or {})
    return len(given or {})
