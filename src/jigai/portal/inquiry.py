"""The search of the portal: documents by place, year, kind of clause, state and words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms

from jigai.core.models import Region
from jigai.core.screens.list_filters import choice, words_field, year_field
from jigai.policies.lists import ClauseFilters
from jigai.policies.models import Clause, PackVersion
from jigai.policies.successions import keys_of, successions_by_key
from jigai.policies.words import CLAUSE_KINDS
from jigai.portal.places import (
    RELATION_WORDS,
    groups_of,
    place_names,
    places_named,
    relation,
)
from jigai.portal.standing import IN_FORCE, LOOKS, OLDER, REPLACED, WORDS, state_on

# Clauses shown for one search; more are counted only.
MOST = 60
_CONDITIONS = ("kind", "q")


class InquiryForm(forms.Form):
    """What may be asked."""

    q = words_field("条文或标题", "例如 设备投资 500万元")
    region = words_field("地区", "例如 兖州区")
    year = year_field("年份")
    kind = choice("类型", CLAUSE_KINDS.items())
    status = choice("状态", [(code, word) for code, word in WORDS.items() if code != OLDER])


@dataclass(slots=True)
class Hit:
    """One document found; ``clauses`` those that hold the words or are of the kind."""

    version: PackVersion
    state: str
    relation: str
    place: str
    clauses: list[Clause] = field(default_factory=list)

    @property
    def word(self) -> str:
        """The state in words."""
        return WORDS[self.state]

    @property
    def look(self) -> str:
        """The status code of the house style."""
        return LOOKS[self.state]

    @property
    def relation_word(self) -> str:
        """How the document stands to the place asked for."""
        return RELATION_WORDS.get(self.relation, "")


@dataclass(slots=True)
class Found:
    """The answer: documents, clauses that hit, places of that name, what was left out."""

    hits: list[Hit]
    clauses: int = 0
    region: Region | None = None
    choices: Sequence[Region] = ()
    problem: str = ""
    undated: int = 0


def documents() -> list[PackVersion]:
    """The current version of every document; shared standards are not documents."""
    rows = PackVersion.objects.filter(is_current=True).exclude(status="standard")
    return list(rows.defer("files").order_by("slug", "id"))


def inquire(given: dict[str, Any], day: dt.date) -> Found:
    """Answer a form that was valid."""
    found = Found([])
    place = _place(found, given.get("region") or "")
    if found.problem or found.choices:
        return found
    wanted = _hits(documents(), place, day)
    if place:
        wanted = [hit for hit in wanted if hit.relation]
    if given.get("status"):
        wanted = [hit for hit in wanted if hit.state == given["status"]]
    if given.get("year"):
        dated = [hit for hit in wanted if hit.version.valid_from or hit.version.issued]
        found.undated = len(wanted) - len(dated)
        wanted = [hit for hit in dated if _in_year(hit.version, given["year"])]
    found.hits = _by_clauses(found, wanted, given)
    return found


def hits_now(day: dt.date) -> list[Hit]:
    """Every document with its state, for the first page."""
    return _hits(documents(), "", day)


def _place(found: Found, typed: str) -> str:
    if not typed.strip():
        return ""
    rows = places_named(typed)
    if not rows:
        found.problem = f"没有找到地区“{typed.strip()}”，写全称或六位代码再试"
        return ""
    if len({row.code for row in rows}) > 1:
        found.choices = rows
        return ""
    found.region = rows[0]
    return rows[0].code


def _hits(rows: Sequence[PackVersion], place: str, day: dt.date) -> list[Hit]:
    names = place_names(row.region_code for row in rows)
    groups = groups_of(place) if place else set()
    steps = successions_by_key()
    hits = []
    for row in rows:
        state = state_on(row, day)
        over = any(step.since <= day for key in keys_of(row) for step in steps.get(key, []))
        if over and state == IN_FORCE:
            state = REPLACED
        tie = relation(row.region_code, place, groups) if place else ""
        hits.append(Hit(row, state, tie, names.get(row.region_code, "")))
    order = list(WORDS)
    ties = ["", *RELATION_WORDS]
    return sorted(hits, key=lambda h: (ties.index(h.relation), order.index(h.state),
                                       h.version.slug))  # fmt: skip


def _in_year(version: PackVersion, year: int) -> bool:
    """Issued in the year, or in force on some day of it."""
    begin = version.valid_from or version.issued
    if version.issued and version.issued.year == year:
        return True
    if begin is None or begin > dt.date(year, 12, 31):
        return False
    return version.valid_to is None or version.valid_to >= dt.date(year, 1, 1)


def _by_clauses(found: Found, hits: list[Hit], given: dict[str, Any]) -> list[Hit]:
    """Keep documents with such clauses, or whose title or number holds the words."""
    asked = {name: given[name] for name in _CONDITIONS if given.get(name)}
    if not asked:
        return hits
    packs = {hit.version.pk: hit for hit in hits}
    rows = Clause.objects.filter(pack__in=packs)
    rows = ClauseFilters(asked).narrow(rows).order_by("pack", "place", "id")
    found.clauses = rows.count()
    for clause in rows[:MOST]:
        packs[clause.pack_id].clauses.append(clause)
    words = "" if given.get("kind") else (given.get("q") or "").strip()
    return [hit for hit in hits if hit.clauses or (words and _titled(hit.version, words))]


def _titled(version: PackVersion, words: str) -> bool:
    return words in version.title or words in (version.number or "")
