"""The ledger of awards for titles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet, Sum
from django.urls import reverse

from jigai.core.access import Access, Reach, scoped
from jigai.core.screens import formats
from jigai.core.screens import list_columns as c
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import (
    ListFilters,
    RegionField,
    below,
    choice,
    words_field,
    year_field,
)
from jigai.core.screens.list_page import Count, ListAction, ListPage
from jigai.core.screens.list_state import ListState
from jigai.core.selectors_regions import names_of_regions
from jigai.funding.budgets.access import VIEW
from jigai.funding.models import AwardGrant

LOOKS = {"proposed": "pending", "approved": "confirmed", "paid": "done", "cancelled": "cancelled"}
WORDS = {LOOKS[str(code)]: str(word) for code, word in AwardGrant.State.choices}


def awards_for(access: Access, capability: str = VIEW) -> QuerySet[AwardGrant]:
    """Awards within reach."""
    return scoped(AwardGrant.objects.all(), access, capability, Reach(region="region_code"))


class AwardFilters(ListFilters):
    """By enterprise or matter, state, year and region."""

    lookups = {"state": "state", "year": "programme__year"}
    q = words_field("企业或支持事项")
    state = choice("状态", AwardGrant.State.choices)
    year = year_field("预算年度")
    region = RegionField()

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of the name of either."""
        by_firm = rows.filter(enterprise__name__icontains=value)
        return by_firm | rows.filter(measure_name__icontains=value)

    def by_region(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The region and below."""
        return below(rows, "region_code", value)


class AwardList(ListPage):
    """称号奖励台账."""

    page = "awards"
    url_name = "award-list"
    title = "称号奖励台账"
    note = "一项称号奖一次，逐笔入账；再提的会指出原来那一笔"
    capability = VIEW
    filters = AwardFilters
    columns = (
        Column("enterprise", "企业", "enterprise.name", link=True, clip=True),
        Column("measure_name", "支持事项", clip=True),
        Column("level", "级别"),
        Column("recognised_on", "认定日期", kind=c.DAY, sort="recognised_on"),
        Column("amount", "奖励金额", "amount_fen", kind=c.MONEY, sort="amount_fen"),
        Column("prior", "同一称号已奖", "prior_fen", kind=c.MONEY),
        Column("state", "状态", lambda row: LOOKS[row.state], kind=c.STATUS, choices=WORDS,
               sort="state"),
        Column("application", "申报", lambda row: row.application.number if row.application else "",
               shown=False),
        Column("programme", "专项资金", "programme.name", clip=True),
        Column("year", "年度", "programme.year"),
        Column("region", "地区", "region_name", shown=False),
        Column("paid_on", "兑付日期", kind=c.DAY),
        Column("paid_document", "拨付凭证", shown=False),
    )  # fmt: skip
    actions = (ListAction("按称号测算", "award-funds", "calculator", VIEW, primary=True),)
    empty_title = "还没有称号奖励"
    empty_hint = "从“按称号测算”选一支专项资金，提出奖励。"

    def rows(self, access: Access) -> QuerySet[Any]:
        """Within reach."""
        return awards_for(access).select_related("enterprise", "programme", "application")

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Regions."""
        names = names_of_regions(row.region_code for row in rows)
        for row in rows:
            row.region_name = names.get(row.region_code, row.region_code)

    def summary(self, rows: QuerySet[Any], count: Count) -> str:
        """The sum of what was not cancelled."""
        if not count.exact:
            return ""
        living = rows.exclude(state="cancelled").order_by()
        fen = living.aggregate(fen=Sum("amount_fen"))["fen"]
        return f"奖励合计 {formats.wan(int(fen or 0))} 万元（不含已取消）"

    def row_url(self, row: AwardGrant) -> str:
        """The award."""
        return reverse("award-detail", args=[row.pk])
