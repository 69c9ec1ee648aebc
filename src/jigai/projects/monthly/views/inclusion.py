"""入统: the list with what fits and is not in, one project's way, and its steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.apps import apps
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET

from jigai.core.access import Access, requires, scoped
from jigai.core.screens import formats
from jigai.core.screens import list_columns as kinds
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import (
    ListFilters,
    RegionField,
    below,
    choice,
    search,
    words_field,
    year_field,
)
from jigai.core.screens.list_page import Count, ListAction, ListPage
from jigai.core.screens.list_state import ListState
from jigai.core.selectors_regions import names_of_regions
from jigai.core.templatetags.house import status as badge
from jigai.core.views.form_page import FormPage
from jigai.projects.models import Project, StatisticsInclusion
from jigai.projects.monthly.access import FILL, VIEW
from jigai.projects.monthly.inclusion import (
    FITS,
    LOOKS,
    MOVE_WORDS,
    MOVES,
    NEED_NOTE,
    WORDS,
    Status,
    judged,
)
from jigai.projects.monthly.parameters import entry_threshold, scope_natures
from jigai.projects.monthly.services.move_inclusion import move_inclusion, say_why_not
from jigai.projects.selectors import REACH, projects_for
from jigai.projects.words import NATURES


class InclusionFilters(ListFilters):
    """Name, region, ledger year, where it stands, how far it is."""

    lookups = {"verdict": "judged"}
    q = words_field("项目", "项目名称、单位或代码")
    verdict = choice("判断", WORDS.items())
    status = choice("办理", Status.choices)
    region = RegionField()
    year = year_field("台账年度")
    told = choice("未入统原因", [("no", "没有填"), ("yes", "已填")])

    def by_q(self, rows: Any, value: str) -> Any:
        """Any part of name, owner or code."""
        return search(rows, value, codes=("code", "name", "enterprise_raw"))

    def by_region(self, rows: Any, value: str) -> Any:
        """The region and below."""
        return below(rows, "region_code", value)

    def by_year(self, rows: Any, value: int) -> Any:
        """Projects of a year's ledger."""
        return rows.filter(ledger_years__contains=[value])

    def by_status(self, rows: Any, value: str) -> Any:
        """How far the project is; one that nobody touched is 未申报."""
        own = rows.filter(inclusion__status=value)
        return own | rows.filter(inclusion__isnull=True) if value == Status.NONE else own

    def by_told(self, rows: Any, value: str) -> Any:
        """Whether a reason was given."""
        given = rows.filter(inclusion__isnull=False).exclude(inclusion__why_not="")
        return given if value == "yes" else rows.exclude(pk__in=given.values("pk"))


class InclusionList(ListPage):
    """入统管理."""

    page = "inclusions"
    title = "入统管理"
    capability = VIEW
    url_name = "inclusion-list"
    filters = InclusionFilters
    fields_shown = 4
    actions = (
        ListAction("部门对数", "monitoring", "scale"),
        ListAction("导入统计数", "import-new", "file-import", "statistics.manage"),
    )
    empty_title = "没有这样的项目"
    empty_hint = "换一个条件；只显示您的数据权限之内的，重复登记的不列。"
    columns = (
        Column("name", "项目名称", link=True, clip=True, width=40),
        Column("enterprise", "项目单位", "enterprise_raw", clip=True, width=36),
        Column("region", "所属地区", "region_name", sort="region_code"),
        Column("nature", "建设性质", choices=NATURES),
        Column("total", "计划总投资", "total_fen", kind=kinds.MONEY, sort="total_fen"),
        Column("judged", "判断", "judged_badge", kind=kinds.HTML),
        Column("status", "办理", "status_word"),
        Column("included_from", "入统月份", lambda row: _month(row)),
        Column("why_not", "未入统原因", lambda row: _own(row, "why_not"), clip=True),
    )  # fmt: skip

    def rows(self, access: Access) -> QuerySet[Any]:
        """Projects within reach, each with where it stands."""
        rows = projects_for(access).filter(duplicate_of__isnull=True)
        found = judged(rows, entry_threshold(), scope_natures())
        return found.select_related("inclusion").defer("search")

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Names of regions, badges."""
        names = names_of_regions(row.region_code for row in rows)
        for row in rows:
            row.region_name = names.get(row.region_code, row.region_code)
            row.judged_badge = badge(LOOKS[row.judged], WORDS[row.judged])
            row.status_word = _status_word(row)

    def row_url(self, row: Any) -> str:
        """The project's way."""
        return reverse("inclusion-detail", args=[row.pk])

    def summary(self, rows: QuerySet[Any], count: Count) -> str:
        """How many fit and are not in, and how many of these without a reason."""
        if not count.exact:
            return ""
        fits = rows.filter(judged=FITS)
        told = fits.filter(inclusion__isnull=False).exclude(inclusion__why_not="").count()
        limit = formats.wan(entry_threshold())
        return (f"符合条件而未入统 {fits.count():,} 个，其中已写原因 {told:,} 个"
                f"（统计起点按计划总投资 {limit} 万元，未达的标“入统待确认”）")  # fmt: skip


def _inclusion(row: Any) -> StatisticsInclusion | None:
    return getattr(row, "inclusion", None)


def _own(row: Any, name: str) -> str:
    found = _inclusion(row)
    return str(getattr(found, name)) if found else ""


def _month(row: Any) -> str:
    found = _inclusion(row)
    day = found.included_from if found else None
    return f"{day.year} 年 {day.month} 月" if day else ""


def _status_word(row: Any) -> str:
    found = _inclusion(row)
    if found:
        return str(found.get_status_display())
    return "台账标记已入统" if row.in_statistics else "未申报"


@requires(VIEW)
@require_GET
def detail(request: Any, pk: int) -> HttpResponse:
    """One project's way into the statistics, with every step on record."""
    project = _judged(request.access, pk)
    found = _inclusion(project)
    status = found.status if found else Status.INCLUDED if project.in_statistics else Status.NONE
    moves = [
        (to, MOVE_WORDS[Status(to)]) for to, needed in MOVES[status].items()
        if scoped(Project.objects.filter(pk=pk), request.access, needed, REACH).exists()
    ]  # fmt: skip
    history: list[Any] = []
    if found:
        events: Any = apps.get_model("projects.StatisticsInclusionEvent")._default_manager
        rows = events.filter(pgh_obj=found).select_related("updated_by").order_by("-pgh_id")
        history = [
            (e.pgh_created_at, Status(e.status).label, e.note, e.why_not, e.updated_by)
            for e in rows[:50]
        ]  # fmt: skip
    context = {
        "project": project, "inclusion": found, "status": _status_word(project), "moves": moves,
        "nature": NATURES.get(project.nature or "", project.nature), "history": history,
        "look": LOOKS[project.judged], "word": WORDS[project.judged],
        "threshold": entry_threshold(),
        "may_say": project.judged == FITS
        and scoped(Project.objects.filter(pk=pk), request.access, FILL, REACH).exists(),
    }  # fmt: skip
    return render(request, "projects/monthly/inclusion.html", context)


def _judged(access: Access, pk: int) -> Any:
    rows = projects_for(access).filter(duplicate_of__isnull=True).select_related("inclusion")
    return get_object_or_404(judged(rows, entry_threshold(), scope_natures()), pk=pk)


class MoveForm(forms.Form):
    """The word that goes with a step."""

    note = forms.CharField(
        label="说明", max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class IncludeForm(MoveForm):
    """From which month the project is in."""

    year = forms.IntegerField(label="入统年份", min_value=2000, max_value=2100)
    month = forms.IntegerField(label="入统月份", min_value=1, max_value=12)


class OnProject(FormPage):
    """A form about one project's way."""

    columns = 1
    above = ("入统管理", "inclusion-list")

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The project, with where it stands."""
        self.project = _judged(request.access, kwargs["pk"])

    def seen(self, request: Any) -> int:
        """The version the page was made with."""
        text = request.POST.get("seen", "")
        return int(text) if text.isdecimal() else 0

    def context(self, request: Any) -> dict[str, Any]:
        """The project."""
        found = _inclusion(self.project)
        return {
            "facts": [("项目", self.project.name), ("现在", _status_word(self.project))],
            "seen": request.POST.get("seen") or str(found.version if found else 0),
            "back": reverse("inclusion-detail", args=[self.project.pk]),
        }


@method_decorator(requires(FILL, "statistics.manage"), name="dispatch")
class MoveInclusion(OnProject):
    """One step."""

    title = "办理入统"

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The project and the step."""
        super().prepare(request, **kwargs)
        self.to = kwargs["verb"]
        if self.to not in Status.values:
            raise Http404

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """What the step asks for."""
        if self.to == Status.INCLUDED:
            today = timezone.localdate()
            return IncludeForm(data, initial={"year": today.year, "month": today.month})
        form = MoveForm(data)
        form.fields["note"].required = self.to in NEED_NOTE
        return form

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Take it."""
        month = dt.date(values["year"], values["month"], 1) if "year" in values else None
        move_inclusion(
            project=self.project.pk, to=self.to, note=values["note"], included_from=month,
            seen=self.seen(request), by=request.user, access=request.access,
        )  # fmt: skip
        return reverse("inclusion-detail", args=[self.project.pk])

    def context(self, request: Any) -> dict[str, Any]:
        """Named after the step."""
        word = MOVE_WORDS[Status(self.to)]
        return {**super().context(request), "heading": word}


class WhyForm(forms.Form):
    """Why a project that fits is not in."""

    why_not = forms.CharField(
        label="未入统原因", max_length=400, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="符合条件的原则上一律入统（六安 三.一）；未入统的写明原因",
    )  # fmt: skip


@method_decorator(requires(FILL), name="dispatch")
class SayWhyNot(OnProject):
    """The reason."""

    form_class = WhyForm
    title = "填未入统原因"

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """With the reason on record."""
        return WhyForm(data, initial={"why_not": _own(self.project, "why_not")})

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Store it."""
        say_why_not(
            project=self.project.pk, why_not=values["why_not"], seen=self.seen(request),
            by=request.user, access=request.access,
        )  # fmt: skip
        return reverse("inclusion-detail", args=[self.project.pk])
