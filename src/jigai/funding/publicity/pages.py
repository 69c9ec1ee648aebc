"""What notices add to the menu and to cases."""

from __future__ import annotations

from jigai.core.screens import menu
from jigai.core.screens.menu import MenuItem
from jigai.funding.publicity import course
from jigai.funding.publicity.access import MANAGE, VIEW


def register() -> None:
    """Called once the rooms are loaded."""
    from jigai.funding.publicity import jobs  # noqa: F401

    course.register()
    menu.register(
        MenuItem("资金", "公示", "file-text", "publicity-list", VIEW, 50),
        MenuItem("资金", "公示异议", "message-circle", "objection-list", MANAGE, 51),
    )
