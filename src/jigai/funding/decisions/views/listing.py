"""审定名单: every version within reach, and the lines of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from jigai.core.access import Access, Reach, scoped
from jigai.core.screens import list_columns as c
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import ListFilters, RegionField, below, choice, words_field
from jigai.core.screens.list_page import ListPage
from jigai.core.screens.list_state import ListState
from jigai.core.selectors_regions import names_of_regions
from jigai.core.templatetags.house import status as badge
from jigai.funding.decisions.access import VIEW, lists_for
from jigai.funding.models import DecisionLine, DecisionList

LOOKS = {"draft": "draft", "submitted": "pending", "approved": "confirmed", "refused": "rejected"}


class DecisionFilters(ListFilters):
    """By round, stage and state."""

    round = words_field("批次")
    stage = choice("环节", DecisionList.Stage.choices)
    state = choice("状态", DecisionList.State.choices)
    region = RegionField()

    def by_round(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of the round's name or number."""
        text = value.strip()
        return rows.filter(round__name__icontains=text) | rows.filter(round__number__icontains=text)

    def by_region(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The region and below."""
        return below(rows, "round__region_code", value)


def state_words(row: DecisionList) -> str:
    """The state, and whether an approved version binds money."""
    word = str(row.get_state_display())
    if row.state != DecisionList.State.APPROVED:
        return word
    return f"{word}，已生效" if row.binding else f"{word}，报下一环节"


class DecisionListList(ListPage):
    """Every version of every list within reach."""

    page = "decision-lists"
    url_name = "decision-list-list"
    title = "审定名单"
    note = "每一版都留着；生效的一版才占用预算"
    capability = VIEW
    filters = DecisionFilters
    empty_title = "还没有审定名单"
    empty_hint = "在批次的审核页拟订名单。"
    columns = (
        Column("round", "批次", "round.name", link=True, clip=True, width=36),
        Column("number", "版次", lambda row: f"第 {row.number} 版"),
        Column("stage", "环节", lambda row: row.get_stage_display()),
        Column("rule", "资金安排", lambda row: row.get_rule_display(), clip=True),
        Column("asked", "审核金额", "asked_fen", kind=c.MONEY, sort="asked_fen"),
        Column("budget", "当时可用预算", "budget_fen", kind=c.MONEY),
        Column("total", "审定金额", "total_fen", kind=c.MONEY, sort="total_fen"),
        Column("state", "状态", lambda row: badge(LOOKS[row.state], state_words(row)),
               kind=c.HTML, plain=state_words),
        Column("region", "地区", "region_name", shown=False),
        Column("made_by", "拟订", "made_by.name"),
        Column("made_at", "拟订时间", kind=c.MOMENT, sort="made_at"),
    )  # fmt: skip

    def rows(self, access: Access) -> QuerySet[Any]:
        """Within reach."""
        return lists_for(access).select_related("round", "made_by").defer("effects", "minutes")

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Names of regions."""
        names = names_of_regions(row.round.region_code for row in rows)
        for row in rows:
            row.region_name = names.get(row.round.region_code, row.round.region_code)

    def row_url(self, row: DecisionList) -> str:
        """The version."""
        return reverse("decision-list-detail", args=[row.pk])

    def row_css(self, row: DecisionList) -> str:
        """Sent back."""
        return "is-off" if row.state == "refused" else ""


class LineFilters(ListFilters):
    """Of one version, by enterprise."""

    lookups = {"list": "decision_list"}
    list = words_field("名单号")
    name = words_field("单位")
    given = choice("安排", [("full", "足额"), ("part", "部分"), ("none", "没有安排")])

    def by_list(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """One version by its key."""
        return rows.filter(decision_list=int(value)) if value.isdigit() else rows.none()

    def by_name(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of the name."""
        return rows.filter(name__icontains=value.strip())

    def by_given(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """In full, in part, nothing."""
        from django.db.models import F

        if value == "none":
            return rows.filter(decided_fen=0)
        if value == "full":
            return rows.filter(decided_fen=F("reviewed_fen"))
        return rows.filter(decided_fen__gt=0, decided_fen__lt=F("reviewed_fen"))


class DecisionLineList(ListPage):
    """Lines of versions."""

    page = "decision-lines"
    url_name = "decision-list-lines"
    title = "审定名单明细"
    capability = VIEW
    filters = LineFilters
    default_sort = "place"
    empty_title = "没有名单行"
    columns = (
        Column("place", "序号", kind=c.WHOLE, sort="place"),
        Column("name", "单位", link=True, clip=True, width=36),
        Column("application", "申报编号", "application.number"),
        Column("title", "项目", "application.title", clip=True, width=36),
        Column("list", "版次", lambda row: f"第 {row.decision_list.number} 版"),
        Column("reviewed", "审核金额", "reviewed_fen", kind=c.MONEY, sort="reviewed_fen"),
        Column("decided", "审定金额", "decided_fen", kind=c.MONEY, sort="decided_fen"),
        Column("remark", "说明", clip=True, width=36),
    )  # fmt: skip

    def rows(self, access: Access) -> QuerySet[Any]:
        """Of lists within reach."""
        reach = Reach(region="decision_list__round__region_code")
        rows = scoped(DecisionLine.objects.all(), access, VIEW, reach)
        return rows.select_related("application", "decision_list").only(
            "place", "name", "reviewed_fen", "decided_fen", "remark", "application__number",
            "application__title", "decision_list__number",
        )  # fmt: skip

    def row_url(self, row: DecisionLine) -> str:
        """The review of the application."""
        return reverse("review-application", args=[row.application_id])
