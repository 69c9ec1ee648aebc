"""What this room adds to the menu and to the pages of others."""

from __future__ import annotations

from jigai.core.audit.tables import register_audit_table
from jigai.core.notice_events import Event, register_events
from jigai.core.screens import detail_parts, menu
from jigai.core.screens.detail_parts import DetailPart
from jigai.core.screens.menu import MenuItem
from jigai.policies.sections import Owner, register_section
from jigai.registers.access import APPROVE, EDIT, VIEW
from jigai.registers.importing import register_imports
from jigai.registers.live_items import live_registers
from jigai.registers.live_targets import live_targets
from jigai.registers.services.install_items import install_registers, install_rosters


def register() -> None:
    """Called once the rooms are loaded."""
    from jigai.registers import lookups  # noqa: F401
    from jigai.registers.special import (
        catalogue_pages,
        control_pages,
        land_use_pages,
        pool_pages,
        roster_pages,
        service_pages,
    )

    catalogue_pages.register_pages()
    control_pages.register_pages()
    land_use_pages.register_pages()
    pool_pages.register_pages()
    roster_pages.register_pages()
    service_pages.register_pages()

    menu.register(
        MenuItem("名录台账", "名录一览", "list", "register-list", VIEW, 10),
        MenuItem(
            "名录台账", "名录审核", "clipboard-check", "entry-inbox", APPROVE, 20, also=(EDIT,)
        ),
    )
    detail_parts.register(
        DetailPart("enterprise", "registers", "名录与称号", "enterprise-registers", VIEW, 30)
    )
    register_section(Owner("registers", "registers", install_registers, live_registers))
    register_section(Owner("recognitions", "registers", install_rosters, live_registers))
    register_section(Owner("targets", "registers", live=live_targets))
    for name in ("Register", "RegisterSchema", "Edition"):
        register_audit_table(f"registers.{name}")
    for name in ("Entry", "Proposal", "EnterpriseChange"):
        register_audit_table(f"registers.{name}", VIEW)
    register_events(
        Event("charge-reported", "收到涉企收费举报"),
        Event("register-expiring", "名录条目或版次将到期"),
    )
    register_imports()
