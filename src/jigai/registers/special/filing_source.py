"""Projects to be held against certificates; the room that keeps projects answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from jigai.core.access import Access
from jigai.registers.special.filing import Stored

# Words narrow by name, owner or code; the number is the most that are wanted.
List = Callable[[Access, str, int], Sequence[Stored]]
_source: dict[str, List] = {}


def register_filed_projects(listing: List) -> None:
    """Say who answers; a second call replaces the first."""
    _source["projects"] = listing


def filed_projects(access: Access, words: str, most: int) -> Sequence[Stored]:
    """Projects within reach, the newest first; rows that repeat another are left out."""
    return _source["projects"](access, words, most) if _source else ()
