"""What consultations add to the menu, the audit log and the notices."""

from __future__ import annotations

from jigai.core.audit.tables import register_audit_table
from jigai.core.notice_events import Event, register_events
from jigai.core.screens import detail_parts, menu
from jigai.core.screens.detail_parts import DetailPart
from jigai.core.screens.menu import MenuItem


def register() -> None:
    """Called once the rooms are loaded."""
    menu.register(
        MenuItem(
            "政策服务", "征求意见", "message-circle", "consultation-list", "consultation.view", 20,
            also=("consultation.comment",),
        )
    )  # fmt: skip
    detail_parts.register(
        DetailPart("draft", "rounds", "公开征求意见", "draft-rounds", "consultation.view", 10),
        DetailPart("pack", "rounds", "新版本征求意见", "pack-rounds", "consultation.view", 10),
    )
    register_audit_table("outreach.Consultation")
    register_audit_table("outreach.ConsultationAnswer")
    register_audit_table("outreach.ConsultationComment", "consultation.manage")
    register_events(
        Event("consultation-opened", "有征求意见的草案"),
        Event("consultation-answered", "提的意见公示了采纳情况"),
    )
