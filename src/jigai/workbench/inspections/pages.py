"""Inspections in the menu and in the course of their cases."""

from __future__ import annotations


def register() -> None:
    """Called when Django starts."""
    from jigai.cases.access import VIEW_ALL
    from jigai.cases.hooks import register_hook, register_start_hook, register_step_hook
    from jigai.core.screens.menu import MenuItem
    from jigai.core.screens.menu import register as in_menu
    from jigai.workbench.inspections import follow_up
    from jigai.workbench.inspections.plans import CODE

    in_menu(MenuItem("办件", "双随机抽查", "clipboard-check", "inspection-list", VIEW_ALL, 60))
    register_step_hook(CODE, "site", follow_up.check_visit)
    register_step_hook(CODE, "result", follow_up.check_result)
    register_start_hook(CODE, "rectify", follow_up.set_rectify_limit)
    register_hook(CODE, "closed", follow_up.propose_credit)
