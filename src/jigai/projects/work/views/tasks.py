"""督办任务: two lists in one, how a task came about, and its way back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET, require_POST

from jigai.core.access import Access, Denied, requires
from jigai.core.screens import list_columns as c
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import (
    ListFilters,
    RegionField,
    below,
    choice,
    words_field,
)
from jigai.core.screens.list_page import ListAction, ListPage
from jigai.core.screens.list_state import ListState
from jigai.core.selectors_regions import names_of_regions
from jigai.core.services.send_once import send_once
from jigai.core.templatetags.house import status as badge
from jigai.core.views.form_page import FormPage
from jigai.errors import JigaiError
from jigai.policies.addressees import reaches
from jigai.projects.models import WorkTask
from jigai.projects.views.common import owner_of, project_or_404
from jigai.projects.work.access import MANAGE, VIEW, may_answer, tasks_for
from jigai.projects.work.forms import AnswerForm, NudgeForm, SettleForm
from jigai.projects.work.services.answer_task import answer_task, receive_task, settle_task
from jigai.projects.work.services.make_tasks import TITLES, look, make_tasks
from jigai.projects.work.standings import last_month_of

LOOKS = {"open": "pending", "answered": "ready", "done": "done", "cancelled": "cancelled"}
_SHOWN = 50


class TaskFilters(ListFilters):
    """By kind first: the two kinds are not the same work."""

    kind = choice("类别", WorkTask.Kind.choices)
    q = words_field("项目")
    region = RegionField()
    status = choice("状态", WorkTask.Status.choices)
    late = choice("逾期", [("yes", "逾期未反馈")])
    round = words_field("批次", "如 2021-06")

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of the project's name."""
        return rows.filter(project__name__icontains=value)

    def by_region(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The region and below."""
        return below(rows, "project__region_code", value)

    def by_late(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Not answered beyond the limit."""
        return rows.filter(status=WorkTask.Status.OPEN, due_on__lt=timezone.localdate())


class TaskList(ListPage):
    """Every task within reach."""

    page = "project-tasks"
    url_name = "task-list"
    title = "督办任务"
    note = "未开工的催开工，已开工的催进度：规则、内容和反馈都不同"
    capability = VIEW
    filters = TaskFilters
    fields_shown = 4
    columns = (
        Column("kind", "类别", lambda row: badge("warning" if row.kind == "start" else "info",
                                                row.get_kind_display()),
               kind=c.HTML, plain=lambda row: row.get_kind_display()),
        Column("project", "项目", "project.name", link=True, clip=True),
        Column("owner", "单位", "owner_name", clip=True),
        Column("region", "地区", "region_name", shown=False),
        Column("round", "批次", sort="round"),
        Column("because", "依据", "because_words", clip=True),
        Column("person", "责任人", "person.name"),
        Column("due_on", "限期", kind=c.DAY, sort="due_on"),
        Column("status", "状态", lambda row: badge(*row.told), kind=c.HTML,
               plain=lambda row: row.told[1]),
        Column("received_at", "签收", kind=c.MOMENT, shown=False),
        Column("answered_at", "反馈时间", kind=c.MOMENT, shown=False),
        Column("answer", "反馈", clip=True, shown=False),
        Column("result", "核实结果", clip=True, shown=False),
    )  # fmt: skip
    actions = (ListAction("生成任务", "task-new", "plus", MANAGE, primary=True),)
    empty_title = "没有督办任务"
    empty_hint = "按一个月的月报生成：计划开工已过的催开工，进度落后的催进度"

    def rows(self, access: Access) -> QuerySet[Any]:
        """Tasks within reach."""
        found = tasks_for(access).select_related("project__enterprise", "person")
        return found.defer("project__search", "project__enterprise__search").distinct()

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Names, reasons and what is late."""
        names = names_of_regions(row.project.region_code for row in rows)
        today = timezone.localdate()
        for row in rows:
            row.region_name = names.get(row.project.region_code, row.project.region_code)
            row.owner_name = owner_of(row.project)
            row.because_words = because_words(row)
            row.told = told(row, today)

    def row_url(self, row: WorkTask) -> str:
        """The task."""
        return reverse("task-detail", args=[row.pk])


def because_words(task: WorkTask) -> str:
    """The figures the rule saw, in a few words."""
    given = task.because
    if task.kind == WorkTask.Kind.START:
        return f"计划 {given.get('计划开工')} 前开工，晚 {given.get('晚（天）')} 天"
    return f"完成 {given.get('完成率')}，时间进度 {given.get('时间进度')}"


def told(task: WorkTask, today: dt.date) -> tuple[str, str]:
    """The look and the words of a state; overdue is said."""
    if task.status == WorkTask.Status.OPEN and task.due_on < today:
        return "error", "逾期未反馈"
    if task.status == WorkTask.Status.OPEN and task.received_at:
        return "running", "已签收"
    return LOOKS[task.status], task.get_status_display()


@method_decorator(requires(MANAGE), name="dispatch")
class MakeTasks(FormPage):
    """Look first, then make: what the rules say stands on the page before anything is done."""

    form_class = NudgeForm
    template_name = "projects/work/tasks_new.html"
    title = "生成督办任务"
    above = ("督办任务", "task-list")
    done = ""

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """With the newest month that has reports; what was looked at stays."""
        if data is not None or "month" in request.GET:
            return NudgeForm(data if data is not None else request.GET)
        today = timezone.localdate()
        year = today.year
        month = last_month_of(year)
        while not month and year > today.year - 6:
            year, month = year - 1, last_month_of(year - 1)
        return NudgeForm(initial={
            "region": request.access.home_region, "year": year if month else today.year,
            "month": month or today.month, "lag": 0, "due_on": today + dt.timedelta(days=14),
        })  # fmt: skip

    def context(self, request: Any) -> dict[str, Any]:
        """What the rules say, where somebody asked."""
        if "month" not in request.GET or request.method == "POST":
            return {"found": None}
        form = NudgeForm(request.GET)
        if not form.is_valid():
            return {"found": None}
        given = {k: v for k, v in form.cleaned_data.items() if k != "due_on"}
        try:
            found = look(request.access, **given)
        except Denied:
            raise
        except JigaiError as problem:
            return {"found": None, "problem": problem}
        groups = [
            (TITLES[kind], [one for one in found.nudges if one.kind == kind][:_SHOWN],
             found.counts.get(kind, 0))
            for kind in TITLES
        ]  # fmt: skip
        return {"found": found, "groups": groups, "unclear": found.unclear[:_SHOWN],
                "carried": form.cleaned_data}  # fmt: skip

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Make them."""
        made = make_tasks(by=request.user, access=request.access, **values)
        messages.success(
            request,
            f"新生成催开工 {made.start} 件、催进度 {made.progress} 件；"
            f"这一批已有 {made.existing} 件，没有重复生成；缺数据判不了 {made.unclear} 个项目",
        )
        return reverse("task-list") + f"?round={values['year']}-{values['month']:02d}"


def _task(request: Any, pk: int) -> WorkTask:
    rows = tasks_for(request.access).select_related("project__enterprise", "person", "created_by")
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@requires(VIEW)
@require_GET
def detail(request: Any, pk: int) -> Any:
    """One task: why, what was answered, what came of it."""
    task = _task(request, pk)
    context = {
        "task": task, "owner": owner_of(task.project), "told": told(task, timezone.localdate()),
        "because": [(name, _figure(name, value)) for name, value in task.because.items()],
        "may_answer": may_answer(request.access, task) and task.status in ("open", "answered"),
        "may_receive": may_answer(request.access, task) and task.status == "open"
        and task.received_at is None,
        "may_settle": reaches(request.access, MANAGE, task.project.region_code)
        and task.status in ("open", "answered"),
    }  # fmt: skip
    return render(request, "projects/work/task.html", context)


def _figure(name: str, value: Any) -> str:
    from jigai.core.screens import formats

    return f"{formats.wan(value)} 万元" if name.endswith("（分）") else str(value)


@requires(VIEW)
@require_POST
def receive(request: Any, pk: int) -> Any:
    """签收."""
    _task(request, pk)

    def act() -> str:
        receive_task(task=pk, by=request.user, access=request.access)
        messages.success(request, "已签收")
        return reverse("task-detail", args=[pk])

    nonce = request.POST.get("nonce", "")
    return redirect(send_once(user=request.user, nonce=nonce, path=request.path, act=act))


class _OfTask(FormPage):
    """A form about one task."""

    above = ("督办任务", "task-list")
    columns = 1

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The task."""
        self.task = _task(request, kwargs["pk"])

    def context(self, request: Any) -> dict[str, Any]:
        """What it asks, and the version looked at."""
        facts = [("类别", self.task.get_kind_display()), ("限期", str(self.task.due_on)),
                 ("内容", self.task.text)]  # fmt: skip
        if self.task.answer:
            facts.append(("反馈", self.task.answer))
        back = reverse("task-detail", args=[self.task.pk])
        return {"facts": facts, "seen": request.POST.get("seen") or str(self.task.version),
                "back": back}  # fmt: skip

    def seen(self, request: Any) -> int:
        """The version the form was made with."""
        text = request.POST.get("seen", "")
        return int(text) if text.isdecimal() and len(text) < 9 else 0


@method_decorator(requires(VIEW), name="dispatch")
class AnswerTask(_OfTask):
    """反馈."""

    form_class = AnswerForm
    title = "反馈"
    submit = "提交反馈"
    done = "反馈已提交"

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Keep it."""
        answer_task(
            task=self.task.pk, seen=self.seen(request), by=request.user, access=request.access,
            **values,
        )  # fmt: skip
        return reverse("task-detail", args=[self.task.pk])


@method_decorator(requires(MANAGE), name="dispatch")
class SettleTask(_OfTask):
    """核实."""

    form_class = SettleForm
    title = "核实"
    submit = "保存核实结果"

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Keep it."""
        settle_task(
            task=self.task.pk, seen=self.seen(request), by=request.user, access=request.access,
            **values,
        )  # fmt: skip
        return reverse("task-detail", args=[self.task.pk])


@requires(VIEW)
@require_GET
def of_project(request: Any, pk: int) -> Any:
    """The part of a project's page with its tasks."""
    project = project_or_404(request, pk)
    rows = tasks_for(request.access).filter(project=project.pk).select_related("person").distinct()
    today = timezone.localdate()
    listed = [(row, because_words(row), told(row, today)) for row in rows.order_by("-id")[:20]]
    return render(request, "projects/work/tasks_of_project.html", {"tasks": listed})
