"""Which project of the ledger a row of a monthly report is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from jigai.core.enterprise_matching import EnterpriseIndex
from jigai.projects.naming import LedgerProject, name_key
from jigai.sheets.values.names import canonical_name

BY_KEY, BY_CODE, BY_NAME = "key", "code", "name"


@dataclass(frozen=True, slots=True)
class Found:
    """A project and the way it was found."""

    project: LedgerProject
    how: str


class ProjectFinder:
    """The ledger, prepared for finding projects by key, code, or owner and name."""

    def __init__(
        self,
        projects: Iterable[LedgerProject],
        index: EnterpriseIndex,
        numbers: Mapping[str, int] | None = None,
    ) -> None:
        """``numbers`` are the platform's own project numbers with the projects' keys."""
        self.index = index
        self.numbers = dict(numbers or {})
        self.by_key: dict[int, LedgerProject] = {}
        self.by_code: dict[str, list[LedgerProject]] = defaultdict(list)
        self.by_name: dict[str, list[LedgerProject]] = defaultdict(list)
        self._owners: dict[int, frozenset[str]] = {}
        for project in projects:
            if project.duplicate_of_row is None:
                self._add(project)

    def _add(self, project: LedgerProject) -> None:
        self.by_key[project.row] = project
        self.by_name[name_key(project.project_name)].append(project)
        if project.project_code:
            self.by_code[project.project_code].append(project)
        names = (canonical_name(n) for n in (project.enterprise_raw, project.enterprise_name) if n)
        self._owners[project.row] = frozenset({*names, *([project.uscc] if project.uscc else [])})

    def find(
        self, *, number: str | None, code: str | None, name: str | None, owner: str | None
    ) -> Found | None:
        """The project of a row; a code that fits several, or none of its names, decides nothing."""
        numbered = self.by_key.get(self.numbers.get(number or "", 0))
        if numbered is not None:
            return Found(numbered, BY_KEY)
        identities = self._identities(owner)
        coded = self._by_code(code, name, identities) if code else None
        if coded is not None:
            return Found(coded, BY_CODE)
        named = self._owned(self.by_name.get(name_key(name), ()), identities) if name else []
        return Found(named[0], BY_NAME) if len(named) == 1 else None

    def _by_code(
        self, code: str, name: str | None, identities: frozenset[str]
    ) -> LedgerProject | None:
        coded = self.by_code.get(code, [])
        owned = self._owned(coded, identities)
        same = [p for p in owned or coded if name_key(p.project_name) == name_key(name)]
        for fitting in (same, owned):
            if len(fitting) == 1:
                return fitting[0]
        return None

    def _owned(
        self, projects: Sequence[LedgerProject], identities: frozenset[str]
    ) -> list[LedgerProject]:
        return [p for p in projects if not identities.isdisjoint(self._owners[p.row])]

    def _identities(self, owner: str | None) -> frozenset[str]:
        if not owner:
            return frozenset()
        found = self.index.match(uscc=None, name=owner).enterprise
        known = [found.uscc or "", found.name] if found else []
        return frozenset({canonical_name(owner), *(text for text in known if text)})
