"""How many open problems a project has: the room that keeps them answers; until then there is none.

The ledger shows the number; nothing here knows what a problem is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from jigai.core.access import Access

Count = Callable[[Access, Collection[int]], Mapping[int, int]]
_counters: dict[str, Count] = {}


def register_problems(key: str, count: Count) -> None:
    """Say who counts; a key again replaces the counter."""
    _counters[key] = count


def open_problems(access: Access, projects: Collection[int]) -> dict[int, int]:
    """Open problems by project; those without any are left out."""
    found: dict[int, int] = {}
    for count in _counters.values():
        for project, number in count(access, projects).items():
            found[project] = found.get(project, 0) + number
    return found
