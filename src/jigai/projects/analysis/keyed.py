"""The rows of a question with the line each stands in: what sums and lists are both made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from jigai.core.access import Access
from jigai.core.project_tags import covered_by, named_tags
from jigai.projects.analysis.facts import Facts
from jigai.projects.analysis.keys import UNKNOWN, region_keys
from jigai.projects.analysis.narrowing import Question, narrowed
from jigai.projects.selectors import projects_for
from jigai.projects.tag_counts import used_tags

PAGE = 50
# Rows of a project with several directions stand in several lines, in each of them once.
_TAGS = """
    LEFT JOIN LATERAL (
        SELECT DISTINCT m.shown FROM unnest(f.tags) AS u(used)
        JOIN unnest(%s::text[], %s::text[]) AS m(shown, used) ON m.used = u.used
    ) t ON true
"""
_REGIONS = "LEFT JOIN unnest(%s::text[], %s::text[]) AS g(code, key) ON g.code = f.region"


def keyed(access: Access, facts: Facts, asked: Question, by: str) -> Facts:
    """``key project enterprise year month fen counted``: the key of a dimension, empty for all."""
    join = ""
    more: tuple[Any, ...] = ()
    if by == "direction":
        key, join, more = "coalesce(t.shown, '')", _TAGS, _directions(access)
    elif by == "region":
        keys = region_keys(asked.region, asked.year)
        key, join = f"coalesce(g.key, '{UNKNOWN}')", _REGIONS
        more = (list(keys), list(keys.values()))
    elif by == "industry":
        digits = 2 if not asked.industry else min(len(asked.industry) + 1, 4)
        key = f"left(f.industry, {digits})"
    else:
        key = {"size": "f.size", "month": "f.month::text"}.get(by, "''::text")
    sql = f"""
        SELECT {key} AS key, f.project, f.enterprise, f.year, f.month, f.fen, f.counted
        FROM ({facts.sql}) f {join}
    """
    return Facts(sql, (*facts.params, *more))


def _directions(access: Access) -> tuple[Any, ...]:
    used = used_tags(projects_for(access))
    shown = [tag.id for tag in named_tags().values() if tag.kind == "direction"]
    pairs = [(tag, other) for tag in shown for other in covered_by(tag, used)]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


@dataclass(frozen=True, slots=True)
class Row:
    """One project behind a figure: fen of this period and of the one before, ``None`` where no row
    of the period says anything."""

    project: int
    number: str
    name: str
    enterprise: str
    region: str
    fen: int | None
    base_fen: int | None
    counted: bool


def rows_behind(
    access: Access, asked: Question, key: str | None, *, offset: int = 0, limit: int | None = PAGE
) -> tuple[list[Row], int]:
    """Projects of one line (of all lines without a key), the largest first, and how many."""
    facts = narrowed(access, asked)
    if facts is None:
        return [], 0
    rows = keyed(access, facts, asked, asked.by if key is not None else "total")
    year = int(asked.year)
    sql = f"""
        SELECT k.project, p.number, p.name, p.enterprise_raw, p.region_code,
            sum(k.fen) FILTER (WHERE k.year = {year}) AS fen,
            sum(k.fen) FILTER (WHERE k.year < {year}) AS base, bool_and(k.counted),
            count(*) OVER ()
        FROM ({rows.sql}) k JOIN projects_project p ON p.id = k.project
        WHERE k.key = %s
        GROUP BY 1, 2, 3, 4, 5 ORDER BY fen DESC NULLS LAST, 1 OFFSET %s LIMIT %s
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [*rows.params, key or "", offset, limit])
        found = cursor.fetchall()
    told = [
        Row(pk, number, name, owner, region, _whole(fen), _whole(base), counted)
        for pk, number, name, owner, region, fen, base, counted, _ in found
    ]
    return told, int(found[0][8]) if found else 0


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)
