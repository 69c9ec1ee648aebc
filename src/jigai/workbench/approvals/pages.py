"""Puts the screens of approvals into the menu; called once Django is ready."""

from __future__ import annotations

from jigai.cases.access import APPLY, VIEW
from jigai.cases.hooks import register_start_hook, register_step_hook
from jigai.core.audit.tables import register_audit_table
from jigai.core.notice_events import Event, register_events
from jigai.core.screens import detail_parts, menu
from jigai.core.screens.detail_parts import DetailPart
from jigai.core.screens.menu import MenuItem
from jigai.workbench.approvals import jobs as jobs
from jigai.workbench.approvals import land_day
from jigai.workbench.approvals.land_ready import DELIVERY, ISSUE, PROCEDURE

# Figures of whole regions are for offices; enterprises see their own on their cases.
OFFICE = ("department.view",)


def register() -> None:
    """Menu, messages, audit, and the part on a case's page."""
    menu.register(
        MenuItem("办件", "履约核查", "clipboard-check", "fulfilment-list", VIEW, 40),
        MenuItem("办件", "限时办结", "hourglass", "time-limits", VIEW, 41, needs=OFFICE),
        MenuItem("办件", "一次办好统计", "chart-bar", "visit-statistics", VIEW, 42, needs=OFFICE),
        MenuItem("办件", "拿地即开工", "map-pin", "land-start", VIEW, 43, needs=OFFICE),
        MenuItem("办件", "办理评价", "star", "rating-statistics", VIEW, 44, also=(APPLY,)),
    )
    register_events(
        Event("case-check", "履约核查到期或发现未履行"),
        Event("case-land", "拿地即开工：土地交付当天能不能发证"),
    )
    register_step_hook(PROCEDURE, DELIVERY, land_day.delivered)
    register_start_hook(PROCEDURE, ISSUE, land_day.ready)
    register_audit_table("cases.FulfilmentCheck", "case.view-all")
    detail_parts.register(
        DetailPart("case", "follow-up", "承诺、核查与评价", "case-follow-up", VIEW, 40)
    )
