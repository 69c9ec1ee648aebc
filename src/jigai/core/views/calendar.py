"""工作日历: the days of a year, the n-th working day, and entering a year's notice."""

from __future__ import annotations

import calendar as months
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import requires
from jigai.core.calendar import WorkCalendar
from jigai.core.forms.reference import CalculatorForm, WorkdaysForm
from jigai.core.models import Workday
from jigai.core.platform_calendar import platform_calendar
from jigai.core.services.enter_workdays import enter_workdays
from jigai.core.views.edit_conflict import events_of
from jigai.core.views.edit_page import EditPage

_FIRST, _LAST = 2008, 2100


@requires("calendar.view")
def year_page(request: Any) -> HttpResponse:
    """Twelve months and the calculator."""
    today = timezone.localdate()
    text = request.GET.get("year", "")
    year = int(text) if text.isdecimal() and _FIRST <= int(text[:5]) <= _LAST else today.year
    work = platform_calendar()
    asked = "start" in request.GET
    form = CalculatorForm(
        request.GET if asked else None, initial={"start": today, "count": 20}, auto_id="calc_%s"
    )
    context = {
        "year": year,
        "before": year - 1 if year > _FIRST else None,
        "after": year + 1 if year < _LAST else None,
        "known": work.known(year),
        "months": [_month(work, year, month, today) for month in range(1, 13)],
        "workdays": sum(work.is_workday(day) for day in _days(year)),
        "last_workday": work.last_workday(year),
        "sources": _sources(year),
        "form": form,
        "answer": _answer(work, form) if asked and form.is_valid() else None,
    }
    return render(request, "core/reference/calendar.html", context)


def _days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def _month(work: WorkCalendar, year: int, month: int, today: date) -> dict[str, Any]:
    weeks = months.Calendar(firstweekday=0).monthdatescalendar(year, month)
    return {
        "number": month,
        "weeks": [[_cell(work, day, month, today) for day in week] for week in weeks],
    }


def _cell(work: WorkCalendar, day: date, month: int, today: date) -> dict[str, Any]:
    special = work.special.get(day)
    kind = "rest" if not work.is_workday(day) else "work"
    if special is not None:
        kind = "holiday" if special.kind == "holiday" else "shift"
    return {
        "day": day,
        "inside": day.month == month,
        "kind": kind,
        "name": special.name if special else "",
        "today": day == today,
    }


def _sources(year: int) -> list[str]:
    found = Workday.objects.filter(day__year=year).exclude(source="").order_by()
    return sorted(set(found.values_list("source", flat=True)))


def _answer(work: WorkCalendar, form: forms.Form) -> dict[str, Any]:
    start, count = form.cleaned_data["start"], form.cleaned_data["count"]
    natural = form.cleaned_data["kind"] == "natural"
    bare = start + timedelta(days=count)
    end = work.add_days(start, count) if natural else work.add_workdays(start, count)
    return {
        "end": end,
        "natural": natural,
        "moved": natural and end != bare,
        "bare": bare,
        "span": abs((end - start).days),
        "provisional": work.is_provisional(min(start, end), max(start, end)),
    }


@requires("calendar.manage")
class EnterYear(EditPage):
    """录入放假安排."""

    form_class = WorkdaysForm
    title = "录入放假安排"
    note = "录入后以本平台的为准，升级不会覆盖"
    above = ("工作日历", "calendar")
    year = 0

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The year."""
        if not _FIRST <= kwargs["year"] <= _LAST:
            raise Http404
        self.year = kwargs["year"]

    def stored(self) -> dict[str, Any]:
        """The days there are."""
        rows = list(Workday.objects.filter(day__year=self.year).order_by("day"))
        return {
            "holidays": _lines(rows, "holiday"),
            "workdays": _lines(rows, "workday"),
            "source": next((row.source for row in rows if row.source), ""),
        }

    def changes(self) -> QuerySet[Any]:
        """Of days of this year."""
        return events_of("core.Workday", day__year=self.year)

    def words(self, name: str, value: Any) -> str:
        """Days by their lines, whether typed or stored."""
        if isinstance(value, dict):
            value = "\n".join(f"{day} {text}".strip() for day, text in sorted(value.items()))
        return "；".join(str(value or "").splitlines())

    def context(self, request: Any) -> dict[str, Any]:
        """Which year."""
        return {"heading": f"录入 {self.year} 年放假安排", "back": self._home()}

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Store it."""
        form = WorkdaysForm(request.POST)
        form.is_valid()
        enter_workdays(by=request.access, year=self.year, days=form.days(), source=values["source"])
        return self._home()

    def _home(self) -> str:
        return f"{reverse('calendar')}?year={self.year}"


def _lines(rows: list[Workday], kind: str) -> str:
    return "\n".join(f"{row.day} {row.name}".strip() for row in rows if row.kind == kind)
