"""年末结转: what would happen, doing it, what was done, and two of them side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET

from jigai.core.access import Access, Denied, requires
from jigai.core.jobs import start_job
from jigai.core.screens import list_columns as c
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import ListFilters, RegionField, below, choice, words_field
from jigai.core.screens.list_page import ListAction, ListPage
from jigai.core.screens.list_state import ListState
from jigai.core.selectors_regions import names_of_regions
from jigai.core.templatetags.house import status as badge
from jigai.core.views.form_page import FormPage
from jigai.errors import JigaiError
from jigai.projects.library.access import (
    ADMIT,
    VIEW,
    level_of_region,
    library_of,
    require_keeper,
    rollovers_for,
)
from jigai.projects.library.codes import Level, Outcome
from jigai.projects.library.compare import compare
from jigai.projects.library.forms import LEVEL_CHOICES, RollOverForm
from jigai.projects.library.jobs import ROLL
from jigai.projects.library.rolling import plan_rollover
from jigai.projects.library.services.roll_over import check_year, lines_of
from jigai.projects.library.window import window_of, words
from jigai.projects.models import RollOverLine
from jigai.projects.states import STATES

_SHOWN = 30
OUTCOME_LOOKS = {Outcome.OUT: "removed", Outcome.KEPT: "ok", Outcome.ADDED: "added"}


class RollOverFilters(ListFilters):
    """Place, level, year."""

    lookups = {"level": "level", "year": "year"}
    region = RegionField()
    level = choice("级别", LEVEL_CHOICES)
    year = forms.IntegerField(label="年度", required=False, min_value=1990, max_value=2100)

    def by_region(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The region and below."""
        return below(rows, "region_code", value)


class RollOverList(ListPage):
    """Every year's end."""

    page = "rollovers"
    url_name = "rollover-list"
    title = "年末结转"
    note = "三年滚动库每年往后移一年：完工移出、续建顺延、新年度补入；每年每个库只结转一次"
    capability = VIEW
    filters = RollOverFilters
    default_sort = "-id"
    actions = (ListAction("年末结转", "rollover-new", "transfer", ADMIT, primary=True),)
    empty_title = "还没有结转过"
    empty_hint = "年末由管库的部门结转；先看清单再办"
    columns = (
        Column("region", "地区", "library_name", link=True),
        Column("level", "级别", choices=dict(LEVEL_CHOICES)),
        Column("year", "年度", lambda row: str(row.year), sort="year"),
        Column("before", "结转前", kind=c.WHOLE),
        Column("moved_out", "移出", kind=c.WHOLE),
        Column("kept", "保留", kind=c.WHOLE),
        Column("added", "新增", kind=c.WHOLE),
        Column("after", "结转后", kind=c.WHOLE),
        Column("by", "办理人", "created_by.name"),
        Column("at", "时间", "created_at", kind=c.MOMENT),
    )  # fmt: skip

    def rows(self, access: Access) -> QuerySet[Any]:
        """Of libraries within reach."""
        return rollovers_for(access).select_related("created_by")

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Names."""
        names = names_of_regions(row.region_code for row in rows)
        for row in rows:
            row.library_name = names.get(row.region_code, row.region_code)

    def row_url(self, row: Any) -> str:
        """Its lines."""
        return reverse("rollover-detail", args=[row.pk])


class LineFilters(ListFilters):
    """Which year's end, what became of the project."""

    lookups = {"rollover": "rollover", "outcome": "outcome"}
    outcome = choice("结果", Outcome.choices)
    q = words_field("编号或名称")
    rollover = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of the number or name."""
        return rows.filter(number__icontains=value) | rows.filter(project__name__icontains=value)


class LineList(ListPage):
    """The lines of one."""

    page = "rollover-lines"
    url_name = "rollover-lines"
    title = "结转明细"
    capability = VIEW
    filters = LineFilters
    default_sort = "number"
    empty_title = "没有明细"
    empty_hint = "从结转单打开"
    columns = (
        Column("number", "项目编号", sort="number", width=22),
        Column("name", "项目名称", "project.name", link=True, clip=True, width=40),
        Column("outcome", "结果", lambda row: badge(OUTCOME_LOOKS[row.outcome],
               row.get_outcome_display()), kind=c.HTML,
               plain=lambda row: row.get_outcome_display()),
        Column("state", "当时阶段", choices=STATES),
        Column("reason", "理由", clip=True, width=40),
    )  # fmt: skip

    def rows(self, access: Access) -> QuerySet[Any]:
        """Of year's ends within reach."""
        rows = RollOverLine.objects.filter(rollover__in=rollovers_for(access).order_by())
        return rows.select_related("project").defer("project__search")

    def row_url(self, row: Any) -> str:
        """The project as it stands now."""
        return reverse("project-detail", args=[row.project_id])


@method_decorator(requires(ADMIT), name="dispatch")
class NewRollOver(FormPage):
    """First what would happen, then, confirmed, the work."""

    form_class = RollOverForm
    template_name = "projects/library/rollover_new.html"
    title, submit, done = "年末结转", "下一步：看清单", ""
    note = "一次办完整个库；办之前先看清单，同一年度不能办第二次"
    above = ("年末结转", "rollover-list")

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """One's own library and the year that closes next."""
        if data is not None:
            return RollOverForm(data)
        home = request.access.home_region or ""
        first: dict[str, Any] = {"add": True, "year": timezone.localdate().year}
        if home:
            level = level_of_region(home)
            region = library_of(home, level)
            first |= {"region": region, "level": level, "year": window_of(region, level).start}
        return RollOverForm(initial=first)

    def post(self, request: Any, **kwargs: Any) -> HttpResponse:
        """Without a confirmation only the list is shown."""
        if request.POST.get("confirm"):
            return super().post(request, **kwargs)
        form = self.form(request, request.POST)
        if not form.is_valid():
            return self.page(request, form, 422)
        given = form.cleaned_data
        try:
            region = library_of(given["region"], given["level"])
            require_keeper(request.access, region)
            check_year(region, given["level"], given["year"])
            plan = plan_rollover(
                region=region, level=given["level"], year=given["year"],
                day=timezone.localdate(), add=given["add"],
            )  # fmt: skip
        except Denied:
            raise
        except JigaiError as problem:
            return self.refused(request, form, problem)
        parts = [(Outcome(one).label, OUTCOME_LOOKS[one], plan.count(one),
                  lines_of(plan, one, _SHOWN)) for one in Outcome]  # fmt: skip
        name = names_of_regions([region]).get(region, region)
        return self.page(
            request, form, 200, plan=plan, parts=parts, most=_SHOWN,
            waiting=plan.waiting[:_SHOWN], waits=len(plan.waiting),
            library=f"{name} {Level(given['level']).label}",
            window=words(range(given["year"] + 1, given["year"] + 4)),
        )  # fmt: skip

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Queue it."""
        region = library_of(values["region"], values["level"])
        require_keeper(request.access, region)
        check_year(region, values["level"], values["year"])
        job = start_job(
            kind=ROLL, title=f"{values['year']} 年末结转：{Level(values['level']).label}",
            owner=request.user,
            params={"region": region, "level": values["level"], "year": values["year"],
                    "add": values["add"], "day": timezone.localdate().isoformat()},
        )  # fmt: skip
        return reverse("job-detail", args=[job.pk])


@requires(VIEW)
@require_GET
def detail(request: Any, pk: int) -> HttpResponse:
    """One year's end: its figures, which open their lines, and others to compare with."""
    rows = rollovers_for(request.access).select_related("created_by")
    row = get_object_or_404(rows, pk=pk)
    others = rollovers_for(request.access).filter(region_code=row.region_code, level=row.level)
    lines = f"{reverse('rollover-lines')}?rollover={row.pk}"
    reasons = row.lines.order_by("outcome", "reason").values_list("outcome", "reason")
    context = {
        "row": row, "lines": lines,
        "name": names_of_regions([row.region_code]).get(row.region_code, row.region_code),
        "window": words(range(row.year + 1, row.year + 4)),
        "others": others.exclude(pk=row.pk).order_by("-year"),
        "reasons": [
            (OUTCOME_LOOKS[Outcome(outcome)], Outcome(outcome).label, reason, number)
            for outcome, reason, number in reasons.annotate(number=Count("pk"))
        ],
    }  # fmt: skip
    return render(request, "projects/library/rollover.html", context)


@requires(VIEW)
@require_GET
def compared(request: Any, pk: int, row: int) -> HttpResponse:
    """Two year's ends of one library."""
    rows = rollovers_for(request.access)
    found = compare(get_object_or_404(rows, pk=pk), get_object_or_404(rows, pk=row))
    names = names_of_regions([found.first.region_code])
    context = {
        "found": found, "name": names.get(found.first.region_code, found.first.region_code),
        "parts": [("结转之间离开的", found.left), ("结转之间进来的", found.came),
                  ("两次都在，情况不同的", found.changed)],
        "most": 200,
    }  # fmt: skip
    return render(request, "projects/library/rollover_compare.html", context)
