"""The accounts of a special fund."""

from __future__ import annotations

from typing import Any

from jigai.ledgers.models import Account
from jigai.ledgers.services.open_book import NewAccount

SOURCE, AVAILABLE, RESERVED, TRANSIT = "source", "available", "reserved", "transit"
PAID, RECEIVABLE, WRITTEN_OFF = "paid", "receivable", "written_off"
ALLOCATED = "allocated"

_Kind: Any = Account.Kind
# What has no floor is where the money comes from; nothing else may ever be below nothing.
PROGRAMME_ACCOUNTS = (
    NewAccount(SOURCE, "预算来源", _Kind.SOURCE, None),
    NewAccount(AVAILABLE, "可用", _Kind.AVAILABLE, 0),
    NewAccount(RESERVED, "已审定", _Kind.RESERVED, 0),
    NewAccount(TRANSIT, "在途", _Kind.TRANSIT, 0),
    NewAccount(PAID, "已拨付", _Kind.USED, 0),
    NewAccount(ALLOCATED, "已下达下级", _Kind.USED, 0),
    NewAccount(RECEIVABLE, "应收回", _Kind.RECEIVABLE, 0),
    NewAccount(WRITTEN_OFF, "不再追回", _Kind.OTHER, 0),
)

# What the entries of a special fund record.
KINDS = {
    "budget": "预算变动",
    "reserve": "审定占用",
    "release": "占用释放",
    "order": "送出支付",
    "paid": "支付到账",
    "returned": "退票",
    "recovery": "应收回",
    "repaid": "收回",
    "written-off": "不再追回",
    "allocate": "下达下级",
    "award": "奖励占用",
    "award-paid": "奖励兑付",
}
