"""What this room adds to the menu and to the pages of others."""

from __future__ import annotations

from jigai.cases.access import APPLY, HANDLE, VIEW
from jigai.cases.live_items import live_procedures
from jigai.cases.selectors_procedures import SEE
from jigai.core.audit.tables import register_audit_table
from jigai.core.notice_events import Event, register_events
from jigai.core.screens import menu
from jigai.core.screens.menu import MenuItem
from jigai.policies.sections import Owner, register_section


def register() -> None:
    """Called once the rooms are loaded."""
    menu.register(
        MenuItem("办件", "收件箱", "inbox", "case-inbox", VIEW, 10, also=(HANDLE, APPLY)),
        MenuItem("办件", "全部办件", "list-check", "case-list", VIEW, 20, also=(HANDLE, APPLY)),
    )
    menu.register(MenuItem("办件", "办事方式", "sitemap", "procedure-list", SEE, 60))
    register_section(Owner("procedures", "cases", live=live_procedures))
    register_events(
        Event("case-task", "有待办的办件"),
        Event("case-moved", "我的办件有了进展"),
        Event("case-urged", "办件被催办"),
        Event("case-late", "办件临期或超期"),
    )
    for name in ("CaseProcedure", "ProcedureVersion"):
        register_audit_table(f"cases.{name}")
    for name in ("Case", "CaseStep", "Task", "Pause", "Correction", "CaseEvidence"):
        register_audit_table(f"cases.{name}", "case.view-all")
