"""两类工作台账: progress, problems, who answers and when anything was last recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator

from jigai.core.access import Access, Denied, requires
from jigai.core.access.scoping import region_prefix
from jigai.core.screens import formats
from jigai.core.screens import list_columns as c
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import (
    RegionField,
    below,
    choice,
    search,
    words_field,
    year_field,
)
from jigai.core.screens.list_page import ListAction, ListPage
from jigai.core.screens.list_state import ListState
from jigai.core.screens.place_filter import PlaceFilters
from jigai.core.templatetags.house import status as badge
from jigai.core.views.form_page import FormPage
from jigai.policies.addressees import reaches
from jigai.projects.library.access import VIEW
from jigai.projects.library.forms import RemindForm
from jigai.projects.library.ledgers import (
    OVER,
    PERIOD,
    late,
    ledger_rows,
    ledgers,
    progress_of,
)
from jigai.projects.library.problems import open_problems
from jigai.projects.library.services.remind_late import remind_late
from jigai.projects.library.views.common import name_places
from jigai.projects.models import MonthlyReport, Project
from jigai.projects.states import STATES
from jigai.projects.words import NATURES
from jigai.projects.work.access import MANAGE, responsible_for


class LedgerFilters(PlaceFilters):
    """Which ledger, place, year, stage, and what is late."""

    ledger = choice("台账", [(one.key, one.name) for one in ledgers().values()])
    q = words_field("项目", "项目名称、单位、编号或代码")
    region = RegionField()
    year = year_field("入账年度")
    state = choice("阶段", STATES.items())
    days = forms.IntegerField(label="更新周期（天）", required=False, min_value=1, max_value=3660)
    late = choice("更新", [("yes", "超期没有更新")])
    field_order = ("ledger", "q", "region", "year", "state", "days", "late")

    def by_ledger(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """By the nature of construction."""
        return rows.filter(ledgers()[value].condition)

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Any part of name, owner, number or code."""
        return search(rows, value, codes=("number", "code", "name", "enterprise_raw"))

    def by_region(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The region and below."""
        return below(rows, "region_code", value)

    def by_year(self, rows: QuerySet[Any], value: int) -> QuerySet[Any]:
        """In the ledger of a year."""
        return rows.filter(ledger_years__contains=[value])

    def by_days(self, rows: QuerySet[Any], value: int) -> QuerySet[Any]:
        """Alone it narrows nothing; the condition on lateness reads it."""
        return rows

    def by_late(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Nothing recorded within the period."""
        return late(rows, self.cleaned_data.get("days") or PERIOD)


class LedgerList(ListPage):
    """Both ledgers: one record, two views."""

    page = "library-ledger"
    url_name = "library-ledger"
    title = "项目工作台账"
    note = f"两类台账是同一条记录的两种看法；更新周期文件没有写（读法 G16），不填按 {PERIOD} 天"
    capability = VIEW
    filters = LedgerFilters
    fields_shown = 4
    actions = (
        ListAction("提醒责任人", "library-ledger-remind", "bell", MANAGE),
        ListAction("规划与项目", "library-plans", "target", VIEW),
    )
    empty_title = "台账里还没有项目"
    empty_hint = "先导入技改项目台账，或换一个条件"
    columns = (
        Column("name", "项目名称", link=True, clip=True, width=40),
        Column("owner", "项目单位", "owner_name", clip=True, width=30),
        Column("place", "所属地区", "place_name", sort="region_code"),
        Column("nature", "建设性质", lambda row: NATURES.get(row.nature or "", "建设性质不明")),
        Column("state", "阶段", choices=STATES),
        Column("progress", "进展", "progress_words", clip=True, width=40),
        Column("problems", "问题（未销号）", "problems", kind=c.WHOLE),
        Column("duty", "责任人", "duty_name"),
        Column("touched", "更新时间", kind=c.MOMENT, sort="touched"),
        Column("told", "更新", lambda row: badge(*row.told), kind=c.HTML,
               plain=lambda row: row.told[1]),
        Column("number", "项目编号", sort="number", shown=False, width=22),
        Column("total", "总投资", "total_fen", kind=c.WAN, sort="total_fen", shown=False),
    )  # fmt: skip

    def rows(self, access: Access) -> QuerySet[Any]:
        """Projects that count."""
        return ledger_rows(access)

    def shown(self, access: Access, state: ListState) -> dict[str, Any]:
        """Whose problems are counted."""
        self.access = access
        return super().shown(access, state)

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Names, progress, problems and people; a fixed number of queries."""
        name_places(rows)
        keys = [row.pk for row in rows]
        reports = progress_of(keys)
        problems = open_problems(getattr(self, "access", Access(user=None)), keys)
        duties = responsible_for(list(rows), timezone.localdate())
        given = str(state.query.get("days", ""))
        days = int(given) if given.isdigit() and len(given) < 5 else PERIOD
        for row in rows:
            row.progress_words = _progress(row, reports.get(row.pk))
            row.problems = problems.get(row.pk, 0)
            person = duties.get(row.pk)
            row.duty_name = str(person) if person else ""
            row.told = _freshness(row, days)

    def row_url(self, row: Any) -> str:
        """The project."""
        return reverse("project-detail", args=[row.pk])


def _progress(row: Project, report: MonthlyReport | None) -> str:
    if report is None:
        return row.stage or ""
    done = report.cumulative_fen
    money = f"累计 {formats.wan(done)} 万元" if done is not None else "没有报数"
    return f"{report.year}-{report.month:02d} {money}" + (
        f"，{report.progress}" if report.progress else ""
    )


def _freshness(row: Any, days: int) -> tuple[str, str]:
    if row.state in OVER:
        return "neutral", "不用更新"
    gone = (timezone.now() - row.touched) // dt.timedelta(days=1)
    return ("ok", f"{gone} 天前") if gone <= days else ("warning", f"{gone} 天没有更新")


@method_decorator(requires(MANAGE), name="dispatch")
class Remind(FormPage):
    """Tell whoever answers for what is late."""

    form_class = RemindForm
    title, submit, done = "提醒责任人更新台账", "发提醒", ""
    note = "每人每月一条，写明有几个项目超期；没有责任人的发给当地的经办人"
    above = ("项目工作台账", "library-ledger")

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Within one's own region."""
        home = request.access.home_region or ""
        if not home or not reaches(request.access, MANAGE, home):
            raise Denied("no-region", "您的授权不限于一个地区", "由当地的部门发提醒")
        count = remind_late(days=values["days"], region=region_prefix(home))
        messages.success(
            request, f"已提醒 {count} 人" if count else "没有要提醒的，或本月已经提醒过"
        )
        return reverse("library-ledger")
