"""The room that every other Django room stands on."""

from __future__ import annotations

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Regions, departments, enterprises, people and access, evidence, audit, jobs, notices."""

    name = "jigai.core"
    label = "core"
    verbose_name = "基础"

    def ready(self) -> None:
        """Connect what listens, and put the room's pages into the menu."""
        from jigai.core import (
            importers,
            menu_system,  # noqa: F401
            pages_enterprises,
            pages_imports,
        )
        from jigai.core.quick_migrations import quicken_migrations
        from jigai.core.sign_in import signals  # noqa: F401

        quicken_migrations()
        importers.register()
        pages_imports.register_pages()
        pages_enterprises.register()
