"""The list of all cases a person may see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from jigai.cases.access import APPLY, HANDLE, VIEW, visible_cases
from jigai.cases.due_words import (
    LIGHT_LOOKS,
    RESULT_LOOKS,
    STATE_LOOKS,
    case_light,
    case_words,
)
from jigai.cases.inbox_filters import CaseFilters
from jigai.cases.inbox_lines import steps_of
from jigai.cases.models import Case
from jigai.cases.viewer import blind_cases
from jigai.core.access import Access
from jigai.core.platform_calendar import platform_calendar
from jigai.core.screens import list_columns as c
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_page import ListPage
from jigai.core.screens.list_state import ListState
from jigai.core.selectors_regions import names_of_regions
from jigai.core.templatetags.house import status as badge


class CaseList(ListPage):
    """Every case within reach, with the light of the whole."""

    page = "cases"
    url_name = "case-list"
    title = "全部办件"
    note = "期限按工作日算，暂停的日子不计"
    capability = (VIEW, HANDLE, APPLY)
    filters = CaseFilters
    columns = (
        Column("light", "期限", lambda row: badge(LIGHT_LOOKS[row.light], row.light_words),
               kind=c.HTML, plain=lambda row: row.light_words),
        Column("number", "编号", link=True),
        Column("title", "名称", link=True, clip=True),
        Column("enterprise", "企业", "enterprise.name", clip=True),
        Column("procedure", "办事方式", "procedure.name", clip=True),
        Column("steps", "在办环节", "running_steps", clip=True),
        Column("state", "状态", lambda row: _state(row), kind=c.HTML,
               plain=lambda row: row.get_state_display()),
        Column("result", "结论", lambda row: row.get_result_display() if row.result else "",
               shown=False),
        Column("accepted_on", "受理日期", kind=c.DAY, sort="accepted_on", shown=False),
        Column("due", "应办结日期", kind=c.DAY, sort="due"),
        Column("closed_on", "办结日期", kind=c.DAY, sort="closed_on", shown=False),
        Column("days", "时限（工作日）", kind=c.WHOLE, shown=False),
        Column("region", "地区", "region_name", shown=False),
        Column("submitted_on", "提交日期", kind=c.DAY, sort="submitted_on", shown=False),
    )  # fmt: skip
    empty_title = "还没有办件"
    empty_hint = "申请、备案、申报和内部审批都在这里办理"

    def rows(self, access: Access) -> QuerySet[Any]:
        """Own ones, those of one's desk, and all within the reach of those who oversee; what
        somebody else is still filling in is theirs alone."""
        self._access = access
        own = [g.enterprise_id for g in access.granting(APPLY) if g.enterprise_id]
        mine = Q(started_by=access.user) | Q(enterprise__in=own)
        return (
            visible_cases(access)
            .filter(~Q(state=Case.State.DRAFT) | mine)
            .select_related("procedure", "enterprise")
            .defer("values")
        )

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Lights, running steps and names of regions."""
        today, calendar = timezone.localdate(), platform_calendar()
        names = names_of_regions(row.region_code for row in rows)
        steps = steps_of([row.pk for row in rows])
        blind = blind_cases(rows, self._access)
        for row in rows:
            if row.pk in blind:
                row.title, row.enterprise = str(row.procedure), None
            row.light = case_light(row, today)
            row.light_words = case_words(row, row.light, today, calendar)
            row.running_steps = steps.get(row.pk, "")
            row.region_name = names.get(row.region_code, row.region_code)

    def row_url(self, row: Case) -> str:
        """The case."""
        return reverse("case-detail", args=[row.number])


def _state(row: Case) -> Any:
    """Once it is over the result says more."""
    if row.result:
        return badge(RESULT_LOOKS[row.result], row.get_result_display())
    return badge(STATE_LOOKS[row.state], row.get_state_display())
