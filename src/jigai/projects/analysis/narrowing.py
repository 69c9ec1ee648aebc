"""What an analysis is about: the conditions a person chose, and the relation they leave."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from jigai.core.access import Access
from jigai.core.project_tags import covered_by
from jigai.core.region_years import codes_of_place
from jigai.projects.analysis.facts import STATISTICAL, Facts, facts_of
from jigai.projects.selectors import projects_for
from jigai.projects.tag_counts import used_tags

RETROFIT, EVERY = "retrofit", "all"
NATURES = {RETROFIT: "技术改造（不含新建）", EVERY: "全部建设性质"}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. ``region`` is a code or a group's id, ``industry`` a prefix of an industry
    code, ``direction`` a tag; empty for all. ``by`` is what the lines stand for."""

    year: int
    month: int = 12
    statement: str = STATISTICAL
    by: str = "region"
    nature: str = RETROFIT
    region: str = ""
    industry: str = ""
    direction: str = ""
    size: str = ""

    def query(self, **other: Any) -> str:
        """The query of an address that asks this, with some parts asked otherwise."""
        asked = {name: getattr(self, name) for name in _PARTS}
        return urlencode({k: v for k, v in {**asked, **other}.items() if v != ""})

    def within(self, **other: Any) -> Question:
        """The same question with some parts asked otherwise."""
        return replace(self, **other)


_PARTS = (
    "year", "month", "statement", "by", "nature", "region", "industry", "direction", "size",
)  # fmt: skip

# The class of an enterprise as a list shows it: what it stated in the year, else what we reckoned.
_SIZES = """
    SELECT enterprise_id, coalesce(
        max(text) FILTER (WHERE term = 'size_declared'),
        max(text) FILTER (WHERE term = 'size_computed')) AS size
    FROM (
        SELECT DISTINCT ON (enterprise_id, term) enterprise_id, term, nullif(text, '') AS text
        FROM core_enterprisefigure
        WHERE withdrawn_at IS NULL AND year = %s AND term IN ('size_declared', 'size_computed')
        ORDER BY enterprise_id, term, id DESC
    ) latest
    GROUP BY enterprise_id
"""


def narrowed(access: Access, asked: Question) -> Facts | None:
    """The facts of a question with what the lines need: ``project enterprise region industry size
    tags year month fen counted`` as relation ``f``; ``None`` where the person may not see them."""
    facts = facts_of(access, asked.statement, asked.year, asked.month)
    if facts is None:
        return None
    where, params = _conditions(access, asked)
    sql = f"""
        SELECT x.project, x.enterprise, left(x.region, 6) AS region, x.year, x.month, x.fen,
            x.counted, coalesce(e.industry_code, '') AS industry, coalesce(s.size, '') AS size,
            p.tags
        FROM ({facts.sql}) x
        JOIN projects_project p ON p.id = x.project
        LEFT JOIN core_enterprise e ON e.id = coalesce(p.enterprise_id, x.enterprise)
        LEFT JOIN ({_SIZES}) s ON s.enterprise_id = e.id
        WHERE p.duplicate_of_id IS NULL {where}
    """
    return Facts(sql, (*facts.params, asked.year, *params))


def _conditions(access: Access, asked: Question) -> tuple[str, list[Any]]:
    where: list[str] = []
    params: list[Any] = []
    if asked.nature == RETROFIT:
        where.append("AND p.nature IS DISTINCT FROM 'new'")
    if asked.region:
        where.append("AND left(x.region, 6) = ANY(%s)")
        params.append(codes_of_place(asked.region, asked.year))
    if asked.industry:
        where.append("AND e.industry_code LIKE %s")
        params.append(asked.industry + "%")
    if asked.size:
        where.append("AND s.size = %s")
        params.append(asked.size)
    if asked.direction:
        where.append("AND p.tags && %s::varchar[]")
        params.append(covered_by(asked.direction, used_tags(projects_for(access))))
    return " ".join(where), params
