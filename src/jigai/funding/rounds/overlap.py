"""Rounds that would take the same applications at the same time."""

from __future__ import annotations

from django.db.models import QuerySet

from jigai.funding.models import Round


def overlapping(round_: Round) -> QuerySet[Round]:
    """Open rounds of the same document, region and year with a measure of this one and a window
    that meets its window."""
    codes = list(round_.measures.values_list("code", flat=True))
    rows = Round.objects.filter(
        state=Round.State.OPEN, region_code=round_.region_code, year=round_.year,
        pack__slug=round_.pack.slug, measures__code__in=codes,
        opens_at__lt=round_.closes_at, closes_at__gt=round_.opens_at,
    )  # fmt: skip
    return rows.exclude(pk=round_.pk).distinct().order_by("id")
