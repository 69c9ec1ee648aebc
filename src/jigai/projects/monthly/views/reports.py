"""Reports as a list, on a project's page, and what a person says about a doubtful one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET

from jigai.core.access import Access, requires
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
from jigai.core.screens.list_page import Count, ListAction, ListPage
from jigai.core.screens.list_state import ListState
from jigai.core.selectors_regions import names_of_regions
from jigai.core.views.form_page import FormPage
from jigai.projects.models import MonthlyReport
from jigai.projects.monthly.access import FILL, VIEW, projects_to_fill, reports_for
from jigai.projects.monthly.services.accept_proposal import confirm_report, proposal_of
from jigai.projects.monthly.told import SHORT, flag_words, yuan
from jigai.projects.selectors import projects_for

MONTHS = [(str(month), f"{month} 月") for month in range(1, 13)]


class ReportFilters(ListFilters):
    """Project, region, year and month, what is odd."""

    lookups = {"year": "year", "month": "month", "flag": "flags__contains"}
    q = words_field("项目", "项目名称或单位")
    year = year_field()
    month = choice("月份", MONTHS)
    region = RegionField()
    flag = choice("问题", SHORT.items())
    answered = choice("核实", [("open", "待确认"), ("held", "不采用"), ("done", "已说明")])

    def by_q(self, rows: Any, value: str) -> Any:
        """Any part of the names."""
        wanted = Q(project__name__icontains=value) | Q(project__enterprise_raw__icontains=value)
        return rows.filter(wanted)

    def by_flag(self, rows: Any, value: str) -> Any:
        """Reports with this finding."""
        return rows.filter(flags__contains=[value])

    def by_region(self, rows: Any, value: str) -> Any:
        """The region and below, as it was then."""
        return below(rows, "region_code", value)

    def by_answered(self, rows: Any, value: str) -> Any:
        """Whether somebody has answered the findings."""
        if value == "held":
            return rows.filter(accepted=False)
        doubtful = rows.filter(accepted=True).exclude(flags=[])
        return doubtful.filter(confirmed="") if value == "open" else doubtful.exclude(confirmed="")


class ReportList(ListPage):
    """月报明细."""

    page = "monthly-reports"
    title = "月报明细"
    capability = VIEW
    url_name = "monthly-report-list"
    filters = ReportFilters
    actions = (
        ListAction("月报期", "monthly-period-list", "calendar"),
        ListAction("导入月报", "import-new", "file-import", "project.import", primary=True),
    )
    empty_title = "还没有月报"
    empty_hint = "导入月度投资报表，或者开月报期后由企业填报；只显示您的数据权限之内的。"
    columns = (
        Column("project", "项目", "project.name", link=True, clip=True, width=40),
        Column("enterprise", "项目单位", "project.enterprise_raw", clip=True, width=36),
        Column("period", "月份", lambda row: f"{row.year} 年 {row.month} 月"),
        Column("region", "当时属地", "region_name", sort="region_code"),
        Column("current", "本月完成", "current_fen", kind=kinds.MONEY, sort="current_fen"),
        Column("cumulative", "自年初累计", "cumulative_fen", kind=kinds.MONEY,
               sort="cumulative_fen"),
        Column("accepted", "采用", kind=kinds.FLAG),
        Column("flags", "问题", lambda row: "、".join(flag_words(code) for code in row.flags)),
        Column("confirmed", "情况说明", clip=True),
        Column("origin", "来源", choices=dict(MonthlyReport.Origin.choices)),
        Column("progress", "形象进度", clip=True, shown=False),
        Column("created_at", "报送时间", kind=kinds.MOMENT, shown=False),
    )  # fmt: skip

    def rows(self, access: Access) -> QuerySet[Any]:
        """Reports within reach."""
        return reports_for(access).select_related("project").defer("project__search")

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Names of regions."""
        names = names_of_regions(row.region_code for row in rows)
        for row in rows:
            row.region_name = names.get(row.region_code, row.region_code)

    def row_url(self, row: Any) -> str:
        """The report."""
        return reverse("monthly-report", args=[row.pk])

    def row_css(self, row: Any) -> str:
        """What does not count."""
        return "" if row.accepted else "is-off"

    def summary(self, rows: QuerySet[Any], count: Count) -> str:
        """How many count."""
        return f"其中采用 {rows.filter(accepted=True).count():,} 条" if count.exact else ""


class ConfirmForm(forms.Form):
    """Why the figures hold."""

    reason = forms.CharField(
        label="情况说明", max_length=400, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明为什么数据无误，例如退货冲减、竣工决算调整",
    )  # fmt: skip


@method_decorator(requires(VIEW), name="dispatch")
class ReportPage(FormPage):
    """One report: its figures, its findings, the proposal, and the word of a person."""

    form_class = ConfirmForm
    template_name = "projects/monthly/report.html"
    title = "月报"
    submit = "确认无误"
    done = "已记下情况说明"
    columns = 1
    above = ("月报明细", "monthly-report-list")

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The report."""
        rows = reports_for(request.access).select_related("project", "created_by", "batch")
        self.report = get_object_or_404(rows, pk=kwargs["pk"])
        self.proposal = proposal_of(self.report)

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Store the reason."""
        confirm_report(
            report=self.report.pk, reason=values["reason"], by=request.user, access=request.access
        )
        return reverse("monthly-report", args=[self.report.pk])

    def context(self, request: Any) -> dict[str, Any]:
        """What is to be said of the report."""
        one = self.report
        mine = projects_to_fill(request.access).filter(pk=one.project_id).exists()
        return {
            "report": one, "project": one.project, "proposal": self.proposal,
            "heading": f"{one.project.name}：{one.year} 年 {one.month} 月",
            "flags": [flag_words(code) for code in one.flags],
            "written": [
                (label, yuan(one.written.get(name)))
                for name, label in (("current", "本月完成"), ("cumulative", "自年初累计"))
            ] if not one.accepted else [],
            "may_fill": mine and request.access.can(FILL),
            "back": reverse("monthly-report-list"),
            "fill_url": reverse("monthly-fill", args=[one.project_id, one.year, one.month]),
        }  # fmt: skip


@requires(VIEW)
@require_GET
def of_project(request: Any, pk: int) -> HttpResponse:
    """The part of a project's page with its months."""
    get_object_or_404(projects_for(request.access), pk=pk)
    rows = list(reports_for(request.access).filter(project=pk).order_by("-year", "-month")[:37])
    for row in rows:
        row.flag_words = [flag_words(code) for code in row.flags]
    context = {"reports": rows[:36], "more": len(rows) > 36, "project": pk}
    return render(request, "projects/monthly/of_project.html", context)


def given_fen(request: Any, name: str) -> int | None:
    """A figure the form carried, ``None`` for an empty one; else raises ``Http404``."""
    text = request.POST.get(name, "")
    if not text:
        return None
    if not text.lstrip("-").isdecimal() or len(text) > 18:
        raise Http404
    return int(text)
