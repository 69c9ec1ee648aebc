"""The sandbox in the menu, and what its notices are called."""

from __future__ import annotations

from jigai.core.notice_events import Event, register_events
from jigai.core.screens import menu
from jigai.core.screens.menu import MenuItem


def register() -> None:
    """Tell the other rooms; called when Django starts."""
    menu.register(
        MenuItem(
            "政策与测算", "政策沙盘", "adjustments-horizontal", "sandbox-list", "sandbox.use", 45
        )
    )
    register_events(Event("sandbox-shared", "同事共享政策沙盘"))
