"""The Django side of the room."""

from __future__ import annotations

from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    """政策。"""

    name = "jigai.policies"
    label = "policies"
    verbose_name = "政策"

    def ready(self) -> None:
        """Make this room's facts and pages known."""
        from jigai.policies import enterprise_provider, pages  # noqa: F401

        pages.register()
