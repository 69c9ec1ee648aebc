"""A document for the public: clauses with their numbers, measures in plain words, targets.

Nothing here asks how an item stands inside a bureau: counts and money of evaluations stay there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from jigai.policies.fact_run import Choices, build_run_environment
from jigai.policies.models import Clause, ClauseFact, PackItem, PackVersion
from jigai.policies.sections import TITLES
from jigai.policies.stored_packs import model_of
from jigai.policies.words import CLAUSE_KINDS
from jigai.rules.describe import describe_measure

_COMPARATORS = {">": "超过", ">=": "不低于", "<": "低于", "<=": "不超过", "about": "约", "=": ""}
_GROWTH = {
    "level": "期末", "stock": "存量", "yearly": "每年", "yearly-increase": "每年增加",
    "cumulative": "累计", "average-growth": "年均增长", "yearly-growth": "比上年增长",
    "change-from-base": "比基期变化", "hold": "保持", "direction": "方向",
}  # fmt: skip
_BETTER = {"up": "提高", "down": "降低"}


@dataclass(slots=True)
class PublicClause:
    """One clause; ``items`` are (section, name, is inferred), ``measures`` (id, name) of those
    that have a calculator."""

    clause: Clause
    depth: int
    kinds: list[str]
    facts: list[ClauseFact] = field(default_factory=list)
    items: list[tuple[str, str, bool]] = field(default_factory=list)
    measures: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure; ``lines`` are (depth, words)."""

    id: str
    number: int
    name: str
    clause: str
    answers: bool
    lines: list[tuple[int, str]]


def clauses_of(version: PackVersion) -> list[PublicClause]:
    """Every clause in the order of the document, in three queries."""
    facts: dict[int, list[ClauseFact]] = {}
    for fact in ClauseFact.objects.filter(pack=version).order_by("id"):
        facts.setdefault(fact.clause_id, []).append(fact)
    items: dict[str, list[tuple[str, str, bool]]] = {}
    measures: dict[str, list[tuple[str, str]]] = {}
    for item in PackItem.objects.filter(pack=version).order_by("section", "place", "id"):
        told = (TITLES[item.section], item.name, bool(item.data.get("inferred")))
        items.setdefault(item.clauses[0], []).append(told)
        answers = item.data.get("computable", True) is not False or item.data.get("checks")
        if item.section == "measures" and answers:
            measures.setdefault(item.clauses[0], []).append((item.code, item.name))
    return [
        PublicClause(
            clause,
            clause.code.count("."),
            [CLAUSE_KINDS.get(kind, kind) for kind in clause.kind.split("、") if kind],
            facts.get(clause.pk, []),
            items.get(clause.code, []),
            measures.get(clause.code, []),
        )
        for clause in Clause.objects.filter(pack=version).order_by("place", "id")
    ]


def measures_of(version: PackVersion, day: dt.date) -> list[Measure]:
    """What each measure gives, in words, with the parameters of a year in which it applies."""
    year = max((version.valid_from or version.issued or day).year, 2000)
    return _measures(version.pk, version.sha256, year)


@lru_cache(maxsize=32)
def _measures(pk: int, sha256: str, year: int) -> list[Measure]:
    """Kept by content, for the rendering of a large document takes a while."""
    del sha256
    model = model_of(PackVersion.objects.get(pk=pk))
    env = build_run_environment(model, year, Choices())
    found = []
    for measure in sorted(model.measures.values(), key=lambda m: m.number):
        lines = list(_lines(describe_measure(model, measure.id, env)))
        found.append(
            Measure(
                measure.id, measure.number, measure.name, measure.clause, measure.answers, lines
            )
        )
    return found


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for line in text.splitlines():
        words = line.strip()
        if words and not words.startswith("#"):
            depth = 1 if line.startswith((" ", "\t")) else 0
            yield depth, words.removeprefix("- ").removeprefix("* ")


def targets_of(version: PackVersion) -> list[dict[str, Any]]:
    """Targets as rows: name, value in words, span, where, clause, whether inferred."""
    rows = PackItem.objects.filter(pack=version, section="targets").order_by("place", "id")
    return [
        {
            "name": row.name,
            "value": _target(row.data),
            "span": _span(row.data),
            "scope": row.data.get("scope", ""),
            "clause": row.clauses[0],
            "inferred": bool(row.data.get("inferred")),
            "note": row.data.get("note", ""),
        }
        for row in rows
    ]


def _target(data: dict[str, Any]) -> str:
    how = _GROWTH.get(data.get("growth", ""), "")
    value = data.get("value")
    if value in (None, ""):
        return f"{how}：{_BETTER.get(data.get('better', ''), '')}（没有写数）"
    unit = data.get("unit", "")
    return f"{how}{_COMPARATORS.get(data.get('comparator', ''), '')}{value}{unit}"


def _span(data: dict[str, Any]) -> str:
    since, to = data.get("from"), data.get("to")
    if since and to:
        return f"{since} 至 {to}"
    return f"到 {to}" if to else (f"{since} 起" if since else "没有写期限")
