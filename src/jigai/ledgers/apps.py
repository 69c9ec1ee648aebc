"""The Django side of the room."""

from __future__ import annotations

from django.apps import AppConfig


class LedgersConfig(AppConfig):
    """总账。"""

    name = "jigai.ledgers"
    label = "ledgers"
    verbose_name = "总账"

    def ready(self) -> None:
        """Make this room's pages known."""
        from jigai.ledgers import pages

        pages.register()
