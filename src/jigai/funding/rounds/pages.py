"""What rounds and topics add to the menu."""

from __future__ import annotations

from jigai.core.screens import menu
from jigai.core.screens.menu import MenuItem
from jigai.funding.rounds.access import MANAGE, VIEW


def register() -> None:
    """Called once the rooms are loaded."""
    from jigai.funding.rounds import jobs  # noqa: F401

    menu.register(
        MenuItem("资金", "申报批次", "calendar-event", "round-list", VIEW, 5),
        MenuItem("资金", "一事一议", "message-circle", "topic-list", MANAGE, 45),
    )
