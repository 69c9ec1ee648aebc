"""What briefings add to the menu, the notices, the enterprise page and the log."""

from __future__ import annotations

from jigai.core.audit.tables import register_audit_table
from jigai.core.notice_events import Event, register_events
from jigai.core.screens import menu
from jigai.core.screens.menu import MenuItem
from jigai.outreach import briefing_jobs as briefing_jobs
from jigai.outreach.services.give_feedback import ASKED
from jigai.outreach.services.publish_briefing import CANCELLED, INVITED


def register() -> None:
    """Called once the rooms are loaded."""
    menu.register(
        # Bureaus run briefings, enterprises see their own.
        MenuItem("政策服务", "政策宣讲", "calendar-event", "briefing-list", "briefing.view", 30,
                 needs=("distribution.view",)),
        MenuItem("政策服务", "我的宣讲与推送", "calendar-event", "my-briefing-list",
                 "briefing.view", 30, needs=("register.apply",)),
    )  # fmt: skip
    register_events(
        Event(INVITED, "政策推送与宣讲邀请"),
        Event(CANCELLED, "宣讲取消"),
        Event(ASKED, "宣讲后企业有问题"),
    )
    register_audit_table("outreach.Briefing", "briefing.view")
    register_audit_table("outreach.Invitation", "briefing.view")
