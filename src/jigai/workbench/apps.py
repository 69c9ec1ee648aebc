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
        from jigai.workbench import case_links, credit_pages
        from jigai.workbench.approvals import pages as approvals
        from jigai.workbench.complaints import wiring as complaints
        from jigai.workbench.inspections import pages as inspections
        from jigai.workbench.navigator import pages
        from jigai.workbench.sandbox import pages as sandbox
        from jigai.workbench.taxes import pages as taxes

        register(MenuItem("工作台", "首页", "home", "home", "", 1))
        pages.register()
        case_links.register()
        approvals.register()
        complaints.register()
        credit_pages.register()
        inspections.register()
        taxes.register()
        sandbox.register()
