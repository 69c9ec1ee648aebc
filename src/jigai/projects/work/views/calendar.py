"""督办日历: what falls due in a month, on one page."""

from __future__ import annotations

import calendar as months
import datetime as dt
from collections import defaultdict
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from jigai.cases.models import CaseStep
from jigai.core.access import Access, requires, scoped
from jigai.core.platform_calendar import platform_calendar
from jigai.core.selectors_regions import names_of_regions
from jigai.projects.models import MonthlyPeriod, WorkTask
from jigai.projects.work import issues
from jigai.projects.work.access import AT_REGION, VIEW, tasks_for, visits_for

# A day with more than this says how many more there are.
_MOST = 4
_FIRST, _LAST = 2008, 2100


@requires(VIEW)
@require_GET
def month_page(request: Any) -> HttpResponse:
    """The month in the address (``?month=2021-06``), else this one."""
    today = timezone.localdate()
    first = _first(request.GET.get("month", ""), today)
    last = first.replace(day=months.monthrange(first.year, first.month)[1])
    found = entries(request.access, first, last, today)
    work = platform_calendar()
    weeks = [
        [_cell(day, first.month, found.get(day, []), work, today) for day in week]
        for week in months.Calendar(firstweekday=0).monthdatescalendar(first.year, first.month)
    ]
    days = [(day, found[day]) for day in sorted(found)]
    context = {
        "first": first, "weeks": weeks, "days": days,
        "before": (first - dt.timedelta(days=1)).strftime("%Y-%m"),
        "after": (last + dt.timedelta(days=1)).strftime("%Y-%m"),
        "is_now": (first.year, first.month) == (today.year, today.month),
    }  # fmt: skip
    return render(request, "projects/work/calendar.html", context)


def _first(text: str, today: dt.date) -> dt.date:
    try:
        found = dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return found if _FIRST <= found.year < _LAST else today.replace(day=1)


def entries(
    access: Access, first: dt.date, last: dt.date, today: dt.date
) -> dict[dt.date, list[dict[str, str]]]:
    """What falls due, by day: tasks, limits of problems, next steps of visits, cut-off days."""
    found: dict[dt.date, list[dict[str, str]]] = defaultdict(list)
    open_ = (WorkTask.Status.OPEN, WorkTask.Status.ANSWERED)
    tasks = tasks_for(access).filter(due_on__range=(first, last), status__in=open_)
    for task in tasks.select_related("project").distinct().order_by("due_on", "id"):
        late = task.due_on < today and task.status == WorkTask.Status.OPEN
        found[task.due_on].append(_entry(
            task.get_kind_display(), task.project.name, reverse("task-detail", args=[task.pk]),
            late,
        ))  # fmt: skip
    cases = issues.open_issues(issues.issues_for(access))
    steps = CaseStep.objects.filter(
        case__in=cases, state="active", due__range=(first, last)
    ).select_related("case")  # fmt: skip
    for step in steps.order_by("due", "id"):
        assert step.due is not None
        url = reverse("issue-list") + f"?q={step.case.title[:40]}"
        found[step.due].append(_entry("问题限期", step.case.title, url, step.due < today))
    visits = visits_for(access).filter(next_on__range=(first, last)).select_related("project")
    for visit in visits.order_by("next_on", "id"):
        assert visit.next_on is not None
        url = reverse("project-detail", args=[visit.project_id])
        found[visit.next_on].append(
            _entry("走访下一步", f"{visit.project.name}：{visit.next_step}", url, False)
        )
    periods = list(scoped(MonthlyPeriod.objects.all(), access, VIEW, AT_REGION).filter(
        cut_off__range=(first, last)
    ).order_by("cut_off", "id"))  # fmt: skip
    names = names_of_regions(period.region_code for period in periods)
    for period in periods:
        name = names.get(period.region_code, period.region_code)
        late = period.cut_off < today and period.status == MonthlyPeriod.Status.OPEN
        found[period.cut_off].append(
            _entry("月报截止", f"{name} {period.year} 年 {period.month} 月", "", late)
        )
    return found


def _entry(kind: str, text: str, url: str, late: bool) -> dict[str, str]:
    return {"kind": kind, "text": text, "url": url, "look": "error" if late else "info"}


def _cell(
    day: dt.date, month: int, listed: list[dict[str, str]], work: Any, today: dt.date
) -> dict[str, Any]:
    return {
        "day": day, "inside": day.month == month, "rest": not work.is_workday(day),
        "today": day == today, "entries": listed[:_MOST], "more": max(0, len(listed) - _MOST),
    }  # fmt: skip
