"""Two departments' figures on screen: trend, places, the list of differences, a ruling."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.core.screens import formats
from jigai.core.selectors_regions import names_of_regions
from jigai.core.views.form_page import FormPage
from jigai.metrics.worked import Worked
from jigai.projects.analysis.downloads import download, wanted
from jigai.projects.analysis.forms import MonthForm
from jigai.projects.analysis.monitoring import (
    KINDS,
    SAME,
    Beside,
    Difference,
    beside,
    differences,
    latest_month,
)
from jigai.projects.analysis.services.rule_difference import CAPABILITY, rule_difference
from jigai.projects.models import FigureRuling
from jigai.sheets.writer import MONEY, TEXT, ExportColumn

SHOWN = 200
_WORDS = {"open": "待裁定", "overtaken": "裁定后数又变了，请复核", "settled": "已裁定"}


def _bound(request: Any) -> tuple[MonthForm, int, int, str]:
    data = request.GET.copy()
    year, region = MonthForm(data).chosen
    form = MonthForm(data)
    given = form.cleaned_data.get("month") if form.is_valid() else None
    month = given or latest_month(request.access, year)
    data["year"], data["month"] = str(year), str(month)
    return MonthForm(data), year, month, region


@requires("project.view")
@require_GET
def monitoring(request: Any) -> HttpResponse:
    """Months and places beside each other, then project by project."""
    form, year, month, region = _bound(request)
    found = differences(request.access, year, month, region)
    # Until the bureau's file of the month is here every project would be one it does not have.
    no_file = all(one.theirs is None for one in found)
    apart = [] if no_file else [one for one in found if one.kind != SAME]
    names = names_of_regions({one.region for one in found})
    if wanted(request):
        rows = [_row(one, names) for one in apart]
        return download(request, f"{year}年{month}月部门对数差异", _COLUMNS, rows)
    months = beside(request.access, year, region, "month", None)
    places = beside(request.access, year, region, "region", month)
    places_named = names_of_regions({one.key for one in places})
    query = f"year={year}&month={month}" + (f"&region={region}" if region else "")
    now = next((one for one in months if one.key == str(month)), None)
    context = {
        "form": form, "year": year, "month": month, "query": query, "now": now,
        "months": [(f"{one.key} 月", one, _rate(one.rate)) for one in months],
        "places": [(places_named.get(one.key, one.key or "区划不明"), one, _rate(one.rate))
                   for one in places],
        "lines": [_told(one, names, year, month) for one in apart[:SHOWN]],
        "apart": len(apart), "more": max(len(apart) - SHOWN, 0), "all": len(found),
        "open": sum(not one.settled for one in apart),
        "brief": _brief(now, apart, len(found), year),
        "may_rule": request.access.can(CAPABILITY),
        "may_export": request.access.can("export.make"),
        "any": bool(months), "no_file": no_file,
    }  # fmt: skip
    return render(request, "projects/analysis/monitoring.html", context)


def _rate(figure: Worked) -> str:
    shown = figure.shown(1)
    return formats.ABSENT if shown is None else f"{shown}%"


def _told(one: Difference, names: dict[str, str], year: int, month: int) -> dict[str, Any]:
    what = f"project={one.project}" if one.project is not None else f"figure={one.figure}"
    return {
        "one": one, "region": names.get(one.region, one.region), "kind": KINDS[one.kind],
        "state": _state(one), "state_words": _WORDS[_state(one)],
        "url": f"{reverse('monitoring-rule')}?year={year}&month={month}&{what}",
    }  # fmt: skip


def _state(one: Difference) -> str:
    return "settled" if one.settled else "overtaken" if one.overtaken else "open"


def _brief(now: Beside | None, apart: list[Difference], count: int, year: int) -> list[str]:
    """The month in sentences, for a note to leaders."""
    if now is None:
        return []
    ours = "没有数" if now.ours is None else f"{formats.wan(now.ours)} 万元"
    theirs = "没有数" if now.theirs is None else f"{formats.wan(now.theirs)} 万元"
    told = [f"{year} 年 1—{now.key} 月，工信月报（已入统项目）累计完成 {ours}，统计部门 {theirs}。"]
    if now.gap is not None:
        word = "高" if now.gap > 0 else "低"
        told.append(
            f"月报比统计{word} {formats.wan(abs(now.gap))} 万元（{_rate(now.rate)}）。"
            if now.gap else "两边合计一致。"
        )  # fmt: skip
    if now.theirs is None:
        return told
    counts = {kind: sum(one.kind == kind for one in apart) for kind in KINDS}
    parts = [f"“{KINDS[kind]}”{number} 个" for kind, number in counts.items() if number]
    if parts:
        told.append(f"对过 {count} 个项目：{'，'.join(parts)}。")
    waiting = sum(not one.settled for one in apart)
    told.append(f"已裁定 {len(apart) - waiting} 个，待裁定 {waiting} 个。")
    return told


_COLUMNS = (
    ExportColumn("项目", TEXT, 40), ExportColumn("地区", TEXT), ExportColumn("情形", TEXT, 24),
    ExportColumn("月报累计（元）", MONEY, 20), ExportColumn("统计累计（元）", MONEY, 20),
    ExportColumn("相差（元）", MONEY, 20), ExportColumn("裁定", TEXT, 20),
    ExportColumn("原因", TEXT, 40),
)  # fmt: skip


def _row(one: Difference, names: dict[str, str]) -> list[object]:
    ruling = one.ruling
    words = _WORDS[_state(one)] if ruling is None or one.overtaken else ruling.get_holds_display()
    return [one.name, names.get(one.region, one.region), KINDS[one.kind], one.ours, one.theirs,
            one.gap, words, ruling.reason if ruling else ""]  # fmt: skip


class RulingForm(forms.Form):
    """Which figure is used, and why they differ."""

    holds = forms.ChoiceField(label="裁定", choices=FigureRuling.Holds.choices)
    reason = forms.CharField(
        label="差异原因", max_length=400, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="如 统计次月补报、口径不含购置旧设备、项目名称不同未对上",
    )  # fmt: skip


@method_decorator(requires(CAPABILITY), name="dispatch")
class Rule(FormPage):
    """Rule one difference; both figures stay as they are."""

    form_class = RulingForm
    title = "部门对数裁定"
    note = "裁定只说明用哪个数和差在哪里，不改任何一边的数"
    submit = "裁定"
    done = "已裁定"
    columns = 1
    above = ("统计监测分析", "monitoring")

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The difference as it stands."""
        given = {
            key: _number(request.GET.get(key)) for key in ("year", "month", "project", "figure")
        }
        self.given = given
        year, month = given["year"], given["month"]
        if not year or not month or (given["project"] is None and given["figure"] is None):
            raise Http404
        project, figure = given["project"], given["figure"]
        found = differences(request.access, year, month, project=project,
                            figure=figure if project is None else None)  # fmt: skip
        if not found:
            raise Http404
        self.year, self.month, self.found = year, month, found[0]

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Record it on the figures the person saw."""
        ours, _, theirs = request.POST.get("seen", "").partition("/")
        rule_difference(
            year=self.year, month=self.month, project=self.found.project, figure=self.found.figure,
            holds=values["holds"], reason=values["reason"], seen=(_number(ours), _number(theirs)),
            by=request.user, access=request.access,
        )  # fmt: skip
        return f"{reverse('monitoring')}?year={self.year}&month={self.month}"

    def context(self, request: Any) -> dict[str, Any]:
        """Both figures and what was ruled before."""
        one = self.found
        facts = [
            ("项目", one.name), ("情形", KINDS[one.kind]),
            ("月报累计（元）", formats.ABSENT if one.ours is None else formats.yuan(one.ours)),
            ("统计累计（元）", formats.ABSENT if one.theirs is None else formats.yuan(one.theirs)),
        ]  # fmt: skip
        if one.ruling is not None:
            at = formats.day(one.ruling.created_at)
            told = f"{one.ruling.get_holds_display()}：{one.ruling.reason}"
            facts.append(("上次裁定", f"{told}（{one.ruling.created_by}，{at}）"))
        seen = "/".join("" if v is None else str(v) for v in (one.ours, one.theirs))
        back = f"{reverse('monitoring')}?year={self.year}&month={self.month}"
        return {"facts": facts, "seen": request.POST.get("seen") or seen, "back": back}


def _number(text: Any) -> int | None:
    bare = str(text or "")
    return int(bare) if bare.removeprefix("-").isdecimal() and len(bare) < 19 else None
