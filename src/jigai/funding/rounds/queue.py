"""In which order applications stand: by score, then by the round's priorities, then by time.

A priority moves an application forward among equals; it never lets one in or keeps one out.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from jigai.funding.models import Round

# The first direction in the round's order that an application bears; after all without one.
_QUEUE = """
    WITH wanted AS (
      SELECT code, place FROM unnest(%s::text[]) WITH ORDINALITY AS t(code, place)
    ), asked AS (
      SELECT a.id, a.number, a.title, a.score, a.submitted_at, a.state, e.name,
        (SELECT min(w.place) FROM wanted w WHERE w.code = ANY(a.directions)) AS place
      FROM funding_application a JOIN core_enterprise e ON e.id = a.enterprise_id
      WHERE a.round_id = %s AND a.state NOT IN ('draft', 'signing', 'withdrawn', 'refused')
    ), ranked AS (
      SELECT *, rank() OVER w AS standing, count(*) OVER (PARTITION BY score, place) AS equal
      FROM asked WINDOW w AS (ORDER BY score DESC NULLS LAST, place NULLS LAST)
    )
    SELECT id, number, title, name, score, place, standing, equal > 1, state FROM ranked
    ORDER BY standing, submitted_at, id
"""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One application in the order; ``tied`` where others stand on the same place."""

    pk: int
    number: str
    title: str
    name: str
    score: Decimal | None
    direction: int | None
    standing: int
    tied: bool
    state: str


def ranked(round_: Round, most: int | None = None) -> list[Ranked]:
    """Applications in their order, one statement; ``most`` of them."""
    codes = [str(item.get("code", "")) for item in round_.priorities]
    with connection.cursor() as cursor:
        cursor.execute(_QUEUE + (f" LIMIT {int(most)}" if most else ""), [codes, round_.pk])
        rows = cursor.fetchall()
    return [Ranked(*row) for row in rows]


def queue_order(round_: Round) -> list[int]:
    """Primary keys in the order in which money is given out where it does not reach everybody."""
    return [row.pk for row in ranked(round_)]
