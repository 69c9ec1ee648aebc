"""The register of public money from elsewhere."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet, Sum
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
from jigai.funding.elsewhere.access import KEEP, VIEW, funding_for
from jigai.funding.elsewhere.words import KINDS, LEVELS, LOOKS
from jigai.funding.models import OtherFunding

_WORDS = {LOOKS[code]: word for code, word in OtherFunding.State.choices}


class FundingFilters(ListFilters):
    """Enterprise or programme, state, kind, level, year."""

    q = words_field("企业、资金名称或发票号码")
    state = choice("状态", OtherFunding.State.choices)
    kind = choice("类别", KINDS.items())
    level = choice("层级", LEVELS.items())
    region = RegionField()
    year = year_field()
    lookups = {"state": "state", "kind": "kind", "level": "level", "year": "year"}

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of the enterprise or programme, or a whole invoice number."""
        text = value.strip()
        wanted = Q(enterprise__name__icontains=text) | Q(programme__icontains=text)
        return rows.filter(wanted | Q(invoices__contains=[text]))

    def by_region(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The region and below."""
        return below(rows, "region_code", value)


class FundingList(ListPage):
    """其他财政资金."""

    page = "other-funding"
    url_name = "other-funding-list"
    title = "其他财政资金"
    note = "上级和其他部门的资金，从争取到到账；到账后本级不重复补"
    capability = VIEW
    filters = FundingFilters
    columns = (
        Column("programme", "资金名称", link=True, clip=True),
        Column("enterprise", "企业", "enterprise.name", clip=True),
        Column("project", "项目", lambda row: row.project.name if row.project else "", clip=True),
        Column("kind", "类别", choices=KINDS),
        Column("level", "层级", choices=LEVELS),
        Column("state", "状态", lambda row: LOOKS[row.state], kind=c.STATUS, choices=_WORDS,
               sort="state"),
        Column("amount", "金额（元）", "amount_fen", kind=c.MONEY, sort="amount_fen"),
        Column("received", "到账日期", "received_on", kind=c.DAY, sort="received_on"),
        Column("year", "年度", sort="year"),
        Column("document", "文号", clip=True, shown=False),
        Column("source", "来源", clip=True, shown=False),
    )  # fmt: skip
    actions = (
        ListAction("登记", "other-funding-new", "plus", KEEP, primary=True),
        ListAction("导入", "import-new", "file-import", "funding.import"),
        ListAction("疑似重复", "double-list", "copy", KEEP),
    )
    empty_title = "还没有登记其他财政资金"
    empty_hint = "登记企业正在争取或已经得到的上级、其他部门资金，也可以导入表格"

    def rows(self, access: Access) -> QuerySet[Any]:
        """Within reach; an enterprise sees its own."""
        rows = funding_for(access).select_related("enterprise", "project")
        return rows.defer("project__search")

    def row_url(self, row: OtherFunding) -> str:
        """The entry."""
        return reverse("other-funding-detail", args=[row.pk])

    def summary(self, rows: QuerySet[Any], count: Count) -> str:
        """What has arrived."""
        if not count.exact:
            return ""
        fen = rows.filter(state="received").order_by().aggregate(fen=Sum("amount_fen"))["fen"]
        return f"已到账 {formats.wan(int(fen or 0))} 万元"
