"""税收政策送达 as entries of its register: words, reach, figures of reaching and of enjoying."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from jigai.core.access import Access, Reach, scoped
from jigai.registers.models import Entry

CODE = "tax-deliveries"
OUTREACH = "tax.outreach"
USE = "tax.use"
REACH = Reach(region="region_code", enterprise="enterprise", owner="created_by")
SENT, SIGNED = "sent", "signed"
OPEN, ENJOYED, PARTLY, NOT, UNFIT = "open", "enjoyed", "partly", "not", "unfit"
STATES = {OPEN: "未回访", ENJOYED: "已享受", PARTLY: "部分享受", NOT: "未享受", UNFIT: "不符合条件"}
WAYS = {"visit": "上门走访", "phone": "电话", "online": "线上", "self": "企业自报"}
WHYS = {
    "unaware": "不知道", "papers": "资料不全", "loss": "当年亏损用不上", "separate": "没有单独核算",
    "cost": "嫌手续多", "doubt": "怕以后检查", "other": "别的",
}  # fmt: skip
# Codes the status marks of the house know.
MARKS = {OPEN: "pending", ENJOYED: "done", PARTLY: "info", NOT: "failed", UNFIT: "closed"}


def deliveries_for(access: Access, capability: str = OUTREACH) -> QuerySet[Entry]:
    """Deliveries within a person's reach, newest first."""
    rows = Entry.objects.filter(register__code=CODE)
    return scoped(rows, access, capability, REACH).order_by("-id")


def own_deliveries(access: Access) -> QuerySet[Entry]:
    """Deliveries to the enterprises a person acts for."""
    mine = [g.enterprise_id for g in access.granting(USE) if g.enterprise_id]
    rows = Entry.objects.filter(register__code=CODE, enterprise__in=mine)
    return rows.order_by("-id")


@dataclass(slots=True)
class Figures:
    """Reach and enjoyment of one preference (or all). ``amount`` in fen.

    ``settled``: revisited with a conclusion; those who do not fit are no base of the rate.
    """

    code: str
    name: str
    pushed: int = 0
    signed: int = 0
    visited: int = 0
    enjoyed: int = 0
    not_enjoyed: int = 0
    unfit: int = 0
    amount: int = 0

    @property
    def waiting(self) -> int:
        """Pushed and never asked whether it was enjoyed."""
        return self.pushed - self.visited

    @property
    def reach(self) -> str:
        """Signed of pushed."""
        return _share(self.signed, self.pushed)

    @property
    def enjoyment(self) -> str:
        """Enjoyed of those pushed who fit: what was only pushed counts as not enjoyed."""
        return _share(self.enjoyed, self.pushed - self.unfit)

    def add(self, values: dict[str, Any]) -> None:
        """One delivery more."""
        state = values.get("state")
        self.pushed += 1
        self.signed += values.get("receipt") == SIGNED
        self.visited += state != OPEN
        self.enjoyed += state in (ENJOYED, PARTLY)
        self.not_enjoyed += state == NOT
        self.unfit += state == UNFIT
        self.amount += int(values.get("amount") or 0)


def _share(part: int, whole: int) -> str:
    if whole <= 0:
        return "—"
    tenths = (part * 2000 + whole) // (whole * 2)
    return f"{tenths // 10}.{tenths % 10}%"


def figures_of(rows: Iterable[dict[str, Any]]) -> tuple[list[Figures], Figures]:
    """Figures by preference in order of code, and of all together."""
    by_code: dict[str, Figures] = {}
    everything = Figures("", "合计")
    for values in rows:
        code = str(values["preference"])
        by_code.setdefault(code, Figures(code, str(values["name"]))).add(values)
        everything.add(values)
    return [by_code[code] for code in sorted(by_code)], everything


def reasons_of(rows: Iterable[dict[str, Any]]) -> list[tuple[str, int]]:
    """Why it was not enjoyed, the most frequent first."""
    found: dict[str, int] = {}
    for values in rows:
        if values.get("state") in (NOT, PARTLY) and values.get("why"):
            found[str(values["why"])] = found.get(str(values["why"]), 0) + 1
    return [(WHYS[code], n) for code, n in sorted(found.items(), key=lambda p: (-p[1], p[0]))]
