"""The navigator in the menu and on the page of an enterprise."""

from __future__ import annotations

from jigai.core.screens import detail_parts, menu
from jigai.core.screens.detail_parts import DetailPart
from jigai.core.screens.menu import MenuItem
from jigai.workbench.navigator.mirror import jobs as jobs


def register() -> None:
    """Tell the other rooms; called when Django starts."""
    menu.register(
        # Whoever works for an enterprise goes straight to it; offices search first.
        MenuItem("工作台", "政策匹配", "target", "navigator-own", "navigator.use", 20,
                 needs=("register.apply",)),
        MenuItem("政策与测算", "政策匹配", "target", "navigator", "navigator.use", 35,
                 needs=("department.view",)),
        MenuItem("政策与测算", "应享名单", "users", "audience-list", "audience.view", 36),
    )  # fmt: skip
    detail_parts.register(
        DetailPart("enterprise", "navigator", "政策匹配", "navigator-part", "navigator.use", 15)
    )
