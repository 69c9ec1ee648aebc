"""What this part adds to the menu and to the pages of others."""

from __future__ import annotations

from jigai.core.notice_events import Event, register_events
from jigai.core.screens import detail_parts, menu
from jigai.core.screens.detail_parts import DetailPart
from jigai.core.screens.menu import MenuItem
from jigai.funding.payments import jobs


def register() -> None:
    """Called once the rooms are loaded."""
    jobs.register()
    menu.register(
        # An enterprise sees its own payments; requests are the administration's.
        MenuItem("资金", "资金拨付", "coin", "payment-list", "payment.view", 60,
                 needs=("programme.view",)),
        MenuItem("资金", "到账查询", "receipt", "payment-orders", "account.give", 61),
        MenuItem("资金", "收款账户", "wallet", "account-list", "account.give", 62,
                 also=("account.verify", "payment.make")),
    )  # fmt: skip
    detail_parts.register(
        DetailPart("application", "payment", "拨付", "application-payment", "payment.view", 60)
    )
    register_events(
        Event("account-given", "待核对的收款账户"),
        Event("account-checked", "收款账户的核对结果"),
        Event("payment-request", "拨付请示与资金指标"),
        Event("payment-batch", "待复核的支付批"),
        Event("payment-answer", "款项到账与退票"),
    )
