"""What this part adds to the menu and to the pages of others."""

from __future__ import annotations


def register() -> None:
    """Called once the rooms are loaded."""
