"""What this part adds to the menu, the search and the kinds of messages."""

from __future__ import annotations

from jigai.core.notice_events import Event, register_events
from jigai.core.screens import menu
from jigai.core.screens.menu import MenuItem


def register() -> None:
    """Called once the rooms are loaded."""
    register_events(Event("application", "申报与共同体协议"))
    menu.register(
        MenuItem("资金", "可申报", "plus", "application-open", "application.apply", 4),
        MenuItem("资金", "申报", "file-text", "application-list", "application.view", 6),
        MenuItem("资金", "待签署协议", "pencil", "agreement-list", "application.apply", 7),
    )
