"""The Django side of the room."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """门户。"""

    name = "jigai.portal"
    label = "portal"
    verbose_name = "门户"

    def ready(self) -> None:
        """Make this room's pages known."""
        from jigai.portal import pages

        pages.register()
