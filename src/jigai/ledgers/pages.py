"""What this room adds to the menu."""

from __future__ import annotations

from jigai.core.screens import menu
from jigai.core.screens.menu import MenuItem


def register() -> None:
    """Called once the rooms are loaded."""
    menu.register(
        MenuItem("资金", "总账", "book", "ledger-list", "ledger.view", 90),
    )
