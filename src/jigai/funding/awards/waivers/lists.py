"""The list of waivers: what was promised, and what was charged all the same."""

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
from jigai.funding.awards.waivers.access import VIEW, waivers_for
from jigai.funding.models import FeeWaiver

LOOKS = {
    "matched": "pending", "certified": "confirmed", "waived": "done", "charged": "failed",
    "appealed": "running", "refunded": "fixed", "rejected": "rejected",
}  # fmt: skip
WORDS = {LOOKS[str(code)]: str(word) for code, word in FeeWaiver.State.choices}


class WaiverFilters(ListFilters):
    """By enterprise, charge or project; state; region."""

    lookups = {"state": "state"}
    q = words_field("企业、项目或收费项目")
    state = choice("状态", FeeWaiver.State.choices)
    region = RegionField()

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of any of the three."""
        named = rows.filter(enterprise__name__icontains=value)
        return named | rows.filter(charge__icontains=value) | rows.filter(
            project__name__icontains=value
        )  # fmt: skip

    def by_region(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The region and below."""
        return below(rows, "region_code", value)


class WaiverList(ListPage):
    """收费免征."""

    page = "fee-waivers"
    url_name = "waiver-list"
    title = "收费免征"
    note = "符合鼓励方向的项目免收哪些费、有没有落实；在项目页里匹配"
    capability = VIEW
    filters = WaiverFilters
    columns = (
        Column("charge", "收费项目", link=True, clip=True),
        Column("enterprise", "企业", "enterprise.name", clip=True),
        Column("project", "项目", "project.name", clip=True),
        Column("state", "状态", lambda row: LOOKS[row.state], kind=c.STATUS, choices=WORDS,
               sort="state"),
        Column("charged", "实际收取", "charged_fen", kind=c.MONEY),
        Column("refunded", "已退还", lambda row: row.refunded_fen or None, kind=c.MONEY),
        Column("unit", "收费单位", clip=True),
        Column("checked_on", "核查日期", kind=c.DAY, sort="checked_on"),
    )  # fmt: skip
    empty_title = "还没有免征记录"
    empty_hint = "在项目页的“收费免征”里匹配。"

    def rows(self, access: Access) -> QuerySet[Any]:
        """Within reach."""
        return waivers_for(access).select_related("enterprise", "project").defer("project__search")

    def summary(self, rows: QuerySet[Any], count: Count) -> str:
        """What was charged all the same and is not back yet."""
        if not count.exact:
            return ""
        wrong = rows.order_by().aggregate(charged=Sum("charged_fen"), back=Sum("refunded_fen"))
        charged, back = int(wrong["charged"] or 0), int(wrong["back"] or 0)
        return f"免了仍收 {formats.yuan(charged)} 元，已退还 {formats.yuan(back)} 元"

    def row_url(self, row: FeeWaiver) -> str:
        """The waiver."""
        return reverse("waiver-detail", args=[row.pk])
