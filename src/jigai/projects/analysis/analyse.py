"""One question answered: lines with share, growth, contribution and pull, and their total."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from jigai.core.access import Access
from jigai.metrics.structure import Breakdown, Part, PartFigures, break_down
from jigai.projects.analysis.facts import BY_MONTH, METHODS, STATEMENTS, Facts
from jigai.projects.analysis.keyed import keyed
from jigai.projects.analysis.keys import NAMERS
from jigai.projects.analysis.narrowing import Question, narrowed

DIMENSIONS = {
    "region": "地区", "industry": "行业", "direction": "方向", "size": "规模", "month": "月份",
}  # fmt: skip


@dataclass(slots=True)
class Sums:
    """What stands behind one line: this period and the one before; amounts in fen.

    ``unknown`` counts rows whose amount nobody knows, ``left_out`` projects the statement leaves
    out and ``left_out_fen`` what they report.
    """

    projects: int = 0
    enterprises: int = 0
    fen: int = 0
    base_projects: int = 0
    base_enterprises: int = 0
    base_fen: int = 0
    unknown: int = 0
    left_out: int = 0
    left_out_fen: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One line on screen. ``deeper`` is the question that opens it further, if any."""

    key: str
    name: str
    sums: Sums
    figures: PartFigures
    deeper: Question | None


@dataclass(frozen=True, slots=True)
class Analysis:
    """The answer. ``problem`` says why there are no lines; ``overlapping`` that a project may stand
    in several lines, so that they add up to more than the total."""

    asked: Question
    lines: list[Line]
    total: Sums
    whole: Breakdown
    method: str
    problem: str = ""
    overlapping: bool = False

    @property
    def compares(self) -> bool:
        """Whether anything is known of the year before."""
        return self.total.base_projects > 0


def analyse(access: Access, asked: Question) -> Analysis:
    """The lines of a question; two queries, however many rows stand behind them."""
    method = METHODS[asked.statement]
    facts = narrowed(access, asked)
    if facts is None:
        words = f"{STATEMENTS[asked.statement]}取自发票明细，您没有查看发票明细的权限"
        return Analysis(asked, [], Sums(), break_down([]), method, words)
    if asked.by == "month" and asked.statement not in BY_MONTH:
        words = f"{STATEMENTS[asked.statement]}只有年度数，不分月份"
        return Analysis(asked, [], Sums(), break_down([]), method, words)
    total = grouped(access, facts, asked, "total").get("", Sums())
    sums = grouped(access, facts, asked, asked.by)
    found = [(NAMERS[asked.by](asked, key), each) for key, each in sums.items()]
    # An unknown year before is not a year of zero.
    compares = total.base_projects > 0
    parts = [_part(one.key, one.name, sums, compares) for one, sums in found]
    whole = _part("", "合计", total, compares)
    figures = break_down(parts, "fen", whole)
    lines = [
        Line(one.key, one.name, sums, line, one.deeper)
        for (one, sums), line in zip(found, figures.lines, strict=True)
    ]
    lines.sort(key=lambda line: _order(asked.by, line))
    return Analysis(asked, lines, total, figures, method, overlapping=asked.by == "direction")


def grouped(access: Access, facts: Facts, asked: Question, by: str) -> dict[str, Sums]:
    """Sums by key of a dimension (or of everything under an empty key)."""
    rows = keyed(access, facts, asked, by)
    with connection.cursor() as cursor:
        cursor.execute(f"{_SUMS.format(*_periods(asked))} FROM ({rows.sql}) k GROUP BY 1",
                       rows.params)  # fmt: skip
        return {row[0]: Sums(*map(int, row[1:])) for row in cursor.fetchall()}


_SUMS = """
    SELECT k.key,
        count(DISTINCT k.project) FILTER (WHERE {0}),
        count(DISTINCT k.enterprise) FILTER (WHERE {0}),
        coalesce(sum(k.fen) FILTER (WHERE {0}), 0),
        count(DISTINCT k.project) FILTER (WHERE {1}),
        count(DISTINCT k.enterprise) FILTER (WHERE {1}),
        coalesce(sum(k.fen) FILTER (WHERE {1}), 0),
        count(*) FILTER (WHERE {0} AND k.fen IS NULL),
        count(DISTINCT k.project) FILTER (WHERE {2}),
        coalesce(sum(k.fen) FILTER (WHERE {2}), 0)
"""


def _periods(asked: Question) -> tuple[str, str, str]:
    """Conditions on rows: of this period, of the one before, left out of this period."""
    year = int(asked.year)
    return (
        f"k.counted AND k.year = {year}",
        f"k.counted AND k.year < {year}",
        f"NOT k.counted AND k.year = {year}",
    )


def _part(key: str, name: str, sums: Sums, compares: bool) -> Part:
    return Part(key, name, sums.base_fen if compares else None, sums.fen)


def _order(by: str, line: Line) -> tuple[int, Any]:
    if by == "month":
        return (0, int(line.key or 0))
    if by == "size":
        return (0, _SIZE_ORDER.get(line.key, 9))
    return (line.key in ("", "?"), (-line.sums.fen, line.key))


_SIZE_ORDER = {"large": 0, "medium": 1, "small": 2, "micro": 3}
