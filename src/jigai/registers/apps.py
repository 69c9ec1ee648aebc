"""The Django side of the room."""

from __future__ import annotations

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """名录台账。"""

    name = "jigai.registers"
    label = "registers"
    verbose_name = "名录台账"

    def ready(self) -> None:
        """Make this room's pages known."""
        from jigai.registers import pages

        pages.register()
