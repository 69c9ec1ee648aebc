"""税收测算 and 税收政策送达 in the menu; the register of deliveries is filled there only."""

from __future__ import annotations

from jigai.core.notice_events import Event, register_events
from jigai.core.screens import menu
from jigai.core.screens.menu import MenuItem
from jigai.registers.extras import register_check
from jigai.registers.own_ways import keep_to_own_way
from jigai.registers.taxes.import_check import CODE as IMPORTS
from jigai.registers.taxes.import_check import check_imports
from jigai.workbench.taxes.deliveries import CODE


def register() -> None:
    """Tell the other rooms; called when Django starts."""
    menu.register(
        MenuItem("工作台", "税收测算", "calculator", "tax-own", "tax.use", 22,
                 needs=("register.apply",)),
        MenuItem("政策与测算", "税收测算", "calculator", "taxes", "tax.use", 40,
                 needs=("department.view",)),
        MenuItem("政策与测算", "税收政策送达", "send", "tax-outreach", "tax.outreach", 42),
        MenuItem("工作台", "税收政策送达", "send", "tax-deliveries", "tax.use", 23,
                 needs=("register.apply",)),
    )  # fmt: skip
    keep_to_own_way(CODE, "推送和回访都在“税收政策送达”页办理")
    register_check(IMPORTS, check_imports)
    register_events(Event("tax-pushed", "收到税收政策"))
