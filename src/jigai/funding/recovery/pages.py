"""What this part adds to the menu and to the pages of others."""

from __future__ import annotations

from jigai.core.notice_events import Event, register_events
from jigai.core.screens import menu
from jigai.core.screens.menu import MenuItem


def register() -> None:
    """Called once the rooms are loaded."""
    menu.register(
        MenuItem("资金", "资金追回", "arrow-back-up", "recovery-list", "payment.view", 70)
    )
    register_events(
        Event("recovery-opened", "资金追回：待核定"),
        Event("recovery-confirmed", "资金追回：已核定", by_email=True),
    )
