"""Lists of rounds and of topics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from jigai.core.access import Access
from jigai.core.screens import list_columns as kinds
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import (
    ListFilters,
    RegionField,
    below,
    choice,
    words_field,
    year_field,
)
from jigai.core.screens.list_page import ListAction, ListPage
from jigai.core.screens.list_state import ListState
from jigai.core.selectors_regions import names_of_regions
from jigai.funding.models import CaseTopic, Round
from jigai.funding.rounds.access import MANAGE, VIEW, rounds_for, topics_for
from jigai.funding.rounds.words import LOOK_WORDS, LOOKS, TOPIC_LOOKS, TOPIC_WORDS


class RoundFilters(ListFilters):
    """Words, state, way, region, year."""

    lookups = {"state": "state", "mode": "mode", "year": "year"}
    q = words_field("名称或编号")
    state = choice("状态", Round.State.choices)
    mode = choice("方式", Round.Mode.choices)
    region = RegionField()
    year = year_field()

    def by_q(self, rows: Any, value: str) -> Any:
        """Part of the name, or the number."""
        return rows.filter(Q(name__icontains=value.strip()) | Q(number=value.strip()))

    def by_region(self, rows: Any, value: str) -> Any:
        """The region and below."""
        return below(rows, "region_code", value)


class RoundList(ListPage):
    """申报批次."""

    page = "rounds"
    title = "申报批次"
    capability = VIEW
    url_name = "round-list"
    filters = RoundFilters
    actions = (ListAction("新建批次", "round-new", "plus", MANAGE, primary=True),)
    empty_title = "还没有申报批次"
    empty_hint = "先有专项资金和已安装的政策文件，再新建批次。"
    columns = (
        Column("name", "名称", link=True, sort="name", width=36),
        Column("number", "编号", sort="number"),
        Column("state", "状态", lambda row: LOOKS[row.state], kind=kinds.STATUS,
               choices=LOOK_WORDS, sort="state"),
        Column("mode", "方式", choices=dict(Round.Mode.choices)),
        Column("year", "年度", sort="year"),
        Column("opens", "开始", "opens_at", kind=kinds.MOMENT, sort="opens_at"),
        Column("closes", "截止", "closes_at", kind=kinds.MOMENT, sort="closes_at"),
        Column("handed_in", "已提交", kind=kinds.WHOLE),
        Column("programme", "专项资金", "programme.name", clip=True),
        Column("pack", "政策文件", "pack.title", clip=True, shown=False),
        Column("region", "地区", "region_name", sort="region_code", shown=False),
        Column("batch", "批次", kind=kinds.WHOLE, shown=False),
    )  # fmt: skip

    def rows(self, access: Access) -> QuerySet[Any]:
        """Rounds within reach."""
        return rounds_for(access).select_related("programme", "pack").defer("pack__files")

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """How many were handed in, and names of regions."""
        handed = Count("applications", filter=~Q(applications__state__in=("draft", "signing")))
        counts = dict(
            Round.objects.filter(pk__in=[row.pk for row in rows])
            .annotate(handed=handed).order_by().values_list("pk", "handed")
        )  # fmt: skip
        names = names_of_regions(row.region_code for row in rows)
        for row in rows:
            row.handed_in = counts.get(row.pk, 0)
            row.region_name = names.get(row.region_code, row.region_code)

    def row_url(self, row: Any) -> str:
        """The round."""
        return reverse("round-detail", args=[row.pk])


class TopicFilters(ListFilters):
    """Words and state."""

    lookups = {"state": "state"}
    q = words_field("议题、企业或编号")
    state = choice("状态", CaseTopic.State.choices)

    def by_q(self, rows: Any, value: str) -> Any:
        """Part of the title or the enterprise, or the number."""
        wanted = value.strip()
        found = Q(title__icontains=wanted) | Q(enterprise__name__icontains=wanted)
        return rows.filter(found | Q(number=wanted))


class TopicList(ListPage):
    """一事一议."""

    page = "topics"
    title = "一事一议"
    note = "金额由会议议定，不套公式；议题、材料、会议决定、兑现都留档"
    capability = VIEW
    url_name = "topic-list"
    filters = TopicFilters
    actions = (ListAction("新建议题", "topic-new", "plus", MANAGE, primary=True),)
    empty_title = "还没有一事一议的议题"
    empty_hint = "先开一个“一事一议”批次，再从这里新建议题。"
    columns = (
        Column("title", "议题", link=True, clip=True, width=36),
        Column("number", "编号", sort="number"),
        Column("enterprise", "企业", "enterprise.name", clip=True, sort="enterprise__name"),
        Column("clause", "条款"),
        Column("state", "状态", lambda row: TOPIC_LOOKS[row.state], kind=kinds.STATUS,
               choices=TOPIC_WORDS, sort="state"),
        Column("meeting", "会议", clip=True),
        Column("met_on", "会议日期", kind=kinds.DAY, sort="met_on"),
        Column("amount", "议定金额", "amount_fen", kind=kinds.MONEY, sort="amount_fen"),
        Column("round", "批次", "round.name", clip=True, shown=False),
    )  # fmt: skip

    def rows(self, access: Access) -> QuerySet[Any]:
        """Topics within reach."""
        return topics_for(access).select_related("enterprise", "round").defer("enterprise__search")

    def row_url(self, row: Any) -> str:
        """The topic."""
        return reverse("topic-detail", args=[row.pk])
