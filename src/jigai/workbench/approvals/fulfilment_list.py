"""履约核查: every look that is due after a conclusion resting on a promise."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from jigai.cases.access import VIEW, visible_cases
from jigai.cases.models import Case, FulfilmentCheck
from jigai.core.access import Access
from jigai.core.screens import list_columns as kinds
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import ListFilters, choice, words_field
from jigai.core.screens.list_page import ListPage

STATES = {
    "late": "逾期未核查", "open": "待核查", "kept": "已履行", "partly": "部分履行",
    "broken": "未履行承诺", "ended": "结论已撤销，不再核查",
}  # fmt: skip
LOOKS = {
    "late": "failed", "open": "open", "kept": "done", "partly": "warning", "broken": "rejected",
    "ended": "closed",
}  # fmt: skip


def state_of(row: FulfilmentCheck) -> str:
    """How a check stands today."""
    if row.result:
        return str(row.result)
    if row.case.state != Case.State.DONE:
        return "ended"
    return "late" if row.due < timezone.localdate() else "open"


class CheckFilters(ListFilters):
    """Words, state."""

    q = words_field("办件或企业")
    state = choice("状态", [(k, w) for k, w in STATES.items() if k != "ended"])

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of the title, the number or the enterprise's name."""
        wanted = Q(case__title__icontains=value) | Q(case__number__startswith=value)
        return rows.filter(wanted | Q(case__enterprise__name__icontains=value))

    def by_state(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Open ones by their day, the others by their result."""
        if value not in ("late", "open"):
            return rows.filter(result=value)
        rows, today = rows.filter(result="", case__state=Case.State.DONE), timezone.localdate()
        return rows.filter(due__lt=today) if value == "late" else rows.filter(due__gte=today)


class FulfilmentList(ListPage):
    """Checks of the cases one may see."""

    page = "fulfilment"
    url_name = "fulfilment-list"
    title = "履约核查"
    note = "承诺审批、先建后验准予以后，到期要去看"
    capability = VIEW
    filters = CheckFilters
    default_sort = "due"
    columns = (
        Column("name", "核查", link=True),
        Column("title", "办件", "case.title", clip=True, width=30),
        Column("enterprise", "企业", "case.enterprise.name", clip=True, width=30),
        Column("procedure", "办事方式", "case.procedure.name", clip=True, shown=False),
        Column("department", "核查单位", "department.name", clip=True),
        Column("due", "应核查日期", kind=kinds.DAY, sort="due"),
        Column("state", "状态", lambda row: LOOKS[state_of(row)], kind=kinds.STATUS,
               choices={LOOKS[k]: w for k, w in STATES.items()}),
        Column("done_on", "核查日期", kind=kinds.DAY, sort="done_on"),
        Column("words", "核查情况", clip=True, shown=False),
        Column("number", "办件编号", "case.number", shown=False),
    )  # fmt: skip
    empty_title = "没有要核查的承诺"
    empty_hint = "承诺审批、先建后验准予以后，按办事方式里写的天数自动排定"

    def rows(self, access: Access) -> QuerySet[Any]:
        """Of visible cases, with what the columns show."""
        rows = FulfilmentCheck.objects.filter(case__in=visible_cases(access))
        return rows.select_related("case__enterprise", "case__procedure", "department").defer(
            "case__search", "case__words"
        )

    def row_url(self, row: FulfilmentCheck) -> str:
        """The check."""
        return reverse("fulfilment-detail", args=[row.pk])
