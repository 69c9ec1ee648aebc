"""What the library adds to the menu and to the page of a project."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from jigai.core.access import Access
from jigai.core.notice_events import Event, register_events
from jigai.core.screens import detail_parts, menu
from jigai.core.screens.detail_parts import DetailPart
from jigai.core.screens.menu import MenuItem
from jigai.projects.library import effects, jobs  # noqa: F401
from jigai.projects.library.access import EDIT, VIEW
from jigai.projects.library.problems import register_problems
from jigai.projects.library.services import decide_entries, remind_late
from jigai.projects.work.issues import ABOUT, issues_for, open_issues, project_keys

_GROUP = "企业与项目"


def open_tickets(access: Access, projects: Collection[int]) -> Mapping[int, int]:
    """Problems of these projects that nobody has closed."""
    about = [f"{ABOUT}{pk}" for pk in projects]
    cases = open_issues(issues_for(access)).filter(about__in=about).only("pk", "about")
    return Counter(project_keys(cases.order_by("pk")).values())


def register() -> None:
    """Called once the rooms are loaded."""
    effects.register()
    register_problems("tickets", open_tickets)
    register_events(
        Event(decide_entries.EVENT, "项目入库：退回"),
        Event(remind_late.EVENT, "项目台账：超期没有更新"),
    )
    menu.register(
        MenuItem(_GROUP, "入库管理", "archive", "library-list", VIEW, 22),
        MenuItem(_GROUP, "项目工作台账", "notes", "library-ledger", VIEW, 23),
        MenuItem(_GROUP, "年末结转", "transfer", "rollover-list", VIEW, 24),
        MenuItem(_GROUP, "三级汇总", "sitemap", "library-summary", VIEW, 61),
        MenuItem(_GROUP, "规划与项目", "target", "library-plans", VIEW, 62),
        MenuItem(_GROUP, "动态调整记录", "history", "library-adjustments", EDIT, 63),
    )
    detail_parts.register(
        DetailPart("project", "library", "入库与调整", "library-of-project", VIEW, 5)
    )
