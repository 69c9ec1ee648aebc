"""The list of special funds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from jigai.core.access import Access
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
from jigai.funding.budgets.access import MANAGE, VIEW, programmes_for
from jigai.funding.budgets.forms import pack_choices
from jigai.funding.budgets.money import balances_of
from jigai.funding.models import Programme


class ProgrammeFilters(ListFilters):
    """By name, year, document and region."""

    q = words_field("名称或编号")
    year = year_field("预算年度")
    pack = choice("政策", ())
    region = RegionField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pack"].choices = [("", "全部"), *pack_choices()]

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of the name, or the beginning of the number."""
        return rows.filter(name__icontains=value) | rows.filter(code__istartswith=value)

    def by_region(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The region and below."""
        return below(rows, "region_code", value)


def _figure(name: str) -> Callable[[Any], int]:
    return lambda row: int(getattr(row.balances, name))


class ProgrammeList(ListPage):
    """专项资金."""

    page = "programmes"
    url_name = "programme-list"
    title = "专项资金"
    note = "每个数都由总账分录得出，点开专项资金可逐笔查看"
    capability = VIEW
    filters = ProgrammeFilters
    columns = (
        Column("name", "名称", link=True, clip=True, sort="name"),
        Column("year", "年度", sort="year"),
        Column("code", "编号", sort="code", shown=False),
        Column("region", "地区", "region_name"),
        Column("budget", "预算", _figure("budget"), kind=c.WAN),
        Column("reserved", "已审定", _figure("reserved"), kind=c.WAN),
        Column("transit", "在途", _figure("transit"), kind=c.WAN),
        Column("paid", "已拨付", _figure("paid"), kind=c.WAN),
        Column("allocated", "已下达下级", _figure("allocated"), kind=c.WAN, shown=False),
        Column("receivable", "应收回", _figure("receivable"), kind=c.WAN),
        Column("available", "结余", _figure("available"), kind=c.WAN),
        Column("pack", "政策", "pack_title", clip=True, shown=False),
        Column("payer", "出资", clip=True, shown=False),
    )
    actions = (ListAction("新建专项资金", "programme-new", "plus", MANAGE, primary=True),)
    empty_title = "还没有专项资金"
    empty_hint = "新建一个年度的专项资金，再提出预算安排。"

    def rows(self, access: Access) -> QuerySet[Any]:
        """Within reach."""
        return programmes_for(access)

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Regions, documents and balances."""
        names = names_of_regions(row.region_code for row in rows)
        titles, stands = dict(pack_choices()), balances_of(rows)
        for row in rows:
            row.region_name = names.get(row.region_code, row.region_code)
            row.pack_title = titles.get(row.pack, row.pack)
            row.balances = stands[row.pk]

    def summary(self, rows: QuerySet[Any], count: Count) -> str:
        """Sums of the funds listed."""
        if not count.exact:
            return ""
        stands = balances_of(rows.order_by()).values()
        told = (("预算", "budget"), ("已拨付", "paid"), ("结余", "available"))
        sums = [
            f"{word} {formats.wan(sum(getattr(s, n) for s in stands))} 万元" for word, n in told
        ]
        return "合计：" + "，".join(sums)

    def row_url(self, row: Programme) -> str:
        """The fund."""
        return reverse("programme-detail", args=[row.pk])
