"""The Django side of the room."""

from __future__ import annotations

from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    """工作台。"""

    name = "jigai.workbench"
    label = "workbench"
    verbose_name = "工作台"

    def ready(self) -> None:
        """Put the pages into the menu."""
        from jigai.core.screens.menu import MenuItem, register
        from jigai.workbench.navigator import pages

        register(MenuItem("工作台", "首页", "home", "home", "", 1))
        pages.register()
