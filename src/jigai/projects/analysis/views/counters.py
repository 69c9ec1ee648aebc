"""The four counters on screen, each with the targets it answers to."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any
from urllib.parse import quote

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.core.selectors_regions import names_of_regions
from jigai.metrics.coverage import Coverage
from jigai.metrics.diffusion import ORIGINS, KindCount
from jigai.metrics.lives import StateCount, states
from jigai.metrics.penetration import DENOMINATORS, Penetration
from jigai.metrics.worked import rounded
from jigai.projects.analysis.counters.content import machine_kinds
from jigai.projects.analysis.counters.coverage import coverage_of
from jigai.projects.analysis.counters.digital import SURVEY, digital
from jigai.projects.analysis.counters.lives import ledgers_of, lives_of
from jigai.projects.analysis.counters.machines import Spread, spread
from jigai.projects.analysis.counters.targets import targets_beside, whole_region
from jigai.projects.analysis.downloads import download, wanted
from jigai.projects.analysis.forms import YearForm
from jigai.projects.models import Project
from jigai.projects.selectors import projects_for
from jigai.sheets.writer import INTEGER, NUMBER, TEXT, ExportColumn

# How many years a counter shows up to the one asked for.
SPAN = 5
ROWS = 100
BASES = {"a": "当年在实施（含续建）", "b": "只计新开工"}
STATES = {
    "library": "在库", "listed": "在账", "carried": "续建", "begun": "新开工", "completed": "竣工",
    "stopped": "停建或退出", "under_way": "年末在建", "waiting": "未开工",
    "undated": "开工日期不明",
}  # fmt: skip


def _percent(value: Fraction | None) -> str:
    return "—" if value is None else f"{rounded(value * 100, 1)}%"


def _base(request: Any, form: YearForm, system: str, series: dict[str, Any]) -> dict[str, Any]:
    year, region = form.chosen
    query = f"year={year}" + (f"&region={region}" if region else "")
    targets = targets_beside(system, series, whole_region(request.access, region))
    return {"form": form, "year": year, "query": query, "targets": targets,
            "may_export": request.access.can("export.make")}  # fmt: skip


def _bound(request: Any, kind: type[YearForm] = YearForm) -> YearForm:
    data = request.GET.copy()
    data.setdefault("year", str(kind(request.GET).chosen[0]))
    return kind(data)


@requires("project.view")
@require_GET
def coverage(request: Any) -> HttpResponse:
    """Enterprises by year, once a year and once for all years, against the register of the year."""
    form = _bound(request)
    year, region = form.chosen
    lives = lives_of(request.access, region)
    found = coverage_of(request.access, lives, year - SPAN + 1, year, region)
    ledgers = ledgers_of(lives)
    if wanted(request):
        rows = [[c.year, c.own, c.new, c.cumulative, c.turns, c.register, c.own_registered,
                 _percent(c.yearly_share), c.ever_registered, _percent(c.cumulative_share),
                 c.outside] for c in found]  # fmt: skip
        return download(request, "技改企业覆盖计数", _COVERAGE, rows)
    lines = [
        (c, _percent(c.yearly_share), _percent(c.cumulative_share), c.year in ledgers)
        for c in found
    ]
    context = {
        **_base(request, form, "enterprise-coverage-counter", _coverage_series(found, ledgers)),
        "lines": lines, "any": any(c.own for c in found),
    }  # fmt: skip
    return render(request, "projects/analysis/coverage.html", context)


_COVERAGE = (
    ExportColumn("年度", INTEGER), ExportColumn("开展技改（家）", INTEGER),
    ExportColumn("其中首次（家）", INTEGER), ExportColumn("累计去重（家）", INTEGER),
    ExportColumn("累计家次", INTEGER), ExportColumn("当年规上（家）", INTEGER),
    ExportColumn("当年开展的规上（家）", INTEGER), ExportColumn("年度覆盖率", TEXT),
    ExportColumn("累计开展的规上（家）", INTEGER), ExportColumn("累计覆盖率", TEXT),
    ExportColumn("不在当年规上名录（家）", INTEGER),
)  # fmt: skip


def _coverage_series(
    found: Iterable[Coverage], ledgers: set[int]
) -> dict[str, dict[int, Fraction | None]]:
    """Figures by name; of those new in a year, so that their sum counts everybody once. A year
    without a ledger is not known."""
    rows = [one for one in found if one.year in ledgers]
    share = {c.year: None if c.cumulative_share is None else c.cumulative_share * 100 for c in rows}
    return {
        "yearly": {c.year: Fraction(c.own) for c in rows},
        "distinct": {c.year: Fraction(c.new) for c in rows},
        "share": share,
    }


class ProjectsForm(YearForm):
    """Which reading of 实施 besides."""

    basis = forms.ChoiceField(label="实施指", required=False, choices=list(BASES.items()))


@requires("project.view")
@require_GET
def projects(request: Any) -> HttpResponse:
    """Projects by state and year; every number opens its projects."""
    form = _bound(request, ProjectsForm)
    year, region = form.chosen
    basis = form.cleaned_data.get("basis") or "a"
    lives = lives_of(request.access, region)
    ledgers = ledgers_of(lives)
    counts = [states((x.life for x in lives), y) for y in range(year - SPAN + 1, year + 1)]
    if wanted(request):
        rows = [[c.year, *(len(getattr(c, s)) for s in STATES), len(c.implemented("a")),
                 len(c.implemented("b"))] for c in counts]  # fmt: skip
        return download(request, "项目数跟踪", _PROJECTS, rows)
    series = {"implemented": {c.year: Fraction(len(c.implemented(basis)))
                              for c in counts if c.year in ledgers}}  # fmt: skip
    context = {
        **_base(request, form, "project-count-tracker", series),
        "heads": list(STATES.values()), "basis": BASES[basis], "basis_code": basis,
        "lines": [_state_line(c, basis, c.year in ledgers) for c in counts], "any": bool(lives),
        "unrecorded": _unrecorded(lives, counts[-1]), "rows_url": reverse("counter-project-rows"),
    }  # fmt: skip
    return render(request, "projects/analysis/projects.html", context)


def _state_line(count: StateCount, basis: str, whole: bool) -> dict[str, Any]:
    cells = [(state, len(getattr(count, state))) for state in STATES]
    return {"year": count.year, "cells": cells, "whole": whole,
            "implemented": len(count.implemented(basis))}  # fmt: skip


def _unrecorded(lives: Iterable[Any], count: StateCount) -> int:
    """Projects of the year whose beginning rests on the ledger's day alone."""
    keys = {*count.carried, *count.begun}
    return sum(x.life.key in keys and not x.recorded for x in lives)


_PROJECTS = (
    ExportColumn("年度", INTEGER), *(ExportColumn(name, INTEGER) for name in STATES.values()),
    *(ExportColumn(f"实施（{name}）", INTEGER) for name in BASES.values()),
)  # fmt: skip


@requires("project.view")
@require_GET
def project_rows(request: Any) -> HttpResponse:
    """The projects behind one number."""
    form = _bound(request, ProjectsForm)
    year, region = form.chosen
    state = str(request.GET.get("state", ""))[:20]
    query = f"year={year}&state={quote(state)}&basis={form.cleaned_data.get('basis') or 'a'}"
    query += f"&region={region}" if region else ""
    count = states((x.life for x in lives_of(request.access, region)), year)
    if state == "implemented":
        keys = count.implemented(form.cleaned_data.get("basis") or "a")
    else:
        keys = list(getattr(count, state)) if state in STATES else []
    page = max(int(request.GET["page"]), 1) if request.GET.get("page", "").isdecimal() else 1
    found = projects_for(request.access).filter(pk__in=keys).defer("search")
    rows: list[Project] = list(found.order_by("region_code", "id")[(page - 1) * ROWS : page * ROWS])
    names = names_of_regions(row.region_code for row in rows)
    context = {
        "rows": [(row, names.get(row.region_code, row.region_code)) for row in rows],
        "name": STATES.get(state, "实施"), "year": year, "count": len(keys), "page": page,
        "pages": -(-len(keys) // ROWS) or 1, "query": query,
        "back": f"{reverse('counter-projects')}?{query}",
    }  # fmt: skip
    return render(request, "projects/analysis/project_rows.html", context)


@requires("project.view")
@require_GET
def machines(request: Any) -> HttpResponse:
    """Robots and machining centres by year: 台 and 套 apart, second-hand and leased apart."""
    form = _bound(request)
    year, region = form.chosen
    first = year - SPAN + 1
    found = spread(request.access, first, year, region)
    lines = [row for y in range(first, year + 1) for row in _machine_lines(found, y)]
    if wanted(request):
        rows = [[y, name, unit, *cells, total] for y, name, unit, cells, total in lines]
        return download(request, "装备推广计数", _MACHINES, rows)
    robots = {y: Fraction(found.bought(y, "robot", "台")) if found.years.get(y) else None
              for y in range(first, year + 1)}  # fmt: skip
    counts = [c for kinds in found.years.values() for c in kinds.values()]
    context = {
        **_base(request, form, "equipment-diffusion-counter", {"robots": robots}),
        "visible": found.visible, "lines": lines, "origins": list(ORIGINS.values()),
        "repeated": sum(len(c.repeated) for c in counts),
        "unknown": sum(len(c.unknown) for c in counts),
    }  # fmt: skip
    return render(request, "projects/analysis/machines.html", context)


def _machine_lines(found: Spread, year: int) -> list[tuple[int, str, str, list[str], str]]:
    lines = []
    for kind in machine_kinds():
        count = found.years.get(year, {}).get(kind.kind) or KindCount(kind.kind)
        for unit in sorted(count.by_unit):
            cells = [_plain(count.total(unit, origin)) for origin in ORIGINS]
            lines.append((year, kind.name, unit, cells, _plain(count.total(unit))))
    return lines


def _plain(number: Any) -> str:
    return f"{number.normalize():f}" if number else "0"


_MACHINES = (
    ExportColumn("年度", INTEGER), ExportColumn("设备", TEXT), ExportColumn("单位", TEXT),
    *(ExportColumn(name, NUMBER) for name in ORIGINS.values()), ExportColumn("合计", NUMBER),
)  # fmt: skip


@requires("project.view")
@require_GET
def penetration(request: Any) -> HttpResponse:
    """Coverage of digital tools, each figure with its own denominator."""
    form = _bound(request)
    year, region = form.chosen
    found = digital(request.access, year, region)
    if wanted(request):
        rows = [_digital_row(p) for a in found for p in (a.found, *a.other)]
        return download(request, f"{year}年数字化渗透统计", _DIGITAL, rows)
    answered = any(a.found.yes or a.found.no for a in found)
    series: dict[str, dict[int, Fraction | None]] = {}
    for a in found:
        # Where nobody was asked the share is not zero but unknown.
        known = answered and a.found.low is not None
        series[a.asked.key] = {year: (a.found.low or Fraction(0)) * 100 if known else None}
    cloud = next(a for a in found if a.asked.key == "cloud").found.yes
    series["cloud-count"] = {year: Fraction(cloud) if answered else None}
    context = {
        **_base(request, form, "digital-penetration-counter", series),
        "lines": [
            (a, DENOMINATORS[a.asked.denominator], _percent(a.found.low), _percent(a.found.high),
             [(DENOMINATORS[o.denominator], o, _percent(o.low)) for o in a.other]) for a in found
        ],
        "answered": answered, "sizes": found[0].found.size + found[0].found.unplaced,
        "register": reverse("register-detail", args=[SURVEY]),
        "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "projects/analysis/digital.html", context)


def _digital_row(one: Penetration) -> list[object]:
    return [one.question, DENOMINATORS[one.denominator], one.size, one.yes, one.no, one.silent,
            _percent(one.low), _percent(one.high), one.unplaced, one.outside]  # fmt: skip


_DIGITAL = (
    ExportColumn("应用", TEXT, 24), ExportColumn("分母", TEXT, 18),
    ExportColumn("分母（家）", INTEGER), ExportColumn("是", INTEGER), ExportColumn("否", INTEGER),
    ExportColumn("未答", INTEGER), ExportColumn("覆盖率（未答按未覆盖）", TEXT),
    ExportColumn("未答全算覆盖时", TEXT), ExportColumn("不知是否属于分母", INTEGER),
    ExportColumn("分母之外答是", INTEGER),
)  # fmt: skip
