"""What special funds add to the menu and to other rooms."""

from __future__ import annotations

from jigai.core.audit.tables import register_audit_table
from jigai.core.notice_events import Event, register_events
from jigai.core.screens import menu
from jigai.core.screens.menu import MenuItem
from jigai.funding.budgets.access import VIEW
from jigai.funding.budgets.accounts import KINDS
from jigai.ledgers import about, kinds


def register() -> None:
    """Called once the rooms are loaded."""
    menu.register(MenuItem("资金", "专项资金", "coin", "programme-list", VIEW, 80))
    kinds.register(KINDS)
    about.register("programme", "专项资金", "programme-detail")
    about.register("application", "申报", "application-detail")
    register_events(Event("budget-proposed", "有待批准的预算变动"))
    for table in ("Programme", "BudgetChange", "Allocation"):
        register_audit_table(f"funding.{table}")
