"""What this part adds to the menu and to the pages of others."""

from __future__ import annotations

from jigai.core.screens import menu
from jigai.core.screens.menu import MenuItem
from jigai.funding.decisions.access import VIEW


def register() -> None:
    """Called once the rooms are loaded."""
    menu.register(MenuItem("资金", "审定名单", "clipboard-check", "decision-list-list", VIEW, 40))
