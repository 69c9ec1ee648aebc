"""How many projects a tag stands for: a project of several tags counts once in the total."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from jigai.core.project_tags import KINDS, Tag, covered_by, named_tags, tag_of
from jigai.projects.models import Project

_COUNT = """
    WITH p AS ({rows}), shown AS (
        SELECT DISTINCT m.shown, p.id, p.total_fen
        FROM p CROSS JOIN LATERAL unnest(p.tags) AS t(used)
        JOIN unnest(%s::text[], %s::text[]) AS m(shown, used) ON m.used = t.used
    )
    SELECT shown, count(*), coalesce(sum(total_fen), 0) FROM shown GROUP BY shown
"""
_TOTAL = """
    WITH p AS ({rows})
    SELECT count(*), coalesce(sum(total_fen), 0),
        count(*) FILTER (WHERE tags <> '{{}}'),
        coalesce(sum(total_fen) FILTER (WHERE tags <> '{{}}'), 0)
    FROM p
"""


@dataclass(frozen=True, slots=True)
class TagLine:
    """One tag: projects that bear it or an industry it stands for, and their investment in fen."""

    tag: Tag
    projects: int
    total_fen: int


@dataclass(frozen=True, slots=True)
class TagCounts:
    """Lines by kind; the totals count every project once."""

    kinds: list[tuple[str, list[TagLine]]]
    projects: int
    total_fen: int
    tagged: int
    tagged_fen: int


def used_tags(rows: QuerySet[Project]) -> list[str]:
    """Every tag that some of these projects bear."""
    sql, params = rows.order_by().values("tags").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT unnest(p.tags) FROM ({sql}) AS p ORDER BY 1", params)
        return [row[0] for row in cursor.fetchall()]


def tag_counts(rows: QuerySet[Project]) -> TagCounts:
    """Counts over projects (repeated rows left out), in three queries whatever their number."""
    kept = rows.filter(duplicate_of__isnull=True)
    used = used_tags(kept)
    pairs = [
        (shown, other)
        for shown in dict.fromkeys([*named_tags(), *used])
        for other in covered_by(shown, used)
    ]
    sql, params = kept.order_by().values("id", "tags", "total_fen").query.sql_with_params()
    with connection.cursor() as cursor:
        shown_ids, used_ids = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        cursor.execute(_COUNT.format(rows=sql), [*params, shown_ids, used_ids])
        lines = [TagLine(tag_of(tag), int(n), int(fen)) for tag, n, fen in cursor.fetchall()]
        cursor.execute(_TOTAL.format(rows=sql), params)
        projects, total, tagged, tagged_fen = map(int, cursor.fetchone())
    return TagCounts(_by_kind(lines), projects, total, tagged, tagged_fen)


def _by_kind(lines: list[TagLine]) -> list[tuple[str, list[TagLine]]]:
    found = []
    for kind, name in KINDS.items():
        own = [line for line in lines if line.tag.kind == kind]
        if own:
            found.append((name, sorted(own, key=lambda line: (-line.projects, line.tag.id))))
    return found
