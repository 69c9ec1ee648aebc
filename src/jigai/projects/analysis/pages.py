"""What the analysis package adds to the menu and to the notices."""

from __future__ import annotations

from jigai.core.notice_events import Event, register_events
from jigai.core.screens import menu
from jigai.core.screens.menu import MenuItem

_GROUP = "企业与项目"


def register() -> None:
    """Called once the rooms are loaded."""
    register_events(Event("figure-ruled", "部门对数有裁定"))
    may = "project.view"
    menu.register(
        MenuItem(_GROUP, "技改投资分析", "chart-bar", "project-analysis", may, 50),
        MenuItem(_GROUP, "统计监测分析", "git-compare", "monitoring", may, 52),
        MenuItem(_GROUP, "投资信息发布", "trending-up", "release-list", may, 54),
        MenuItem(_GROUP, "技改企业覆盖", "percentage", "counter-coverage", may, 80),
        MenuItem(_GROUP, "项目数跟踪", "list-check", "counter-projects", may, 82),
        MenuItem(_GROUP, "装备推广计数", "tool", "counter-machines", may, 84,
                 needs=("funding.view",)),
        MenuItem(_GROUP, "数字化渗透", "device-desktop", "counter-digital", may, 86,
                 needs=("enterprise.view",)),
    )  # fmt: skip
