"""What awards for titles and waivers of charges add to the menu and to other rooms."""

from __future__ import annotations

from jigai.core.audit.tables import register_audit_table
from jigai.core.screens import detail_parts, menu
from jigai.core.screens.detail_parts import DetailPart
from jigai.core.screens.menu import MenuItem
from jigai.funding.awards.waivers.access import VIEW as WAIVERS
from jigai.funding.budgets.access import VIEW
from jigai.ledgers import about


def register() -> None:
    """Called once the rooms are loaded."""
    menu.register(MenuItem("资金", "称号奖励台账", "star", "award-list", VIEW, 85))
    menu.register(MenuItem("资金", "收费免征", "receipt", "waiver-list", WAIVERS, 87))
    detail_parts.register(
        DetailPart("project", "waivers", "收费免征", "project-waivers", WAIVERS, 60)
    )
    about.register("award", "称号奖励", "award-detail")
    register_audit_table("funding.AwardGrant")
    register_audit_table("funding.FeeWaiver")
