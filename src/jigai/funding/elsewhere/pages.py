"""What this part adds to the menu and to the pages of others."""

from __future__ import annotations

from jigai.core.screens import menu
from jigai.core.screens.menu import MenuItem


def register() -> None:
    """Called once the rooms are loaded."""
    menu.register(
        MenuItem("资金", "其他财政资金", "building-bank", "other-funding-list", "funding.view", 25),
        MenuItem("资金", "疑似重复", "copy", "double-list", "funding.other", 26),
    )
