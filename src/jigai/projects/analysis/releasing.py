"""What a release of investment figures tells, with small groups already left out."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from jigai.cases.flow.suppress import K
from jigai.core.access import Access, Reach, scoped
from jigai.core.models import Region
from jigai.core.region_years import below_in, path_in
from jigai.metrics.suppression import WHY, Cell, Suppressed, suppress
from jigai.metrics.worked import rounded
from jigai.projects.analysis.analyse import DIMENSIONS, Analysis, Line, Sums, analyse
from jigai.projects.analysis.facts import METHODS, STATISTICAL
from jigai.projects.analysis.keyed import keyed
from jigai.projects.analysis.narrowing import Question, narrowed
from jigai.projects.models import InvestmentRelease

CAPABILITY = "statistics.manage"
TABLES = ("region", "industry", "direction")
# No document says how much one enterprise may make up of a published group: the platform's own.
DOMINANCE = Fraction(85, 100)


@dataclass(frozen=True, slots=True)
class Guard:
    """Fewer enterprises than ``k``, or one with more than ``dominance`` of a group: not told."""

    k: int = K
    dominance: Fraction = DOMINANCE


def may_release(access: Access, region: str) -> bool:
    """Whether the person reaches the whole of a region: figures of part of it would be wrong."""
    rows = scoped(Region.objects.all(), access, CAPABILITY, Reach(region="code"))
    return rows.filter(code=region).exists()


def figures_of(
    access: Access, *, region: str, year: int, month: int, guard: Guard
) -> dict[str, Any]:
    """Tables by region, industry and direction as they may be published.

    A group that is withheld has neither amount, growth nor share; ``total`` is ``None`` where even
    the total would tell of somebody.
    """
    tables, total, withheld = [], Sums(), False
    for by in TABLES:
        asked = Question(year, month, STATISTICAL, by, region=region)
        found = analyse(access, asked)
        total = found.total
        known = released_below(region, year, month) if by == "region" else frozenset()
        hidden = suppress(_cells(access, asked, found), guard.k, guard.dominance, known)
        withheld = withheld or hidden.total
        lines = [_line(line, hidden, found.compares) for line in found.lines]
        tables.append({"by": by, "name": DIMENSIONS[by], "overlapping": found.overlapping,
                       "lines": lines})  # fmt: skip
        whole = found
    return {
        "statement": STATISTICAL, "year": year, "month": month, "k": guard.k,
        "dominance": str(guard.dominance), "tables": tables, "withheld": withheld,
        "total": None if withheld else _total(whole, total),
    }  # fmt: skip


def released_below(region: str, year: int, month: int) -> frozenset[str]:
    """Regions directly below whose own total of the month is public already."""
    codes = below_in(region, year)
    rows = InvestmentRelease.objects.filter(region_code__in=codes, year=year, month=month)
    return frozenset(rows.values_list("region_code", flat=True))


def withheld_above(region: str, year: int, month: int) -> InvestmentRelease | None:
    """A release of a region above that withholds this one: its total would then be read off."""
    above = path_in(region, year)[:-1]
    rows = InvestmentRelease.objects.filter(region_code__in=above, year=year, month=month)
    for row in rows.order_by("id"):
        tables = [table for table in row.figures.get("tables", ()) if table["by"] == "region"]
        lines = (line for table in tables for line in table["lines"])
        if any(line["key"] == region and "withheld" in line for line in lines):
            return row
    return None


def _cells(access: Access, asked: Question, found: Analysis) -> list[Cell]:
    largest = _largest(access, asked)
    return [
        Cell(line.key, _fewest(line.sums), line.sums.fen, largest.get(line.key, 0))
        for line in found.lines
    ]


def _fewest(sums: Sums) -> int:
    """Growth tells of the year before too: of both periods the fewer enterprises, if any."""
    counts = [n for n in (sums.enterprises, sums.base_enterprises) if n]
    # Rows without a known enterprise are somebody all the same.
    return min(counts) if counts else int(bool(sums.projects or sums.base_projects))


def _largest(access: Access, asked: Question) -> dict[str, int]:
    """The amount of the greatest enterprise of each line."""
    facts = narrowed(access, asked)
    if facts is None:
        return {}
    rows = keyed(access, facts, asked, asked.by)
    sql = f"""
        SELECT key, max(fen) FROM (
            SELECT k.key, k.enterprise, sum(k.fen) AS fen FROM ({rows.sql}) k
            WHERE k.counted AND k.year = %s GROUP BY 1, 2
        ) one GROUP BY key
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [*rows.params, asked.year])
        return {key: int(fen or 0) for key, fen in cursor.fetchall()}


def _line(line: Line, hidden: Suppressed, compares: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"key": line.key, "name": line.name}
    if line.key in hidden.reasons:
        return {**told, "withheld": WHY[hidden.reasons[line.key]]}
    return {
        **told,
        "enterprises": line.sums.enterprises, "projects": line.sums.projects, "fen": line.sums.fen,
        "base_fen": line.sums.base_fen if compares else None,
        "share": _percent(line.figures.share.value), "growth": _percent(line.figures.growth.value),
    }  # fmt: skip


def _total(found: Analysis, total: Sums) -> dict[str, Any]:
    return {
        "enterprises": total.enterprises, "projects": total.projects, "fen": total.fen,
        "base_fen": total.base_fen if found.compares else None,
        "growth": _percent(found.whole.growth.value),
    }  # fmt: skip


def _percent(value: Fraction | None) -> str | None:
    """One decimal per hundred, as published."""
    return None if value is None else str(rounded(value * 100, 1))


def hash_of(figures: dict[str, Any], method: str) -> str:
    """SHA-256 of the figures and the note on how they were made, in one fixed writing."""
    text = json.dumps([figures, method], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def method_note(guard: Guard) -> str:
    """The note a release is made with; people may add to it."""
    percent = guard.dominance * 100
    return (
        f"{METHODS[STATISTICAL]}不含新建项目。行业按企业登记的行业；一个项目有几个方向就在几个方向里，"
        f"方向相加大于合计。少于 {guard.k} 家企业的组、一家企业超过 {percent} % 的组不公布，"
        "为防止倒推，另有组一并不公布。"
    )


def public_releases() -> QuerySet[InvestmentRelease]:
    """Every release with what it revises and what revised it, the newest first."""
    rows = InvestmentRelease.objects.select_related("revises", "revised_by")
    return rows.order_by("-year", "-month", "region_code", "-id")


def chain_of(release: InvestmentRelease) -> list[InvestmentRelease]:
    """All releases of the same place and month, the first one first: the revision record."""
    rows = InvestmentRelease.objects.filter(
        region_code=release.region_code, year=release.year, month=release.month
    )
    return list(rows.order_by("id"))
