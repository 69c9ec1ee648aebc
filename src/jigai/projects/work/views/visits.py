"""分片包干: who answers for what, the visits, and the projects nobody has visited in time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Count, Max, Q, QuerySet
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET

from jigai.core.access import Access, requires
from jigai.core.screens import list_columns as c
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import (
    ListFilters,
    RegionField,
    below,
    choice,
    search,
    words_field,
)
from jigai.core.screens.list_page import ListAction, ListPage
from jigai.core.screens.list_state import ListState
from jigai.core.selectors_regions import names_of_regions
from jigai.core.templatetags.house import status as badge
from jigai.core.views.form_page import FormPage
from jigai.policies.addressees import reaches
from jigai.projects.models import Project, ZoneDuty
from jigai.projects.selectors import projects_for
from jigai.projects.states import ENDED, FINISHED, STATES
from jigai.projects.views.common import FilePage, files_of, keep, owner_of, project_or_404
from jigai.projects.work.access import MANAGE, VIEW, duties_for, responsible_for, visits_for
from jigai.projects.work.forms import DutyForm, EndDutyForm, VisitForm
from jigai.projects.work.services.give_duty import end_duty, give_duty
from jigai.projects.work.services.record_visit import may_visit, record_visit

OVER = tuple(FINISHED | ENDED)
# No document says how often; the page says so and lets it be chosen.
PERIOD = 90


class DueFilters(ListFilters):
    """Which projects, and how long without a visit is too long."""

    q = words_field("项目", "项目名称、单位或代码")
    region = RegionField()
    days = forms.IntegerField(label="走访周期（天）", required=False, min_value=1, max_value=3660)
    visited = choice("走访", [("late", "周期内没有走访"), ("never", "从未走访"),
                             ("in_time", "周期内走访过")])  # fmt: skip
    key = choice("重点清单", [("yes", "只看清单上的")])
    field_order = ("q", "region", "days", "visited", "key")

    @property
    def since(self) -> dt.date:
        """The first day of the period."""
        days = self.cleaned_data.get("days") or PERIOD
        return timezone.localdate() - dt.timedelta(days=days)

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Any part of name, owner or code."""
        return search(rows, value, codes=("code", "name", "enterprise_raw"))

    def by_region(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The region and below."""
        return below(rows, "region_code", value)

    def by_days(self, rows: QuerySet[Any], value: int) -> QuerySet[Any]:
        """Alone it narrows nothing; the condition on visits reads it."""
        return rows

    def by_visited(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """By the last visit."""
        if value == "never":
            return rows.filter(last_visit__isnull=True)
        if value == "in_time":
            return rows.filter(last_visit__gte=self.since)
        return rows.filter(Q(last_visit__isnull=True) | Q(last_visit__lt=self.since))

    def by_key(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """On a list of key projects now."""
        return rows.filter(key_lines__left_at__isnull=True, key_lines__isnull=False).distinct()


class VisitDueList(ListPage):
    """Projects that are going on, with who answers for them and when somebody was there last."""

    page = "visit-due"
    url_name = "visit-due"
    title = "走访情况"
    note = f"有责任人不等于走访过；周期文件没有写，不填按 {PERIOD} 天"
    capability = MANAGE
    filters = DueFilters
    fields_shown = 5
    columns = (
        Column("name", "项目", link=True, clip=True),
        Column("owner", "单位", "owner_name", clip=True),
        Column("region", "地区", "region_name"),
        Column("state", "所处阶段", choices=STATES),
        Column("duty", "责任人", "duty_name"),
        Column("last", "最近走访", "last_visit", kind=c.DAY, sort="last_visit"),
        Column("count", "走访（次）", "visit_count", kind=c.WHOLE),
        Column("told", "走访情况", lambda row: badge(*row.told), kind=c.HTML,
               plain=lambda row: row.told[1]),
    )  # fmt: skip
    actions = (
        ListAction("包干责任", "zone-duty-list", "users", VIEW),
        ListAction("走访记录", "visit-list", "list-check", VIEW),
    )
    empty_title = "没有符合条件的项目"
    empty_hint = "换一个周期或地区"

    def rows(self, access: Access) -> QuerySet[Any]:
        """What is neither finished nor given up, each project once."""
        found = projects_for(access).filter(duplicate_of__isnull=True).exclude(state__in=OVER)
        return found.select_related("enterprise").defer("search", "enterprise__search").annotate(
            last_visit=Max("visits__visited_on"), visit_count=Count("visits", distinct=True)
        )  # fmt: skip

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Names, and who answers for each."""
        names = names_of_regions(row.region_code for row in rows)
        today = timezone.localdate()
        duties = responsible_for(list(rows), today)
        given = str(state.query.get("days", ""))
        days = int(given) if given.isdigit() and len(given) < 5 else PERIOD
        for row in rows:
            row.region_name = names.get(row.region_code, row.region_code)
            row.owner_name = owner_of(row)
            person = duties.get(row.pk)
            row.duty_name = str(person) if person else ""
            row.told = _visit_words(row.last_visit, today, days)

    def row_url(self, row: Project) -> str:
        """The project."""
        return reverse("project-detail", args=[row.pk])


def _visit_words(last: dt.date | None, today: dt.date, days: int) -> tuple[str, str]:
    if last is None:
        return "error", "从未走访"
    gone = (today - last).days
    if gone <= days:
        return "ok", f"{gone} 天前" if gone else "今天"
    return "warning", f"{gone} 天没有走访"


class DutyFilters(ListFilters):
    """By region, person, and whether it holds now."""

    region = RegionField()
    q = words_field("责任人或片区")
    now = choice("状态", [("yes", "正在负责"), ("no", "已结束")])

    def by_region(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The region and below."""
        return below(rows, "region_code", value)

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of a name."""
        return rows.filter(Q(person__name__icontains=value) | Q(zone__icontains=value))

    def by_now(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """On this day."""
        on = Q(until__isnull=True) | Q(until__gte=timezone.localdate())
        return rows.filter(on) if value == "yes" else rows.exclude(on)


class DutyList(ListPage):
    """Who answers for what, with how often they went there."""

    page = "zone-duties"
    url_name = "zone-duty-list"
    title = "包干责任"
    note = "责任人名下没有走访的单独标出"
    capability = VIEW
    filters = DutyFilters
    columns = (
        Column("person", "责任人", "person.name", link=True),
        Column("region", "地区", "region_name"),
        Column("zone", "片区或项目", lambda row: row.project.name if row.project else row.zone,
               clip=True),
        Column("since", "起", kind=c.DAY, sort="since"),
        Column("until", "止", kind=c.DAY),
        Column("visits", "本人走访（次）", "visits", kind=c.WHOLE),
        Column("last", "最近一次", "last", kind=c.DAY),
        Column("told", "记录", lambda row: badge("ok", "有走访") if row.visits
               else badge("error", "没有走访记录"), kind=c.HTML,
               plain=lambda row: "有走访" if row.visits else "没有走访记录"),
    )  # fmt: skip
    actions = (
        ListAction("走访情况", "visit-due", "map-pin", MANAGE),
        ListAction("登记包干", "zone-duty-new", "plus", MANAGE, primary=True),
    )
    empty_title = "还没有包干责任"
    empty_hint = "给片区或重点项目定责任人"

    def rows(self, access: Access) -> QuerySet[Any]:
        """In regions within reach; visits are those of this person to what the duty covers."""
        self._access = access
        return duties_for(access).select_related("person", "project").distinct()

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """How often each went to a project of theirs since the duty began."""
        names = names_of_regions(row.region_code for row in rows)
        visits = visits_of(rows)
        for row in rows:
            row.region_name = names.get(row.region_code, row.region_code)
            days = visits.get(row.pk, [])
            row.visits, row.last = len(days), max(days, default=None)

    def row_url(self, row: ZoneDuty) -> str:
        """Its end, for who may set it."""
        may = reaches(self._access, MANAGE, row.region_code)
        return reverse("zone-duty-end", args=[row.pk]) if may else ""


def visits_of(duties: Sequence[ZoneDuty]) -> dict[int, list[dt.date]]:
    """The days on which each person visited what the duty covers, while it held."""
    from jigai.projects.models import Visit
    from jigai.projects.work.access import covers

    people = {duty.person_id for duty in duties}
    rows = Visit.objects.filter(visitor__in=people).select_related("project__enterprise")
    listed = list(rows.defer("project__search", "project__enterprise__search", "found"))
    found: dict[int, list[dt.date]] = {}
    for duty in duties:
        found[duty.pk] = [
            row.visited_on for row in listed
            if row.visitor_id == duty.person_id and covers(duty, row.project)
            and duty.since <= row.visited_on and (not duty.until or row.visited_on <= duty.until)
        ]  # fmt: skip
    return found


@method_decorator(requires(MANAGE), name="dispatch")
class GiveDuty(FormPage):
    """A new duty for a zone, or for the project the address names."""

    form_class = DutyForm
    title = "登记包干"
    note = "一个片区或项目同一天只有一个责任人"
    above = ("包干责任", "zone-duty-list")
    project: Project | None = None

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The project, where the address names one."""
        if "pk" in kwargs:
            self.project = project_or_404(request, kwargs["pk"], MANAGE)

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """A project brings its region along."""
        form = DutyForm(data, initial={"region": request.access.home_region,
                                       "since": timezone.localdate()})  # fmt: skip
        if self.project:
            del form.fields["region"], form.fields["zone"]
        return form

    def context(self, request: Any) -> dict[str, Any]:
        """The project."""
        return {"facts": [("项目", self.project.name)]} if self.project else {}

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Record it."""
        give_duty(
            by=request.user, access=request.access, region=values.pop("region", ""),
            project=self.project.pk if self.project else None, **values,
        )  # fmt: skip
        return reverse("zone-duty-list")


@method_decorator(requires(MANAGE), name="dispatch")
class EndDuty(FormPage):
    """The last day of a duty."""

    form_class = EndDutyForm
    title = "结束包干"
    submit = "结束"
    above = ("包干责任", "zone-duty-list")

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The duty, within reach."""
        rows = duties_for(request.access).select_related("person", "project")
        row = rows.filter(pk=kwargs["pk"]).first()
        if row is None or not reaches(request.access, MANAGE, row.region_code):
            raise Http404
        self.duty = row

    def context(self, request: Any) -> dict[str, Any]:
        """Whose it is."""
        about = self.duty.project.name if self.duty.project else str(self.duty)
        return {"facts": [("责任人", str(self.duty.person)), ("片区或项目", about),
                          ("起", str(self.duty.since))]}  # fmt: skip

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """End it."""
        end_duty(duty=self.duty.pk, access=request.access, **values)
        return reverse("zone-duty-list")


class VisitFilters(ListFilters):
    """By region, words, and since when."""

    q = words_field("项目、见到的人或情况")
    region = RegionField()
    since = forms.DateField(
        label="自", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    lookups = {"since": "visited_on__gte"}

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of any text."""
        words = Q(project__name__icontains=value) | Q(met__icontains=value)
        return rows.filter(words | Q(found__icontains=value) | Q(visitor__name__icontains=value))

    def by_region(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The region and below."""
        return below(rows, "project__region_code", value)


class VisitList(ListPage):
    """Every visit within reach."""

    page = "project-visits"
    url_name = "visit-list"
    title = "走访记录"
    capability = VIEW
    filters = VisitFilters
    default_sort = "-visited_on"
    columns = (
        Column("visited_on", "日期", kind=c.DAY, sort="visited_on"),
        Column("project", "项目", "project.name", link=True, clip=True),
        Column("visitor", "走访人", "visitor.name"),
        Column("met", "见到的人", clip=True),
        Column("found", "情况", clip=True),
        Column("next_step", "下一步", clip=True),
        Column("next_on", "下一步日期", kind=c.DAY, sort="next_on"),
    )
    actions = (ListAction("走访情况", "visit-due", "map-pin", MANAGE),)
    empty_title = "还没有走访记录"
    empty_hint = "在项目页的“走访”里记录"

    def rows(self, access: Access) -> QuerySet[Any]:
        """Visits to projects within reach."""
        return visits_for(access).select_related("project", "visitor").defer("project__search")

    def row_url(self, row: Any) -> str:
        """The project."""
        return reverse("project-detail", args=[row.project_id])


@method_decorator(requires(VIEW), name="dispatch")
class RecordVisit(FilePage):
    """What somebody found at a project."""

    form_class = VisitForm
    title = "记录走访"
    submit = "保存走访"
    done = "走访已记录"
    above = ("走访记录", "visit-list")

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The project."""
        self.project = project_or_404(request, kwargs["pk"])
        if not may_visit(request.access, self.project.pk):
            request.access.require(MANAGE)

    def start(self, request: Any) -> dict[str, Any]:
        """Today."""
        return {"visited_on": timezone.localdate()}

    def context(self, request: Any) -> dict[str, Any]:
        """Where somebody went."""
        back = reverse("project-detail", args=[self.project.pk])
        return {"facts": [("项目", self.project.name), ("单位", owner_of(self.project))],
                "back": back}  # fmt: skip

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Keep it, with its photo."""
        photo = values.pop("photo")
        url = reverse("project-detail", args=[self.project.pk])
        row = record_visit(
            project=self.project.pk, by=request.user, access=request.access, **values
        )
        keep(photo, self.project, request.user, kind="project-visit", key=row.pk,
             label="走访照片或记录", url=url)  # fmt: skip
        return url


@requires(VIEW)
@require_GET
def of_project(request: Any, pk: int) -> Any:
    """The part of a project's page with its visits and who answers for it."""
    project = project_or_404(request, pk)
    today = timezone.localdate()
    rows = visits_for(request.access).filter(project=project.pk).select_related("visitor")
    listed = list(rows.order_by("-visited_on", "-id")[:20])
    files = files_of("project-visit", [row.pk for row in listed])
    context = {
        "project": project, "visits": [(row, files.get(row.pk, [])) for row in listed],
        "person": responsible_for([project], today).get(project.pk),
        "may_record": may_visit(request.access, project.pk),
        "may_give": reaches(request.access, MANAGE, project.region_code),
    }  # fmt: skip
    return render(request, "projects/work/visits_of_project.html", context)
