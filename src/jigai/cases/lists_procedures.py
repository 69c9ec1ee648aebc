"""The list of procedures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from jigai.cases.access import DESIGN
from jigai.cases.flow.shapes import APPLICANTS, KINDS
from jigai.cases.models import CaseProcedure
from jigai.cases.selectors_procedures import (
    SEE,
    CaseCounts,
    counts_of,
    stated_days,
    visible_procedures,
)
from jigai.core.access import Access
from jigai.core.screens import list_columns as c
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import ListFilters, RegionField, below, choice, words_field
from jigai.core.screens.list_page import ListAction, ListPage
from jigai.core.screens.list_state import ListState
from jigai.core.selectors_regions import names_of_regions

# The badge says the words of the state, whatever the code's own label is elsewhere.
_LOOKS = {str(code): str(word) for code, word in CaseProcedure.State.choices}


class ProcedureFilters(ListFilters):
    """Procedures by words, kind, applicant, region and state."""

    q = words_field("名称或单位")
    kind = choice("类别", KINDS.items())
    applicant = choice("申请人", APPLICANTS.items())
    region = RegionField("办理地区")
    state = choice("状态", CaseProcedure.State.choices)

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of the name, the owner or the summary; or the code."""
        wanted = Q(name__icontains=value) | Q(owner__icontains=value)
        return rows.filter(wanted | Q(summary__icontains=value) | Q(code=value))

    def by_region(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Carried out in the region or below."""
        return below(rows, "region_code", value)


class ProcedureList(ListPage):
    """Every procedure the person may open."""

    page = "procedures"
    url_name = "procedure-list"
    title = "办事方式"
    note = "谁能办、要什么材料、走哪些步骤、每步几天；发布后新办件即按它办"
    capability = SEE
    filters = ProcedureFilters
    default_sort = "name"
    columns = (
        Column("name", "名称", link=True, sort="name", clip=True),
        Column("kind", "类别", choices=KINDS, sort="kind"),
        Column("applicant", "申请人", choices=APPLICANTS, sort="applicant"),
        Column("region", "办理地区", lambda row: row.region_name),
        Column("owner", "主管单位", clip=True),
        Column("days", "总时限（工作日）", lambda row: row.stated, kind=c.WHOLE),
        Column("running", "办理中", lambda row: row.counts.running, kind=c.WHOLE),
        Column("late", "超期", lambda row: row.counts.late, kind=c.WHOLE),
        Column("done", "已办结", lambda row: row.counts.done, kind=c.WHOLE),
        Column("number", "版次", "current.number", kind=c.WHOLE),
        Column("state", "状态", kind=c.STATUS, choices=_LOOKS, sort="state"),
        Column("clause", "条款", clip=True, shown=False),
        Column("summary", "说明", clip=True, shown=False),
        Column("code", "代号", shown=False),
        Column("published_at", "发布时间", "current.published_at", kind=c.MOMENT, shown=False),
    )
    actions = (ListAction("新建办事方式", "procedure-new", "plus", DESIGN, primary=True),)
    empty_title = "还没有办事方式"
    empty_hint = "随版本提供的在升级后出现，也可以自己新建"

    def rows(self, access: Access) -> QuerySet[Any]:
        """What the person may open."""
        return visible_procedures(access).select_related("current")

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Numbers of cases, limits and names of regions."""
        names = names_of_regions(row.region_code for row in rows)
        counts = counts_of(row.pk for row in rows)
        for row in rows:
            row.counts = counts.get(row.pk, CaseCounts())
            row.stated = stated_days(row.spec) or None
            row.region_name = names.get(row.region_code, row.region_code) or "全国"

    def row_url(self, row: CaseProcedure) -> str:
        """The procedure."""
        return reverse("procedure-detail", args=[row.code])

    def row_css(self, row: CaseProcedure) -> str:
        """Retired ones are grey."""
        return "is-off" if row.state == CaseProcedure.State.RETIRED else ""
