"""The Django side of the room."""

from __future__ import annotations

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    """政策服务。"""

    name = "jigai.outreach"
    label = "outreach"
    verbose_name = "政策服务"

    def ready(self) -> None:
        """Make this room's pages known."""
        from jigai.outreach import pages

        pages.register()
