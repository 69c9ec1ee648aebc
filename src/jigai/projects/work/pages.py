"""What this package adds to the menu, to messages, to the course of cases and to other pages."""

from __future__ import annotations

from jigai.core.audit.tables import register_audit_table
from jigai.core.notice_events import Event, register_events
from jigai.core.screens import detail_parts, menu
from jigai.core.screens.detail_parts import DetailPart
from jigai.core.screens.menu import MenuItem
from jigai.projects.work import issue_course
from jigai.projects.work.access import MANAGE, VIEW

_GROUP = "企业与项目"


def register() -> None:
    """Called once the rooms are loaded."""
    issue_course.register()
    menu.register(
        MenuItem(_GROUP, "问题协调", "message-circle", "issue-list", VIEW, 30),
        MenuItem(_GROUP, "走访情况", "map-pin", "visit-due", MANAGE, 31),
        MenuItem(_GROUP, "督办任务", "checklist", "task-list", VIEW, 32),
        MenuItem(_GROUP, "督办日历", "calendar-event", "project-calendar", VIEW, 33),
        MenuItem(_GROUP, "调度通报", "file-text", "bulletin-list", VIEW, 34),
        MenuItem(_GROUP, "年度重点项目清单", "list-check", "key-list-list", VIEW, 35),
    )
    detail_parts.register(
        DetailPart("project", "issues", "问题", "issue-project", VIEW, 40),
        DetailPart("project", "visits", "走访", "visit-project", MANAGE, 41),
        DetailPart("project", "tasks", "督办任务", "task-project", VIEW, 42),
    )
    register_events(
        Event("project-duty", "由我包干的片区或项目"),
        Event("project-start-task", "催开工任务"),
        Event("project-progress-task", "催进度任务"),
        Event("project-bulletin", "调度通报送审与印发"),
        Event("key-list", "重点项目清单发布"),
    )
    for name in ("ZoneDuty", "Visit", "WorkTask", "Bulletin", "KeyList", "KeyListLine"):
        register_audit_table(f"projects.{name}", VIEW)
