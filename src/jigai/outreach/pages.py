"""What this room adds to the menu and to the pages of others."""

from __future__ import annotations

from jigai.outreach import briefing_pages, consultation_pages, distribution_pages


def register() -> None:
    """Called once the rooms are loaded."""
    consultation_pages.register()
    distribution_pages.register()
    briefing_pages.register()
