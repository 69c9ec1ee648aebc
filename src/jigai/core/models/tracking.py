"""History by trigger that also keeps what was deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pghistory


def tracked(**options: Any) -> Callable[[Any], Any]:
    """``@tracked()``: every insert, update and delete leaves a row that cannot be changed.

    pghistory alone leaves deletes out. A new set of trackers for every table, because they keep the
    table's own state.
    """
    decorate: Callable[[Any], Any] = pghistory.track(
        pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), **options
    )
    return decorate
