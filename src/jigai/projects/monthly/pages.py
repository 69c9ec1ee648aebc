"""What monthly reports add to imports, menu, events and the pages of others."""

from __future__ import annotations

from jigai.core.notice_events import Event, register_events
from jigai.core.screens import detail_parts, menu
from jigai.core.screens.detail_parts import DetailPart
from jigai.core.screens.menu import MenuItem
from jigai.projects.monthly import importer, statistics_importer
from jigai.projects.monthly.access import FILL, VIEW


def register() -> None:
    """Called once the rooms are loaded."""
    importer.register()
    statistics_importer.register()
    register_events(
        Event("monthly-due", "月报催报"),
        Event("monthly-state", "月报迟报、零报与异常"),
        Event("statistics-inclusion", "入统办理"),
    )
    menu.register(
        MenuItem("企业与项目", "待我填报", "pencil", "monthly-mine", FILL, 30),
        MenuItem("企业与项目", "月报", "calendar-event", "monthly-period-list", VIEW, 31),
        MenuItem("企业与项目", "入统管理", "chart-bar", "inclusion-list", VIEW, 32),
    )
    detail_parts.register(DetailPart("project", "monthly", "月报", "monthly-of-project", VIEW, 30))
