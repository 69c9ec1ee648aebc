"""What the search across the platform looks through; rooms register sources when they load."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from jigai.core.access import Access


@dataclass(frozen=True, slots=True)
class Hit:
    """One result: its name, where it leads, and a line that tells it from others."""

    title: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class SearchSource:
    """A kind of record. ``find(access, words, limit)`` gives hits within the person's reach.

    ``more`` is the address name of the list that shows all of them for ``?q=``.
    """

    key: str
    label: str
    icon: str
    capability: str
    find: Callable[[Access, str, int], Iterable[Hit]]
    more: str = ""
    order: int = 100


_sources: dict[str, SearchSource] = {}


def register(*sources: SearchSource) -> None:
    """Add sources; registering a key again replaces it."""
    for source in sources:
        _sources[source.key] = source


def sources_for(access: Access) -> list[SearchSource]:
    """The sources this person may look through, in order."""
    found = [s for s in _sources.values() if not s.capability or access.can(s.capability)]
    return sorted(found, key=lambda source: (source.order, source.key))
