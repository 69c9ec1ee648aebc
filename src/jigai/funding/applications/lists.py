"""申报: one list for both sides; an enterprise sees its own, the administration its region's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.platform_calendar import platform_calendar
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
from jigai.funding.applications.clock import clock_of
from jigai.funding.applications.selectors import applications_for, own_enterprises
from jigai.funding.models import Application, Round

STATES = dict(Application.State.choices)
# The amount that counts now: the latest there is.
STANDING = Coalesce("decided_fen", "reviewed_fen", "computed_fen", "estimate_fen")


class ApplicationFilters(ListFilters):
    """Words; round, state, measure, place, what waits to be worked out, amount."""

    lookups = {"round": "round", "state": "state", "year": "round__year"}
    q = words_field("编号、名称或申报单位")
    round = choice("批次", ())
    state = choice("状态", Application.State.choices)
    measure = words_field("措施")
    region = RegionField()
    stale = choice("待重算", [("yes", "待重算"), ("no", "不用")])
    amount = choice("金额", [("open", "未定"), ("some", "大于零"), ("none", "为零")])
    mine = choice("我的", [("yes", "本单位的"), ("fill", "本单位还没交的")])
    year = year_field("申报年度")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rounds = Round.objects.order_by("-id").values_list("pk", "name")[:200]
        self.fields["round"].choices = [("", "全部"), *((str(pk), name) for pk, name in rounds)]

    def by_q(self, rows: Any, value: str) -> Any:
        """Part of the number, the title or the applicant's name."""
        found = Q(number__icontains=value) | Q(title__icontains=value)
        return rows.filter(found | Q(enterprise__name__icontains=value))

    def by_measure(self, rows: Any, value: str) -> Any:
        """Part of the measure's name."""
        return rows.filter(measure__name__icontains=value)

    def by_region(self, rows: Any, value: str) -> Any:
        """Applicants registered in a place or below it."""
        return below(rows, "enterprise__region_code", value)

    def by_stale(self, rows: Any, value: str) -> Any:
        """What waits to be worked out anew."""
        return rows.exclude(stale="") if value == "yes" else rows.filter(stale="")

    def by_amount(self, rows: Any, value: str) -> Any:
        """By the amount that counts now."""
        rows = rows.annotate(standing_fen=STANDING)
        if value == "open":
            return rows.filter(standing_fen=None)
        return rows.filter(standing_fen__gt=0) if value == "some" else rows.filter(standing_fen=0)

    def by_mine(self, rows: Any, value: str) -> Any:
        """Those of one's own enterprise."""
        rows = rows.filter(enterprise__in=own_enterprises(self.access))
        return rows.filter(state__in=("draft", "signing")) if value == "fill" else rows


class ApplicationList(ListPage):
    """申报."""

    page = "applications"
    title = "申报"
    note = "金额按最近一步：审定、按审定基数、按申报基数、提交时预估"
    capability = "application.view"
    url_name = "application-list"
    filters = ApplicationFilters
    fields_shown = 5
    actions = (
        ListAction("待签署协议", "agreement-list", "pencil", "application.apply"),
        ListAction("可申报", "application-open", "plus", "application.apply", primary=True),
    )
    empty_title = "还没有申报"
    empty_hint = "开放的批次在“可申报”里；提交之前只有本单位看得到"
    columns = (
        Column("number", "编号", link=True, sort="number", width=24),
        Column("title", "名称", clip=True, width=36),
        Column("enterprise", "申报单位", "enterprise.name", clip=True, width=30),
        Column("round", "批次", "round.name", clip=True),
        Column("measure", "措施", "measure.name"),
        Column("state", "状态", lambda row: row.state, kind=kinds.STATUS, choices=STATES,
               sort="state"),
        Column("claimed", "申报基数", "claimed_fen", kind=kinds.MONEY, shown=False),
        Column("amount", "金额", "standing_fen", kind=kinds.MONEY),
        Column("paid", "已拨付", "paid_fen", kind=kinds.MONEY, shown=False),
        Column("promised_on", "承诺到账", kind=kinds.DAY, sort="promised_on"),
        Column("clock", "还有（工作日）", lambda row: row.clock.days if row.clock else None,
               kind=kinds.WHOLE),
        Column("stale", "待重算", clip=True, shown=False),
        Column("region", "所属地区", "region_name", shown=False),
        Column("submitted_at", "提交时间", kind=kinds.MOMENT, sort="submitted_at", shown=False),
    )  # fmt: skip

    def rows(self, access: Access) -> QuerySet[Any]:
        """Applications within reach."""
        rows = applications_for(access).annotate(standing_fen=STANDING)
        return rows.select_related("enterprise", "round", "measure").defer(
            "values", "evidence", "search", "round__readings", "measure__fields",
            "measure__evidence",
        )  # fmt: skip

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Clocks and names of places."""
        calendar, today = platform_calendar(), timezone.localdate()
        names = names_of_regions(row.enterprise.region_code for row in rows)
        for row in rows:
            row.clock = clock_of(row, calendar, today)
            row.region_name = names.get(row.enterprise.region_code, "")

    def row_url(self, row: Any) -> str:
        """The form while it is filled in by oneself, else its page."""
        return reverse("application-detail", args=[row.pk])

    def row_css(self, row: Any) -> str:
        """What is over is faint."""
        return "is-off" if row.state in ("withdrawn", "refused") else ""


def register_bulk(*actions: Any) -> None:
    """Add bulk actions (of the review) to the list of applications; called when rooms load."""
    known = {action.key for action in ApplicationList.bulk}
    ApplicationList.bulk = (
        *ApplicationList.bulk, *(a for a in actions if a.key not in known),
    )  # fmt: skip
