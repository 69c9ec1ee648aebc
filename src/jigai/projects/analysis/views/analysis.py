"""Technical-transformation investment on screen: lines, their rows, how each figure came about."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.core.selectors_regions import names_of_regions
from jigai.metrics.worked import Worked
from jigai.projects.analysis.analyse import DIMENSIONS, Analysis, Line, analyse
from jigai.projects.analysis.downloads import download, wanted
from jigai.projects.analysis.facts import STATEMENTS
from jigai.projects.analysis.forms import AnalysisForm
from jigai.projects.analysis.keyed import PAGE, rows_behind
from jigai.projects.analysis.keys import NAMERS
from jigai.projects.analysis.narrowing import Question
from jigai.projects.analysis.told import cell, told
from jigai.sheets.writer import INTEGER, MONEY, NUMBER, TEXT, ExportColumn

_FIGURES = ("share", "growth", "contribution", "pull")


def _bound(request: Any) -> AnalysisForm:
    data = request.GET.copy()
    form = AnalysisForm(data)
    asked = form.asked
    for name in ("year", "month", "statement", "by", "nature"):
        data.setdefault(name, str(getattr(asked, name)))
    return AnalysisForm(data)


@requires("project.view")
@require_GET
def analysis(request: Any) -> HttpResponse:
    """The lines of one question; ``?open=`` shows how the figures of a line came about."""
    form = _bound(request)
    asked = form.asked
    found = analyse(request.access, asked)
    if wanted(request):
        return download(request, _title(asked), _COLUMNS, _cells(found), note=_note(found))
    opened = next((x for x in found.lines if x.key == request.GET.get("open")), None)
    context = {
        "form": form, "found": found, "asked": asked, "dimension": DIMENSIONS[asked.by],
        "lines": [_told(line, asked) for line in found.lines], "opened": opened,
        "figures": [told(getattr(opened.figures, name)) for name in ("increment", *_FIGURES)]
        if opened else [],
        "whole": told(found.whole.growth), "statement": STATEMENTS[asked.statement],
        "query": asked.query(), "rows_url": reverse("project-analysis-rows"),
        "others": [(name, asked.query(by=key)) for key, name in DIMENSIONS.items()],
        "above": _above(asked), "may_export": request.access.can("export.make"),
    }  # fmt: skip
    return render(request, "projects/analysis/analysis.html", context)


def _told(line: Line, asked: Question) -> dict[str, Any]:
    query = asked.query()
    return {
        "line": line,
        "rows": f"{reverse('project-analysis-rows')}?{query}&key={line.key}",
        "deeper": f"?{line.deeper.query()}" if line.deeper else "",
        "open": f"?{query}&open={line.key}#how",
        "cells": [(cell(figure), figure.why) for figure in _of(line)],
    }


def _of(line: Line) -> list[Worked]:
    return [getattr(line.figures, name) for name in _FIGURES]


def _above(asked: Question) -> list[tuple[str, str]]:
    """Conditions that drilling down put there, each with the address without it."""
    found = []
    if asked.region:
        name = names_of_regions([asked.region]).get(asked.region, asked.region)
        found.append((f"地区：{name}", asked.query(region="")))
    for part, by in (("industry", "industry"), ("direction", "direction"), ("size", "size")):
        key = getattr(asked, part)
        if key:
            found.append((f"{DIMENSIONS[by]}：{NAMERS[by](asked, key).name}",
                          asked.query(**{part: ""})))  # fmt: skip
    return found


def _title(asked: Question) -> str:
    return f"{asked.year}年技改投资按{DIMENSIONS[asked.by]}（{STATEMENTS[asked.statement]}）"


def _note(found: Analysis) -> str:
    return f"{found.asked.year} 年 1—{found.asked.month} 月。{found.method}"


_COLUMNS = (
    ExportColumn("分组", TEXT, 28), ExportColumn("项目（个）", INTEGER),
    ExportColumn("企业（家）", INTEGER), ExportColumn("本期（元）", MONEY, 20),
    ExportColumn("上年同期（元）", MONEY, 20), ExportColumn("占比（%）", NUMBER),
    ExportColumn("同比（%）", NUMBER), ExportColumn("贡献率（%）", NUMBER),
    ExportColumn("拉动（百分点）", NUMBER), ExportColumn("说明", TEXT, 40),
)  # fmt: skip


def _cells(found: Analysis) -> list[list[object]]:
    rows: list[list[object]] = []
    for line in found.lines:
        base = line.sums.base_fen if found.compares else None
        figures: list[Decimal | None] = [figure.shown(1) for figure in _of(line)]
        why = "；".join(dict.fromkeys(f"{x.name}{x.why or x.note}" for x in _of(line)
                                     if x.why or x.note))  # fmt: skip
        rows.append([line.name, line.sums.projects, line.sums.enterprises, line.sums.fen, base,
                     *figures, why])  # fmt: skip
    total = found.total
    rows.append(["合计", total.projects, total.enterprises, total.fen,
                 total.base_fen if found.compares else None, None, found.whole.growth.shown(1),
                 None, None, found.whole.growth.why])  # fmt: skip
    return rows


_ROWS = (
    ExportColumn("项目编号", TEXT, 20), ExportColumn("项目名称", TEXT, 40),
    ExportColumn("企业", TEXT, 30), ExportColumn("区划", TEXT),
    ExportColumn("本期（元）", MONEY, 20), ExportColumn("上年同期（元）", MONEY, 20),
    ExportColumn("计入", TEXT),
)  # fmt: skip


@requires("project.view")
@require_GET
def analysis_rows(request: Any) -> HttpResponse:
    """The projects behind a figure."""
    asked = _bound(request).asked
    key = request.GET.get("key")
    page = max(int(request.GET["page"]), 1) if request.GET.get("page", "").isdecimal() else 1
    if wanted(request):
        every, _ = rows_behind(request.access, asked, key, limit=None)
        told_rows = [[r.number, r.name, r.enterprise, r.region, r.fen, r.base_fen,
                      "是" if r.counted else "否"] for r in every]  # fmt: skip
        return download(request, f"{_title(asked)}明细", _ROWS, told_rows)
    rows, count = rows_behind(request.access, asked, key, offset=(page - 1) * PAGE)
    query = asked.query() + (f"&key={key}" if key is not None else "")
    names = names_of_regions(row.region for row in rows)
    context = {
        "asked": asked, "rows": [(row, names.get(row.region, row.region)) for row in rows],
        "count": count, "query": query, "page": page, "pages": -(-count // PAGE) or 1,
        "name": NAMERS[asked.by](asked, key).name if key is not None else "合计",
        "title": _title(asked), "back": f"{reverse('project-analysis')}?{asked.query()}",
        "may_export": request.access.can("export.make"),
    }  # fmt: skip
    return render(request, "projects/analysis/rows.html", context)
