"""Which project an invoice line belongs to: by code, by name and buyer, or the buyer's only one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jigai.core.enterprise_matching import Match
from jigai.funding.consortia import Member
from jigai.funding.invoice_lines import BY_CODE, BY_NAME, ONLY_PROJECT, ProjectKey
from jigai.projects.naming import LedgerProject, name_key
from jigai.sheets.values.names import canonical_name


@dataclass(frozen=True, slots=True)
class Target:
    """Something lines can be attached to: its key, and who may buy for it."""

    key: ProjectKey
    code: str | None
    buyers: frozenset[str]
    complete: bool = True

    def bought_by(self, identities: frozenset[str]) -> bool | None:
        """Whether the buyer belongs to the target; None when that cannot be known."""
        if not identities:
            return None
        return not self.buyers.isdisjoint(identities) or (None if not self.complete else False)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A target and the way it was found; both None when there is none."""

    target: Target | None = None
    how: str | None = None


def identities(match: Match, raw_name: str | None) -> frozenset[str]:
    """What a buyer is known by: the code of the matched enterprise, else the name as written."""
    if match.enterprise is not None and match.enterprise.uscc:
        return frozenset({match.enterprise.uscc})
    return frozenset({canonical_name(raw_name)}) if raw_name else frozenset()


class Attacher:
    """Projects and consortia, prepared for finding the target of a line."""

    def __init__(self, projects: Iterable[LedgerProject], members: Sequence[Member]) -> None:
        self.by_code: dict[str, list[Target]] = defaultdict(list)
        self.by_name: dict[str, list[Target]] = defaultdict(list)
        self.by_buyer: dict[str, list[Target]] = defaultdict(list)
        for project in projects:
            if project.duplicate_of_row is None:
                self._add_project(project)
        for consortium in dict.fromkeys(member.consortium for member in members):
            self._add_consortium([member for member in members if member.consortium == consortium])

    def _add_project(self, project: LedgerProject) -> None:
        buyer = project.uscc or canonical_name(project.enterprise_raw)
        target = Target(project.row, project.project_code, frozenset({buyer}))
        if project.project_code:
            self.by_code[project.project_code].append(target)
        self.by_name[name_key(project.project_name)].append(target)
        self.by_buyer[buyer].append(target)

    def _add_consortium(self, members: Sequence[Member]) -> None:
        first = members[0]
        buyers = frozenset(
            member.uscc or canonical_name(member.enterprise_raw) for member in members
        )
        target = Target(first.consortium, first.consortium, buyers)
        self.by_code[first.consortium.upper()].append(target)
        if first.consortium_name:
            self.by_name[name_key(first.consortium_name)].append(target)

    def attach(self, *, code: str | None, name: str | None, buyer: frozenset[str]) -> Attachment:
        """Find the target of a line; a code or name that fits several is decided by the buyer."""
        coded = self.by_code.get(code, []) if code else []
        if coded:
            found = coded[0] if len(coded) == 1 else _only(coded, buyer)
            if found is not None:
                return Attachment(found, BY_CODE)
        named = _only(self.by_name.get(name_key(name), []), buyer) if name else None
        if named is not None:
            return Attachment(named, BY_NAME)
        if code or name:
            return Attachment()
        own = [target for identity in buyer for target in self.by_buyer.get(identity, [])]
        return Attachment(own[0], ONLY_PROJECT) if len(own) == 1 else Attachment()


def _only(targets: Sequence[Target], buyer: frozenset[str]) -> Target | None:
    fitting = [target for target in targets if target.bought_by(buyer)]
    return fitting[0] if len(fitting) == 1 else None
