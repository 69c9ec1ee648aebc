"""The links of an industrial chain with the projects that stand on each, and those on none.

六安 2020 二.一 and 兖州 2020 三.4 ask for projects that strengthen or fill a chain; a link without
a project is the gap that they are to fill.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from jigai.core.access import Access
from jigai.projects.models import Project
from jigai.projects.selectors import projects_for
from jigai.registers.special.stored_lists import spans_on

LINKS, LISTED = "chain-links", "chain-projects"
PARTS = {"upper": "上游", "middle": "中游", "lower": "下游", "support": "配套"}


@dataclass(frozen=True, slots=True)
class Link:
    """One declared link of a chain."""

    entry: int
    chain: str
    name: str
    part: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A link with its projects; none is a gap."""

    link: Link
    projects: tuple[Project, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """One chain: its links by part, projects on a link that nobody declared, and projects without
    a link."""

    chain: str
    parts: Mapping[str, tuple[Filled, ...]]
    elsewhere: tuple[Project, ...]
    unplaced: tuple[Project, ...]

    @property
    def links(self) -> list[Filled]:
        """Every declared link."""
        return [one for part in self.parts.values() for one in part]

    @property
    def gaps(self) -> list[Filled]:
        """Links without a project in reach."""
        return [one for one in self.links if not one.projects]

    @property
    def projects(self) -> int:
        """Projects of the chain."""
        on = sum(len(one.projects) for one in self.links)
        return on + len(self.elsewhere) + len(self.unplaced)


@dataclass(frozen=True, slots=True)
class Listing:
    """One row of the list with its project in the library; ``lacks`` says what is not there."""

    entry: int
    name: str
    kind: str
    named: bool
    project: Project | None
    lacks: str


def links_on(access: Access, day: dt.date) -> list[Link]:
    """Declared links of every chain, in the order along it."""
    rows = [
        (_number(span.values), span.entry_id, span.values) for span in spans_on(access, LINKS, day)
    ]
    rows.sort(key=lambda row: row[:2])
    return [Link(pk, str(v["chain"]), str(v["link"]), str(v["part"])) for _, pk, v in rows]


def _number(values: Mapping[str, Any]) -> float:
    return float(values.get("number") or "inf")


def chained(access: Access) -> QuerySet[Project]:
    """Projects in reach that name a chain; repeated ledger rows are left out."""
    rows = projects_for(access).filter(duplicate_of__isnull=True, chain__gt="")
    return rows.select_related("enterprise").defer("search", "enterprise__search").order_by("pk")


def pictures(links: Iterable[Link], projects: Iterable[Project]) -> list[Picture]:
    """Every chain that has links or projects, by name."""
    declared: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        declared[link.chain].append(link)
    of: dict[str, list[Project]] = defaultdict(list)
    for project in projects:
        of[project.chain or ""].append(project)
    return [_picture(chain, declared[chain], of[chain]) for chain in sorted({*declared, *of})]


def _picture(chain: str, links: Sequence[Link], projects: Sequence[Project]) -> Picture:
    known = {link.name for link in links}
    on: dict[str, list[Project]] = defaultdict(list)
    for project in projects:
        on[project.chain_position or ""].append(project)
    parts = {
        part: tuple(Filled(link, tuple(on[link.name])) for link in links if link.part == part)
        for part in PARTS
    }
    elsewhere = tuple(p for p in projects if p.chain_position and p.chain_position not in known)
    return Picture(chain, parts, elsewhere, tuple(on[""]))


def listings(access: Access, day: dt.date) -> list[Listing]:
    """The list of a day, rows that lack a project, a chain or a place in it first."""
    spans = spans_on(access, LISTED, day)
    keys = [str(span.values.get("project") or "") for span in spans]
    found = by_key(access, keys)
    rows = []
    for span, key in zip(spans, keys, strict=True):
        theme = span.register.schema.field("theme")
        word = theme.options.get(span.values.get("theme") or "", "") if theme else ""
        project = found.get(key)
        name, named = str(span.values["name"]), span.values.get("origin") == "named"
        rows.append(Listing(span.entry_id, name, word, named, project, lacking(project)))
    return sorted(rows, key=lambda row: (not row.lacks, row.entry))


def lacking(project: Project | None) -> str:
    """What keeps a listed project from having a place in a chain; empty for one that has."""
    if project is None:
        return "没有对应到项目库"
    if not project.chain:
        return "没有写产业链"
    return "" if project.chain_position else "没有写环节"


def by_key(access: Access, keys: Iterable[str]) -> dict[str, Project]:
    """Projects in reach by their key as written; a repeated ledger row stands for the one kept."""
    wanted = [int(key) for key in keys if key.isdecimal() and len(key) < 19]
    if not wanted:
        return {}
    reach = projects_for(access)
    kept = reach.filter(pk__in=wanted, duplicate_of__isnull=False).values("duplicate_of")
    rows = reach.filter(Q(pk__in=wanted) | Q(pk__in=kept)).select_related("enterprise")
    found = {row.pk: row for row in rows.defer("search", "enterprise__search")}
    return {str(pk): found.get(row.duplicate_of_id or pk, row) for pk, row in found.items()}
