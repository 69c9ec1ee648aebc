"""The summary by region on screen, with a link from every figure to its rows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.core.regions import region_groups
from jigai.core.screens.list_filters import year_field
from jigai.core.screens.place_filter import Place
from jigai.core.selectors_enterprises import latest_register_year
from jigai.policies.models import EvaluationRun
from jigai.policies.selectors import visible_runs, whole_runs
from jigai.projects.rollup import Line, rollup

_RUNS = 20


def dress(form: forms.Form) -> None:
    """The look of a query form."""
    for bound in form:
        kind = "select" if isinstance(bound.field.widget, forms.Select) else "control"
        bound.field.widget.attrs["class"] = f"form-{kind} form-{kind}-sm"


class RollupForm(forms.Form):
    """Which year, which place of two, which evaluation, below what."""

    year = year_field("年度与区划年份")
    by = forms.ChoiceField(
        label="按", required=False, choices=[("site", "项目所在地"), ("registered", "企业注册地")]
    )
    group = forms.ChoiceField(label="区域组", required=False)
    run = forms.TypedChoiceField(label="测算", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, runs: list[EvaluationRun], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [(key, group.name) for key, group in region_groups().items()]
        self.fields["group"].choices = [("", "不按区域组"), *groups]
        named = [(run.pk, f"第 {run.pk} 次 {run.pack.title[:16]}（{run.purpose}）") for run in runs]
        self.fields["run"].choices = [("", "该年度最近一次"), *named]
        dress(self)


@requires("project.view")
@require_GET
def region_summary(request: Any) -> HttpResponse:
    """Lines of one level; ``?parent=`` goes down."""
    runs = list(visible_runs(request.access).order_by("-id")[:_RUNS])
    data = request.GET.copy()
    data.setdefault("year", str(latest_register_year()))
    form = RollupForm(data, runs=runs)
    given = form.cleaned_data if form.is_valid() else {}
    year = given.get("year") or latest_register_year()
    by = given.get("by") or "site"
    parent = given.get("group") or request.GET.get("parent", "")[:20]
    run = _run(request, runs, given.get("run"), year)
    found = rollup(request.access, year=year, by=by, parent=parent, run=run)
    query = f"year={year}&by={by}" + (f"&run={run.pk}" if given.get("run") and run else "")
    context = {
        "form": form, "found": found, "year": year, "by": by, "run": run, "query": query,
        "lines": [_told(line, by, year, run, query) for line in found.lines],
        "total": found.total, "parent": parent,
        "above": [(f"?{query}&parent={code}", name) for code, name in found.above],
        "root": f"?{query}", "place_word": "企业注册地" if by == "registered" else "项目所在地",
    }  # fmt: skip
    return render(request, "projects/region_summary.html", context)


def _run(
    request: Any, runs: list[EvaluationRun], chosen: int | None, year: int
) -> EvaluationRun | None:
    """The run chosen, else the newest of the year, one that can be paid on before a simulation."""
    if chosen:
        return next((run for run in runs if run.pk == chosen), None)
    own = whole_runs(visible_runs(request.access)).filter(year=year, scenario={})
    return own.order_by("-payable", "-id").first()


def _told(line: Line, by: str, year: int, run: EvaluationRun | None, query: str) -> dict[str, Any]:
    place = Place(by, year, line.code)
    decisions = f"{reverse('decision-list')}?run={run.pk}&place={place}" if run else ""
    return {
        "line": line,
        "url": f"?{query}&parent={line.code}" if line.deeper else "",
        "enterprises": f"{reverse('enterprise-list')}?place={place}",
        "projects": f"{reverse('project-list')}?year={year}&counted=yes&place={place}",
        "decisions": f"{decisions}&counted=yes" if decisions else "",
    }
