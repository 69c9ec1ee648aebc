"""Tells whoever keeps days in store that the working calendar has changed.

Days on screen are worked out when they are looked at. A room that stores them registers here; core
knows none of them.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

_CALLBACKS: list[Callable[[], None]] = []


def on_calendar_change(callback: Callable[[], None]) -> None:
    """Call this after every change of the calendar, once it is committed."""
    if callback not in _CALLBACKS:
        _CALLBACKS.append(callback)


def calendar_changed() -> None:
    """The calendar has changed; said by the services that change it, in their transaction."""
    for callback in _CALLBACKS:
        # The change stands whatever becomes of what follows from it.
        transaction.on_commit(callback, robust=True)
