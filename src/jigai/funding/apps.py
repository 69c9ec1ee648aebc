"""The Django side of the room."""

from __future__ import annotations

from django.apps import AppConfig


class FundingConfig(AppConfig):
    """资金。"""

    name = "jigai.funding"
    label = "funding"
    verbose_name = "资金"

    def ready(self) -> None:
        """Make this room's facts known."""
        from jigai.funding import importers, pages, providers  # noqa: F401

        importers.register()
        pages.register()
