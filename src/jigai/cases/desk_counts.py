"""How much waits on a desk, and how much of it is late or close: for the home page."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from jigai.cases.access import APPLY, HANDLE, desk_of
from jigai.cases.inbox_filters import lit_tasks
from jigai.cases.inbox_rows import addresses, count_of
from jigai.core.access import Access


@dataclass(frozen=True, slots=True)
class DeskCounts:
    """Open tasks, those past their day, those close to it; each counted up to a thousand."""

    todo: int = 0
    red: int = 0
    amber: int = 0


def desk_counts(access: Access) -> DeskCounts:
    """The counts of a person, in three queries besides those of the desk."""
    if access.user is None or not (access.can(HANDLE) or access.can(APPLY)):
        return DeskCounts()
    parts, today = addresses("todo", desk_of(access)), timezone.localdate()
    late, close = (
        count_of([lit_tasks(part, light, today) for part in parts]) for light in ("red", "amber")
    )
    return DeskCounts(count_of(parts), late, close)
