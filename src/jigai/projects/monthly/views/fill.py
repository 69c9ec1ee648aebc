"""Filling in: what waits for me, one project and month, live checks, the quiet month."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.core.access.scoping import region_prefix
from jigai.core.views.form_page import FormPage
from jigai.projects.models import MonthlyPeriod, MonthlyReport, Project
from jigai.projects.monthly.access import FILL, projects_to_fill
from jigai.projects.monthly.checks import Entry, check_year
from jigai.projects.monthly.due import overdue
from jigai.projects.monthly.invoices import month_invoices
from jigai.projects.monthly.locks import Locks
from jigai.projects.monthly.parameters import limits
from jigai.projects.monthly.proposals import Proposal, propose
from jigai.projects.monthly.services.fill_report import Figures, entries_of, fill_report
from jigai.projects.monthly.services.report_quiet import last_report, reached, report_quiet
from jigai.projects.monthly.stored import Places
from jigai.projects.monthly.told import Told, flag_words, tell
from jigai.projects.monthly.views.click import Click
from jigai.projects.states import ENDED
from jigai.sheets.values.amounts import read_money

WAN = 1_000_000
_MOST = 200


def wan_text(fen: int | None) -> str:
    """Fen as 万元 without superfluous noughts, exact: ``12.5``."""
    if fen is None:
        return ""
    return f"{(Decimal(fen) / WAN).normalize():f}"


class WanField(forms.CharField):
    """An amount in 万元; a unit written beside it counts. The value is fen."""

    def __init__(self, label: str, **options: Any) -> None:
        box = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(label=f"{label}（万元）", max_length=30, widget=box, **options)

    def clean(self, value: Any) -> Any:
        """Fen, ``None`` for nothing."""
        text = super().clean(value)
        if not text.strip():
            return None
        parsed = read_money(text, "万元", negative_allowed=True, any_size=True)
        if parsed.value is None:
            raise forms.ValidationError("请填数字，如 378.40；没有就填 0")
        return parsed.value


class FillForm(forms.Form):
    """What was completed in the month."""

    current = WanField("本月完成投资")
    cumulative = WanField("自年初累计完成投资")
    equipment = WanField("其中：设备投资", required=False)
    since_start = WanField("自开工累计完成投资", required=False)
    year_plan = WanField("本年计划投资", required=False)
    progress = forms.CharField(label="形象进度", max_length=200, required=False)
    reason = forms.CharField(
        label="情况说明", max_length=400, required=False,
        widget=forms.Textarea(attrs={"rows": 2}), help_text="数据有疑问时必填：写明为什么无误",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Waiting:
    """One project and month that waits for a report, or has one that can still be changed."""

    project: Project
    period: MonthlyPeriod
    report: MonthlyReport | None
    late: bool

    @property
    def url(self) -> str:
        """Where it is filled in."""
        return reverse("monthly-fill", args=[self.project.pk, self.period.year, self.period.month])

    @property
    def flags(self) -> list[str]:
        """Findings nobody has answered."""
        report = self.report
        open_ = report is not None and not report.confirmed
        return [flag_words(code) for code in report.flags] if report and open_ else []


@requires(FILL)
@require_GET
def mine(request: Any) -> HttpResponse:
    """Months that are open, for the projects I report for."""
    periods = list(
        MonthlyPeriod.objects.filter(status=MonthlyPeriod.Status.OPEN).order_by("-year", "-month")
    )
    rows = projects_to_fill(request.access).exclude(state__in=ENDED)
    places = Q(pk__in=())
    for one in periods:
        prefix = region_prefix(one.region_code)
        places |= Q(region_code__startswith=prefix, ledger_years__contains=[one.year])
    words = request.GET.get("q", "").strip()[:80]
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(enterprise_raw__icontains=words))
    found = list(rows.filter(places).defer("search").order_by("pk")[: _MOST + 1])
    reports = {
        (r.project_id, r.year, r.month): r
        for r in MonthlyReport.objects.filter(project__in=found).filter(
            year__in={one.year for one in periods}
        )
    }
    waiting = [
        Waiting(p, one, reports.get((p.pk, one.year, one.month)), overdue(one))
        for one in periods
        for p in found[:_MOST]
        if p.region_code.startswith(region_prefix(one.region_code)) and one.year in p.ledger_years
    ]
    # Those still to be reported come first.
    waiting.sort(key=lambda item: item.report is not None)
    context = {"waiting": waiting, "periods": periods, "more": len(found) > _MOST, "words": words}
    return render(request, "projects/monthly/mine.html", context)


def _project(request: Any, pk: int, year: int, month: int) -> Project:
    found = projects_to_fill(request.access).select_related("enterprise").filter(pk=pk).first()
    if found is None or not (1 <= month <= 12 and 2000 <= year <= 2100):
        raise Http404
    return found


@method_decorator(requires(FILL), name="dispatch")
class FillReport(FormPage):
    """One project and month."""

    form_class = FillForm
    template_name = "projects/monthly/fill.html"
    title = "填报月报"
    submit = "保存"
    done = "已保存"
    above = ("待我填报", "monthly-mine")

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The project, and its report of the month if there is one."""
        self.year, self.month = kwargs["year"], kwargs["month"]
        self.project = _project(request, kwargs["pk"], self.year, self.month)
        rows = MonthlyReport.objects.filter(project=self.project, year=self.year, month=self.month)
        self.report = rows.first()
        self.reached = reached(self.project, self.year, self.month)
        self.last = last_report(self.project, self.year, self.month)
        self.invoices = month_invoices(request.access, self.project.pk, self.year, self.month)

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """With the report as it is, else with what the months before and the invoices suggest."""
        return FillForm(data, initial=self._initial() if data is None else None)

    def _initial(self) -> dict[str, Any]:
        if self.report is not None:
            one, written = self.report, self.report.written
            return {
                "current": wan_text(one.current_fen if one.accepted else written.get("current")),
                "cumulative": wan_text(
                    one.cumulative_fen if one.accepted else written.get("cumulative")
                ),
                "equipment": wan_text(one.equipment_fen), "reason": one.confirmed,
                "since_start": wan_text(one.since_start_fen), "progress": one.progress or "",
                "year_plan": wan_text(one.year_plan_fen),
            }  # fmt: skip
        before, found = self.last, {"cumulative": wan_text(self.reached)}
        if self.invoices and self.invoices.amount_fen > 0:
            found["current"] = wan_text(self.invoices.amount_fen)
            found["cumulative"] = wan_text(self.reached + self.invoices.amount_fen)
        if before is not None:
            found["year_plan"] = wan_text(before.year_plan_fen)
            found["progress"] = before.progress or ""
        return found

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Store it."""
        figures = Figures(
            values["current"], values["cumulative"], values["year_plan"], values["since_start"],
            values["equipment"], values["progress"],
        )  # fmt: skip
        reason = values["reason"]
        made = _proposal(self.project, self.year, self.month, values)
        if "take" in request.POST and made is not None:
            figures = Figures(
                made.current or 0, made.cumulative or 0, *_rest(figures), figures.progress
            )
            reason = reason or f"{made.mistake}，按建议值填报"
        seen = request.POST.get("seen", "")
        fill_report(
            project=self.project.pk, year=self.year, month=self.month, figures=figures,
            reason=reason, seen=int(seen) if seen.isdecimal() else 0, by=request.user,
            access=request.access,
        )  # fmt: skip
        return reverse("monthly-mine")

    def context(self, request: Any) -> dict[str, Any]:
        """The project, the months so far, the invoices of the month."""
        stored = self.report.version if self.report else 0
        locked = Locks(self.year).covers(
            Places([self.project.pk]).region(self.project.pk, self.year, self.month), self.month
        )
        months = MonthlyReport.objects.filter(project=self.project, year=self.year)
        checks = None
        if request.method == "POST":
            form = FillForm(request.POST)
            checks = _checks(self.project, self.year, self.month, form)
        elif self.report is not None and self.report.flags:
            checks = _checks(self.project, self.year, self.month, FillForm(self._initial()))
        return {
            "project": self.project, "year": self.year, "month": self.month, "locked": locked,
            "months": [
                (one, [flag_words(c) for c in one.flags]) for one in months.order_by("month")
            ],
            "invoices": self.invoices, "reached": self.reached, "checks": checks,
            "heading": f"{self.project.name}：{self.year} 年 {self.month} 月",
            "seen": request.POST.get("seen") or str(stored), "back": reverse("monthly-mine"),
            "report": self.report, "has_before": self.last is not None,
        }  # fmt: skip


def _rest(figures: Figures) -> tuple[int | None, int | None, int | None]:
    return figures.year_plan_fen, figures.since_start_fen, figures.equipment_fen


def _entry(project: Project, month: int, values: dict[str, Any]) -> Entry:
    return Entry(
        month, values.get("current"), values.get("cumulative"), values.get("year_plan"),
        project.total_fen,
    )  # fmt: skip


def _proposal(project: Project, year: int, month: int, values: dict[str, Any]) -> Proposal | None:
    return propose(_entry(project, month, values), reached(project, year, month), limits())


@dataclass(frozen=True, slots=True)
class Checks:
    """What the live check says: the figures in full, the doubts, and a proposal if there is one."""

    current: int | None
    cumulative: int | None
    told: list[Told]
    proposal: Proposal | None
    later: tuple[str, ...]


def _checks(project: Project, year: int, month: int, form: forms.Form) -> Checks:
    form.is_valid()
    entry = _entry(project, month, form.cleaned_data)
    if entry.current is None and entry.cumulative is None:
        return Checks(None, None, [], None, ())
    stored = entries_of(project, year)
    before = check_year(stored.values(), limits())
    after = check_year({**stored, month: entry}.values(), limits())
    earlier = [e.current or 0 for m, e in stored.items() if m < month and after[m].accepted]
    average = sum(earlier) // len(earlier) if earlier else None
    told = tell(after[month].flags, entry, reached(project, year, month), average, limits())
    later = tuple(
        f"{m} 月将提示：{flag_words(code)}"
        for m in sorted(after) if m > month and after[m].reported
        for code in after[m].flags if m not in before or code not in before[m].flags
    )  # fmt: skip
    made = propose(entry, reached(project, year, month), limits())
    return Checks(entry.current, entry.cumulative, told, made, later)


@requires(FILL)
@require_GET
def check_figures(request: Any, pk: int, year: int, month: int) -> HttpResponse:
    """What would be said of the figures typed so far; writes nothing."""
    project = _project(request, pk, year, month)
    checks = _checks(project, year, month, FillForm(request.GET))
    return render(request, "projects/monthly/checks.html", {"checks": checks})


@method_decorator(requires(FILL), name="dispatch")
class QuietMonth(Click):
    """本月无进展."""

    done = "已报：本月无进展，累计数照上月"

    def home(self, request: Any, **kwargs: Any) -> str:
        """What waits for me."""
        return reverse("monthly-mine")

    def act(self, request: Any, **kwargs: Any) -> str:
        """Carry the sum on."""
        project = _project(request, kwargs["pk"], kwargs["year"], kwargs["month"])
        report_quiet(
            project=project.pk, year=kwargs["year"], month=kwargs["month"], by=request.user,
            access=request.access,
        )  # fmt: skip
        return self.home(request, **kwargs)
