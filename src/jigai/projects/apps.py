"""The Django side of the room."""

from __future__ import annotations

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """项目。"""

    name = "jigai.projects"
    label = "projects"
    verbose_name = "项目"

    def ready(self) -> None:
        """Make this room's facts known."""
        from jigai.projects import importers, pages, providers  # noqa: F401

        importers.register()
        pages.register()
