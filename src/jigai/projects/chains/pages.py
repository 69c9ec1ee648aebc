"""What this package adds to the menu, to pages of projects and registers, and to row checks."""

from __future__ import annotations

from jigai.core.notice_events import Event, register_events
from jigai.core.screens import detail_parts, menu
from jigai.core.screens.detail_parts import DetailPart
from jigai.core.screens.menu import MenuItem
from jigai.projects.chains.plans import MEMBERS, PLANS
from jigai.projects.chains.positions import LINKS, LISTED
from jigai.projects.chains.retrofits import METROLOGY, SAFETY
from jigai.projects.chains.services.warn_chains import EVENT
from jigai.registers.access import VIEW
from jigai.registers.extras import Extra, register_check, register_extra
from jigai.registers.special.risk_levels import check_levels
from jigai.registers.special.stored_chain_tasks import TASKS, check_tasks
from jigai.registers.special.stored_technologies import (
    DIRECTIONS,
    MILESTONES,
    TECHNOLOGIES,
    check_milestones,
    check_technologies,
)
from jigai.registers.special.theme_keys import check_keys

_GROUP, _MAY = "企业与项目", "project.view"
_BUTTONS = (
    ("产业链", "chain-overview", "sitemap", (LINKS, LISTED), _MAY),
    ("整链进展", "chain-tasks", "git-branch", (TASKS,), VIEW),
    ("计划进度", "upgrade-plans", "trending-up", (PLANS, MEMBERS), _MAY),
    ("攻关进展", "key-technologies", "flag", (DIRECTIONS, TECHNOLOGIES, MILESTONES), VIEW),
    ("风险变化", "safety-retrofits", "shield-check", (SAFETY,), _MAY),
    ("计量改造统计", "metrology-retrofits", "gauge", (METROLOGY,), _MAY),
)


def register() -> None:
    """Called once the rooms are loaded."""
    register_check(TASKS, check_tasks)
    register_check(TECHNOLOGIES, check_technologies)
    register_check(MILESTONES, check_milestones)
    register_check(SAFETY, check_levels)
    for code in (LISTED, TASKS, TECHNOLOGIES, SAFETY, METROLOGY):
        register_check(code, check_keys)
    for label, name, icon, codes, may in _BUTTONS:
        for code in codes:
            register_extra(Extra(label, name, icon, code=code, capability=may))
    register_events(Event(EVENT, "一条龙任务链有环节滞后"))
    menu.register(
        MenuItem(_GROUP, "产业链", "sitemap", "chain-overview", _MAY, 90),
        MenuItem(_GROUP, "一条龙任务链", "git-branch", "chain-tasks", VIEW, 91),
        MenuItem(_GROUP, "企业升级计划", "trending-up", "upgrade-plans", _MAY, 92),
        MenuItem(_GROUP, "关键技术攻关", "flag", "key-technologies", VIEW, 93),
        MenuItem(_GROUP, "安全提升", "shield-check", "safety-retrofits", _MAY, 94),
        MenuItem(_GROUP, "计量改造", "gauge", "metrology-retrofits", _MAY, 95),
    )
    detail_parts.register(
        DetailPart("project", "chain", "产业链与清单", "chain-project", _MAY, 8)
    )  # fmt: skip
