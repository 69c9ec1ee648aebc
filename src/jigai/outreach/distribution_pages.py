"""What documents sent and received add to the menu, the notices and the log."""

from __future__ import annotations

from jigai.core.audit.tables import register_audit_table
from jigai.core.notice_events import Event, register_events
from jigai.core.screens import menu
from jigai.core.screens.menu import MenuItem
from jigai.outreach import distribution_jobs
from jigai.outreach.services.remind_distribution import OVERDUE, RECEIVED, STOPPED


def register() -> None:
    """Called once the rooms are loaded."""
    menu.register(
        MenuItem("政策服务", "收文", "inbox", "delivery-list", "distribution.view", 10,
                 also=("register.apply",)),
        MenuItem("政策服务", "发文", "send", "distribution-list", "distribution.view", 20),
    )  # fmt: skip
    register_events(
        Event(RECEIVED, "收到文件，待签收"),
        # Whoever holds a document that has ended must hear of it.
        Event(STOPPED, "收到的文件已修订或废止，停止使用", forced=True),
        Event(OVERDUE, "收文催办"),
    )
    register_audit_table("outreach.Distribution", "distribution.view")
    register_audit_table("outreach.Delivery", "distribution.view")
    distribution_jobs.watch_versions()
