"""Which stored row a row of a file is: by the strictest key first, each row at most once."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

Key = Hashable | None


@dataclass(frozen=True, slots=True)
class Pass:
    """One way of telling rows apart: a key for each row of the file and each stored row.

    ``None`` as a key takes no part. With ``only`` a key counts where it is unique on both sides;
    otherwise equal keys are paired in order.
    """

    incoming: Sequence[Key]
    stored: Sequence[Key]
    only: bool = False


def pair_up(passes: Sequence[Pass]) -> list[int | None]:
    """For every row of the file the place of its stored row, or ``None`` for a new one."""
    found: list[int | None] = [None] * (len(passes[0].incoming) if passes else 0)
    used: set[int] = set()
    for step in passes:
        waiting: dict[Hashable, list[int]] = defaultdict(list)
        for place, key in enumerate(step.incoming):
            if found[place] is None and key is not None:
                waiting[key].append(place)
        free: dict[Hashable, deque[int]] = defaultdict(deque)
        for place, key in enumerate(step.stored):
            if place not in used and key in waiting:
                free[key].append(place)
        for key, places in free.items():
            if step.only and (len(places) > 1 or len(waiting[key]) > 1):
                continue
            for mine in waiting[key][: len(places)]:
                taken = places.popleft()
                found[mine] = taken
                used.add(taken)
    return found
