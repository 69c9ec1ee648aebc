"""What this room adds to the menu and to the pages of others."""

from __future__ import annotations

from jigai.core.screens import detail_parts, menu
from jigai.core.screens.detail_parts import DetailPart
from jigai.core.screens.menu import MenuItem
from jigai.funding import counted_lines
from jigai.funding.applications import pages as applications
from jigai.funding.awards import pages as awards
from jigai.funding.budgets import pages as budgets
from jigai.funding.decisions import pages as decisions
from jigai.funding.elsewhere import pages as elsewhere
from jigai.funding.invoices import pages as invoices
from jigai.funding.payments import pages as payments
from jigai.funding.publicity import pages as publicity
from jigai.funding.recovery import pages as recovery
from jigai.funding.review import pages as review
from jigai.funding.rounds import pages as rounds

_PARTS = (
    rounds, applications, invoices, elsewhere, review, decisions, publicity, payments, recovery,
    budgets, awards,
)  # fmt: skip


def register() -> None:
    """Called once the rooms are loaded."""
    counted_lines.register()
    menu.register(
        MenuItem("资金", "发票明细", "file-invoice", "invoice-list", "funding.view", 10),
        MenuItem("资金", "技改共同体", "users-group", "consortium-list", "funding.view", 20),
    )
    may = "funding.view"
    detail_parts.register(
        DetailPart("project", "lines", "发票明细", "project-lines", may, 10),
        DetailPart("project", "consortia", "技改共同体", "project-consortia", may, 20),
        DetailPart("enterprise", "consortia", "技改共同体", "enterprise-consortia", may, 20),
    )
    for part in _PARTS:
        part.register()
