"""Names of regions, many at a time."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F

from jigai.core.models import Region


def names_of_regions(codes: Iterable[str]) -> dict[str, str]:
    """The current name of each code, in one query; codes not in the register are left out."""
    wanted = {code for code in codes if code}
    if not wanted:
        return {}
    # The latest span of a code comes last and stays.
    rows = Region.objects.filter(code__in=wanted).order_by(
        "code", F("valid_from").asc(nulls_first=True), "id"
    )
    return {row.code: row.name for row in rows}
