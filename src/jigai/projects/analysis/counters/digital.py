"""How far digital tools have spread: the yearly survey against the set a question is asked of."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.screens.list_filters import below
from jigai.core.selectors_enterprises import enterprises_for
from jigai.metrics.penetration import Member, Penetration, penetration
from jigai.projects.analysis.counters.content import Asked, questions
from jigai.projects.analysis.counters.coverage import floor_fen
from jigai.registers.models import EntrySpan
from jigai.registers.selectors import on_day

SURVEY = "digital-survey"
_LARGE = ("large", "medium")
# Of each enterprise of the register of a year: revenue and size class as last recorded.
_MEMBERS = """
    SELECT e.id, e.industry_code,
        max(f.number) FILTER (WHERE f.term = 'revenue'),
        coalesce(max(f.text) FILTER (WHERE f.term = 'size_declared'),
                 max(f.text) FILTER (WHERE f.term = 'size_computed'))
    FROM core_enterprise e
    LEFT JOIN (
        SELECT DISTINCT ON (enterprise_id, term) enterprise_id, term, number, nullif(text, '') text
        FROM core_enterprisefigure
        WHERE withdrawn_at IS NULL AND year = %s
            AND term IN ('revenue', 'size_declared', 'size_computed')
        ORDER BY enterprise_id, term, id DESC
    ) f ON f.enterprise_id = e.id
    WHERE e.id IN ({mine}) AND EXISTS (
        SELECT FROM core_enterprisefigure g
        WHERE g.enterprise_id = e.id AND g.year = %s AND g.withdrawn_at IS NULL
    )
    GROUP BY e.id ORDER BY e.id
"""


@dataclass(frozen=True, slots=True)
class Answered:
    """One question with what was counted; ``other`` is the same in the other sets, not to be
    compared with it."""

    asked: Asked
    found: Penetration
    other: list[Penetration]


def digital(access: Access, year: int, region: str = "") -> list[Answered]:
    """Every question of a year; two queries. Denominators come from the register of the year."""
    people = members_of(access, year, region)
    answers = answers_of(year, {member.key for member in people})
    found = []
    for asked in questions():
        given = {key: values.get(asked.field) for key, values in answers.items()}
        main = penetration(asked.name, asked.denominator, people, given)
        others = [
            penetration(asked.name, other, people, given)
            for other in ("above-scale", "large-medium", "all") if other != asked.denominator
        ]  # fmt: skip
        found.append(Answered(asked, main, others))
    return found


def members_of(access: Access, year: int, region: str = "") -> list[Member]:
    """Enterprises within reach that the register of the year holds."""
    rows = enterprises_for(access)
    if region:
        rows = below(rows, "region_code", region)
    mine, params = rows.order_by().values("pk").query.sql_with_params()
    floor = floor_fen(year)
    with connection.cursor() as cursor:
        cursor.execute(_MEMBERS.format(mine=mine), [year, *params, year])
        return [
            Member(pk, _above(industry, revenue, floor), None if size is None else size in _LARGE)
            for pk, industry, revenue, size in cursor.fetchall()
        ]


def _above(industry: str | None, revenue: int | None, floor: int | None) -> bool | None:
    """规上 is asked of industry only; unknown without revenue, industry or threshold."""
    if not industry:
        return None
    if not "06" <= industry[:2] <= "46":
        return False
    return None if revenue is None or floor is None else revenue >= floor


def answers_of(year: int, enterprises: set[Hashable]) -> dict[Hashable, dict[str, Any]]:
    """What the survey of a year says of these enterprises; the last word of each."""
    spans = EntrySpan.objects.filter(
        on_day(timezone.localdate()), register__code=SURVEY, enterprise__isnull=False,
        values__year=str(year),
    ).order_by("enterprise_id", "id")  # fmt: skip
    found: dict[Hashable, dict[str, Any]] = {}
    for enterprise, values in spans.values_list("enterprise_id", "values"):
        if enterprise in enterprises:
            found[enterprise] = values
    return found
