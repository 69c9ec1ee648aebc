"""Counts that may be published: small ones stay hidden, and cannot be told from the others."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

K = 5
Key = TypeVar("Key", bound=Hashable)


def published(counts: Mapping[Key, int], k: int = K) -> dict[Key, int | None]:
    """The counts with ``None`` where they stay hidden; empty groups say that they are empty.

    Below ``k`` nothing is told. Where the total stands beside them what is hidden can be told by
    subtraction; so the next smallest are hidden too until what is hidden is two groups and ``k``
    together, or nothing is left to hide.
    """
    shown = {key: (None if 0 < count < k else count) for key, count in counts.items()}
    while True:
        hidden = [key for key, count in shown.items() if count is None]
        if not hidden or (len(hidden) > 1 and sum(counts[key] for key in hidden) >= k):
            return shown
        rest = [key for key, count in shown.items() if count]
        if not rest:
            return shown
        shown[min(rest, key=lambda key: (counts[key], str(key)))] = None
