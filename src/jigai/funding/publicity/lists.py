"""Lists of public notices and of objections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse

from jigai.core.access import Access
from jigai.core.screens import list_columns as kinds
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import ListFilters, RegionField, below, choice, words_field
from jigai.core.screens.list_page import ListPage
from jigai.core.screens.list_state import ListState
from jigai.funding.models import Objection, Publicity, PublicityLine
from jigai.funding.publicity.access import MANAGE, VIEW, objections_for, publicities_for

LOOKS: dict[Any, str] = {
    Publicity.State.RUNNING: "info", Publicity.State.ENDED: "pending",
    Publicity.State.ARCHIVED: "closed",
}  # fmt: skip
LOOK_WORDS = {LOOKS[code]: str(word) for code, word in Publicity.State.choices}
ROW_LOOKS = {"running": "info", "held": "warning", "cleared": "done", "changed": "changed",
             "dropped": "removed"}  # fmt: skip
OBJECTION_LOOKS = {"open": "open", "upheld": "confirmed", "rejected": "rejected"}
OBJECTION_WORDS = {OBJECTION_LOOKS[str(code)]: word for code, word in Objection.State.choices}


class PublicityFilters(ListFilters):
    """Words, state, region."""

    lookups = {"state": "state"}
    q = words_field("标题或编号")
    state = choice("状态", Publicity.State.choices)
    region = RegionField()

    def by_q(self, rows: Any, value: str) -> Any:
        """Part of the title, or the number."""
        return rows.filter(Q(title__icontains=value.strip()) | Q(number=value.strip()))

    def by_region(self, rows: Any, value: str) -> Any:
        """The region and below."""
        return below(rows, "region_code", value)


class PublicityList(ListPage):
    """公示."""

    page = "publicities"
    title = "公示"
    note = "公示页面对外公开；从批次的“公示”一栏发布"
    capability = VIEW
    url_name = "publicity-list"
    filters = PublicityFilters
    empty_title = "还没有公示"
    empty_hint = "名单审定通过以后，从批次的“公示”一栏发布。"
    columns = (
        Column("title", "公示", link=True, clip=True, width=40),
        Column("number", "编号", sort="number"),
        Column("state", "状态", lambda row: LOOKS[row.state], kind=kinds.STATUS,
               choices=LOOK_WORDS, sort="state"),
        Column("starts_on", "开始", kind=kinds.DAY, sort="starts_on"),
        Column("ends_on", "截止", kind=kinds.DAY, sort="ends_on"),
        Column("provisional", "日历待定", kind=kinds.FLAG, shown=False),
        Column("lines", "行数", "line_count", kind=kinds.WHOLE),
        Column("held", "异议中", "held_count", kind=kinds.WHOLE),
        Column("fen", "合计", "fen", kind=kinds.MONEY),
        Column("round", "批次", "round.name", clip=True),
    )  # fmt: skip

    def rows(self, access: Access) -> QuerySet[Any]:
        """Notices of rounds within reach."""
        return publicities_for(access).select_related("round")

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """How many rows and how much, one query."""
        held = Count("pk", filter=Q(state=PublicityLine.State.HELD))
        found = {
            row["publicity"]: row
            for row in PublicityLine.objects.filter(publicity__in=[row.pk for row in rows])
            .order_by().values("publicity")
            .annotate(n=Count("pk"), held=held, fen=Sum("amount_fen"))
        }  # fmt: skip
        for row in rows:
            told = found.get(row.pk, {"n": 0, "held": 0, "fen": 0})
            row.line_count, row.held_count, row.fen = told["n"], told["held"], int(told["fen"])

    def row_url(self, row: Any) -> str:
        """The notice."""
        return reverse("publicity-detail", args=[row.pk])


class ObjectionFilters(ListFilters):
    """Words and state."""

    lookups = {"state": "state"}
    q = words_field("单位、项目或办件编号")
    state = choice("状态", Objection.State.choices)

    def by_q(self, rows: Any, value: str) -> Any:
        """Part of a name or project, or the number of the case."""
        wanted = value.strip()
        found = Q(line__name__icontains=wanted) | Q(line__title__icontains=wanted)
        return rows.filter(found | Q(case__number=wanted))


class ObjectionList(ListPage):
    """公示异议."""

    page = "objections"
    title = "公示异议"
    note = "受理、核查、答复在办件里办；一行有异议只暂停这一行"
    capability = MANAGE
    url_name = "objection-list"
    filters = ObjectionFilters
    empty_title = "没有公示异议"
    empty_hint = "异议从公示页面提出，不用登录。"
    columns = (
        Column("name", "单位", "line.name", link=True, clip=True),
        Column("project", "项目", "line.title", clip=True),
        Column("state", "状态", lambda row: OBJECTION_LOOKS[row.state], kind=kinds.STATUS,
               choices=OBJECTION_WORDS, sort="state"),
        Column("published", "公示金额", "line.amount_fen", kind=kinds.MONEY),
        Column("amount", "更正金额", "amount_fen", kind=kinds.MONEY),
        Column("case", "办件", "case.number"),
        Column("notice", "公示", "line.publicity.number"),
        Column("at", "收到时间", "created_at", kind=kinds.MOMENT, sort="created_at"),
        Column("answer", "答复", clip=True, shown=False),
    )  # fmt: skip

    def rows(self, access: Access) -> QuerySet[Any]:
        """Objections within reach."""
        rows = objections_for(access).select_related("line__publicity", "case")
        return rows.defer("case__search")

    def row_url(self, row: Any) -> str:
        """Its case."""
        return reverse("case-detail", args=[row.case.number])
