"""The Django side of the room."""

from __future__ import annotations

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """办件。"""

    name = "jigai.cases"
    label = "cases"
    verbose_name = "办件"

    def ready(self) -> None:
        """Make this room's pages known."""
        from jigai.cases import pages

        pages.register()
