"""发票: the list, and the lines of one project grouped by class."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_GET

from jigai.core.access import Access, requires
from jigai.core.screens import formats
from jigai.core.screens import list_columns as kinds
from jigai.core.screens.list_columns import Column, link_to
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
from jigai.funding.models import InvoiceLine
from jigai.funding.selectors import lines_for, lines_of_project
from jigai.funding.words import ATTACHED, SCOPES, STATUSES, classes, item_kinds

# More lines than this on a project's page help nobody; the list has them all.
MOST_LINES = 500


class InvoiceFilters(ListFilters):
    """Number, buyer or item; class, state, attachment, duplicates."""

    lookups = {"status": "status", "item_class": "item_class", "year": "year"}
    no = words_field("发票号码")
    item_class = choice("类别", [])
    status = choice("状态", STATUSES.items())
    attached = choice("归集", [("yes", "已归集"), ("no", "未归集")])
    duplicate = choice("重复", [("yes", "重复"), ("no", "不重复"), *SCOPES.items()])
    buyer = words_field("购买方")
    item = words_field("货物名称")
    region = RegionField()
    year = year_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item_class"].choices = [("", "全部"), *classes().items()]

    def by_no(self, rows: Any, value: str) -> Any:
        """The beginning of a number."""
        return rows.filter(invoice_no__startswith=value.strip())

    def by_buyer(self, rows: Any, value: str) -> Any:
        """Any part of the buyer as written."""
        return rows.filter(buyer_raw__icontains=value.strip())

    def by_item(self, rows: Any, value: str) -> Any:
        """Any part of the item."""
        return rows.filter(item__icontains=value.strip())

    def by_region(self, rows: Any, value: str) -> Any:
        """The region and below."""
        return below(rows, "region_code", value)

    def by_attached(self, rows: Any, value: str) -> Any:
        """Whether the line belongs to a project or consortium."""
        nothing = {"project__isnull": True, "consortium__isnull": True}
        return rows.filter(**nothing) if value == "no" else rows.exclude(**nothing)

    def by_duplicate(self, rows: Any, value: str) -> Any:
        """Repeats of an earlier line, by where the earlier one is."""
        if value in SCOPES:
            return rows.filter(duplicate_scope=value)
        return rows.filter(duplicate_of__isnull=value == "no")


def _target(row: Any) -> Any:
    if row.project is not None:
        return link_to(row.project.name, reverse("project-detail", args=[row.project_id]))
    if row.consortium is not None:
        url = reverse("consortium-detail", args=[row.consortium_id])
        return link_to(str(row.consortium), url)
    return format_html('<span class="jg-muted">{}</span>', "未归集")


def _target_name(row: Any) -> str:
    return str(row.project or row.consortium or "未归集")


class InvoiceList(ListPage):
    """发票明细."""

    page = "invoices"
    title = "发票明细"
    capability = "funding.view"
    url_name = "invoice-list"
    filters = InvoiceFilters
    fields_shown = 5
    actions = (ListAction("导入发票", "import-new", "file-import", "funding.import", primary=True),)
    empty_title = "还没有发票"
    empty_hint = "先导入设备购置发票清单；只显示您的数据权限之内的发票。"
    columns = (
        Column("invoice_no", "发票号码", link=True, sort="invoice_no"),
        Column("invoice_code", "发票代码", shown=False),
        Column("date", "开票日期", kind=kinds.DAY, sort="date"),
        Column("buyer", "购买方", "buyer_raw", clip=True, sort="buyer_raw", width=36),
        Column("seller", "销售方", clip=True, shown=False, width=36),
        Column("item", "货物名称", clip=True, width=30),
        Column("spec", "规格型号", clip=True, shown=False),
        Column("item_class", "类别", lambda row: classes().get(row.item_class, row.item_class)),
        Column("item_kind", "细类", lambda row: item_kinds().get(row.item_kind, row.item_kind),
               shown=False),
        Column("status", "状态", choices=STATUSES),
        Column("amount", "不含税金额", "amount_fen", kind=kinds.MONEY, sort="amount_fen"),
        Column("tax", "税额", "tax_fen", kind=kinds.MONEY, shown=False),
        Column("total", "价税合计", "total_fen", kind=kinds.MONEY, sort="total_fen"),
        Column("target", "归集到", _target, kind=kinds.HTML, plain=_target_name, width=36),
        Column("attached_by", "归集方式", choices=ATTACHED, shown=False),
        Column("duplicate", "重复", "duplicate_scope", choices=SCOPES),
        Column("region", "所属地区", "region_name", shown=False),
        Column("year", "年度", sort="year", shown=False),
        Column("source_row", "来源行", kind=kinds.WHOLE, shown=False),
    )  # fmt: skip

    def rows(self, access: Access) -> QuerySet[Any]:
        """Lines within reach, with what they are attached to."""
        return lines_for(access).select_related("project", "consortium").defer("project__search")

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Names of regions."""
        names = names_of_regions(row.region_code for row in rows)
        for row in rows:
            row.region_name = names.get(row.region_code, row.region_code)

    def row_url(self, row: Any) -> str:
        """The line."""
        return reverse("invoice-detail", args=[row.pk])

    def row_css(self, row: Any) -> str:
        """Void and repeated lines do not count."""
        return "is-off" if not counts(row) else ""

    def summary(self, rows: QuerySet[Any], count: Count) -> str:
        """The sum of what is neither void nor repeated."""
        if not count.exact:
            return ""
        kept = rows.exclude(status="void").filter(duplicate_of__isnull=True)
        fen = kept.order_by().aggregate(fen=Sum("amount_fen"))["fen"]
        return f"不含税金额合计 {formats.wan(int(fen or 0))} 万元（作废和重复的不计）"


def counts(line: InvoiceLine) -> bool:
    """Whether a line stands in sums on screen; what a policy counts is for the policy to say."""
    return line.status != "void" and line.duplicate_of_id is None


@dataclass(slots=True)
class ClassGroup:
    """Lines of one class with the sums (fen) of those that count."""

    name: str
    lines: list[InvoiceLine] = field(default_factory=list)

    def _sum(self, name: str) -> int:
        return sum(getattr(line, name) or 0 for line in self.lines if counts(line))

    @property
    def amount(self) -> int:
        """Without tax."""
        return self._sum("amount_fen")

    @property
    def tax(self) -> int:
        """Tax."""
        return self._sum("tax_fen")

    @property
    def total(self) -> int:
        """With tax."""
        return self._sum("total_fen")


def grouped(lines: Iterable[InvoiceLine]) -> list[ClassGroup]:
    """Lines by class, in the order of the classification."""
    order = list(classes())
    groups: dict[str, ClassGroup] = {}
    for line in lines:
        group = groups.setdefault(
            line.item_class, ClassGroup(classes().get(line.item_class, line.item_class))
        )
        line.kind_name = item_kinds().get(line.item_kind, line.item_kind)
        line.status_name = STATUSES.get(line.status, line.status)
        line.scope_name = SCOPES.get(line.duplicate_scope or "", "")
        line.counts = counts(line)
        group.lines.append(line)
    known = [groups[key] for key in order if key in groups]
    return known + [group for key, group in groups.items() if key not in order]


@requires("funding.view")
@require_GET
def of_project(request: Any, pk: int) -> HttpResponse:
    """The part of a project's page with its invoice lines."""
    lines = list(lines_of_project(request.access, pk).order_by("date", "id")[: MOST_LINES + 1])
    groups = grouped(lines[:MOST_LINES])
    everything = ClassGroup("合计", lines[:MOST_LINES])
    context = {"groups": groups, "everything": everything, "more": len(lines) > MOST_LINES}
    return render(request, "funding/of_project.html", context)
