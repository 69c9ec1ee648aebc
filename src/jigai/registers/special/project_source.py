"""What registers ask about a project; the room that keeps projects answers (it stands above)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from jigai.core.access import Access


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """A project within reach: ``code`` the national project code, ``industry`` GB/T 4754,
    ``total_fen`` its total investment, ``same_as`` the project that this ledger row repeats."""

    pk: int
    name: str
    region: str
    industry: str
    enterprise: int | None
    enterprise_name: str
    code: str
    nature: str = ""
    year: int = 0
    total_fen: int | None = None
    same_as: int | None = None


Find = Callable[[Access, int], ProjectFacts | None]
Search = Callable[[Access, str], Sequence[ProjectFacts]]
Owned = Callable[[Access, Collection[int]], Sequence[ProjectFacts]]
FindMany = Callable[[Access, Collection[int]], Mapping[int, ProjectFacts]]
Known = Callable[[Collection[int]], Collection[int]]
_many: dict[str, tuple[FindMany, Known]] = {}
_source: dict[str, tuple[Find, Search, Owned]] = {}


def register_projects(find: Find, search: Search, owned: Owned) -> None:
    """Say who answers; a second call replaces the first."""
    _source["projects"] = (find, search, owned)


def project_facts(access: Access, pk: int) -> ProjectFacts | None:
    """One project within reach; ``None`` out of reach or where nobody keeps projects."""
    return _source["projects"][0](access, pk) if _source else None


def search_projects(access: Access, words: str) -> Sequence[ProjectFacts]:
    """A few projects within reach whose name or code holds the words."""
    return _source["projects"][1](access, words) if _source and words.strip() else ()


def projects_of(access: Access, enterprises: Collection[int]) -> Sequence[ProjectFacts]:
    """Projects within reach of these enterprises, the newest first; at most a few hundred."""
    return _source["projects"][2](access, enterprises) if _source and enterprises else ()


def register_many(many: FindMany, known: Known) -> None:
    """Say who finds many projects by key; a second call replaces the first."""
    _many["projects"] = (many, known)


def projects_by_key(access: Access, keys: Collection[int]) -> Mapping[int, ProjectFacts]:
    """Many projects within reach by key, with those they repeat; absent out of reach."""
    return _many["projects"][0](access, keys) if _many and keys else {}


def known_projects(keys: Collection[int]) -> Collection[int]:
    """Which keys the library has at all; nothing else is told of them."""
    return _many["projects"][1](keys) if _many and keys else ()
