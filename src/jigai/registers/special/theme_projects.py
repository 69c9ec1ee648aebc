"""Databases on a theme as views over one project key: in two of them, still one project. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from jigai.registers.special.project_source import ProjectFacts


@dataclass(frozen=True, slots=True)
class Member:
    """One row of one database: the project's key in the library as written, and the theme."""

    entry: int
    database: str
    key: str
    name: str
    theme: str


@dataclass(slots=True)
class Themed:
    """One project of the library with its rows in the databases."""

    facts: ProjectFacts
    members: list[Member] = field(default_factory=list)

    @property
    def renamed(self) -> list[str]:
        """Names noted when it was taken in that are not the library's any more."""
        names = {m.name for m in self.members if m.name and m.name != self.facts.name}
        return sorted(names)


@dataclass(frozen=True, slots=True)
class Union:
    """Distinct projects of all databases, rows whose key is not in the library, and counts by
    database (``counts``: distinct projects)."""

    projects: tuple[Themed, ...]
    orphans: tuple[Member, ...]
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """Projects, each once."""
        return len(self.projects)

    @property
    def rows(self) -> int:
        """The sum over the databases, which counts some projects more than once."""
        return sum(self.counts.values())

    @property
    def invested(self) -> int:
        """Total investment in fen, each project once; unknown ones add nothing."""
        return sum(p.facts.total_fen or 0 for p in self.projects)


def unite(
    members: Iterable[Member], library: Mapping[int, ProjectFacts], databases: Iterable[str]
) -> Union:
    """Put rows behind projects; a repeated ledger row stands for the one it repeats."""
    found: dict[int, Themed] = {}
    orphans = []
    for member in members:
        facts = library.get(int(member.key)) if member.key.isdecimal() else None
        if facts is None:
            orphans.append(member)
            continue
        key = facts.same_as or facts.pk
        found.setdefault(key, Themed(library.get(key, facts))).members.append(member)
    counts = {
        code: sum(any(m.database == code for m in p.members) for p in found.values())
        for code in databases
    }
    rows = sorted(found.values(), key=lambda p: (-len({m.database for m in p.members}), p.facts.pk))
    return Union(tuple(rows), tuple(orphans), counts)
