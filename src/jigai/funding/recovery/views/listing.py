"""The list of recoveries."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet, Sum
from django.urls import reverse

from jigai.core.access import Access
from jigai.core.screens import formats
from jigai.core.screens import list_columns as c
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import ListFilters, RegionField, below, choice, words_field
from jigai.core.screens.list_page import Count, ListPage
from jigai.funding.models import Recovery
from jigai.funding.recovery.access import VIEW, recoveries_for

LOOKS = {
    "opened": "pending", "confirmed": "recovering", "agreed": "signing", "repaid": "done",
    "dropped": "closed",
}  # fmt: skip
WORDS = {LOOKS[code]: word for code, word in Recovery.State.choices}


class RecoveryFilters(ListFilters):
    """Number or enterprise, reason, state."""

    q = words_field("编号或企业")
    state = choice("状态", Recovery.State.choices)
    reason = choice("原因", Recovery.Reason.choices)
    region = RegionField()
    lookups = {"state": "state", "reason": "reason"}

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of the number or of the enterprise's name."""
        found = rows.filter(number__icontains=value.strip())
        return found | rows.filter(enterprise__name__icontains=value.strip())

    def by_region(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The region and below."""
        return below(rows, "region_code", value)


def _interest(row: Recovery) -> str:
    if row.state in ("opened", "dropped"):
        return "—"
    return "未定" if row.interest_fen is None else formats.yuan(row.interest_fen)


class RecoveryList(ListPage):
    """Money that has to come back."""

    page = "recoveries"
    url_name = "recovery-list"
    title = "资金追回"
    note = "拨付后收到红字发票、另获其他财政资金的，平台自动提出，由另一人核定"
    capability = VIEW
    filters = RecoveryFilters
    columns = (
        Column("number", "编号", link=True, sort="number"),
        Column("enterprise", "企业", "enterprise.name", clip=True),
        Column("application", "申报", "application.number"),
        Column("reason", "原因", "get_reason_display"),
        Column("state", "状态", lambda row: LOOKS[row.state], kind=c.STATUS, choices=WORDS,
               sort="state"),
        Column("amount", "应收回（元）", lambda row: None if is_open(row) else row.amount_fen,
               kind=c.MONEY),
        Column("interest", "利息（元）", _interest),
        Column("repaid", "已收回（元）", "repaid_fen", kind=c.MONEY),
        Column("due", "期限", "due_on", kind=c.DAY, sort="due_on"),
        Column("opened", "提出时间", "opened_at", kind=c.MOMENT, sort="opened_at", shown=False),
    )  # fmt: skip
    empty_title = "没有要追回的资金"
    empty_hint = "拨付后发票被红冲、企业又获其他财政资金的，会自动列在这里"

    def rows(self, access: Access) -> QuerySet[Any]:
        """Within reach; an enterprise sees its own."""
        return recoveries_for(access).select_related("enterprise", "application")

    def row_url(self, row: Recovery) -> str:
        """The recovery."""
        return reverse("recovery-detail", args=[row.pk])

    def summary(self, rows: QuerySet[Any], count: Count) -> str:
        """What is asked for and what is back."""
        if not count.exact:
            return ""
        asked = rows.filter(state__in=("confirmed", "agreed", "repaid")).order_by()
        sums = asked.aggregate(due=Sum("amount_fen"), back=Sum("repaid_fen"))
        due, back = int(sums["due"] or 0), int(sums["back"] or 0)
        return f"已核定应收回 {formats.yuan(due)} 元，已收回 {formats.yuan(back)} 元（含利息）"


def is_open(row: Recovery) -> bool:
    """Whether nobody can say the amount yet."""
    return bool(row.basis.get("open")) and row.state == "opened"


def amount_word(row: Recovery) -> str:
    """The amount in 元, 未定 where the rules leave it open and nobody has set it."""
    return "未定" if is_open(row) else formats.yuan(row.amount_fen)
