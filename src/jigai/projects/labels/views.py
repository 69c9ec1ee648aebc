"""标签体系: projects counted by the labels of one document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.core.screens.list_filters import ANY, RegionField, below, year_field
from jigai.projects.labels.systems import Label, LabelSystem, label_systems
from jigai.projects.models import Project
from jigai.projects.selectors import projects_for
from jigai.projects.views.rollup import dress


class LabelForm(forms.Form):
    """Which system, over which projects."""

    system = forms.ChoiceField(label="标签体系", required=False)
    year = year_field()
    region = RegionField(empty=ANY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["system"].choices = [
            (system.id, f"{system.name}（{system.pack}）") for system in label_systems().values()
        ]
        dress(self)


@dataclass(frozen=True, slots=True)
class LabelLine:
    """Projects that bear one label, and their investment in fen."""

    label: Label
    projects: int
    total_fen: int


def label_counts(rows: QuerySet[Project], system: LabelSystem) -> tuple[list[LabelLine], int, int]:
    """Lines of a system, and how many projects bear at least one label and their investment.

    Every project counts once in the total however many labels it bears; two queries.
    """
    kept = rows.filter(duplicate_of__isnull=True).order_by()
    asked: dict[str, Any] = {}
    any_label = Q(pk__in=[])
    for label in system.labels:
        condition = label.condition()
        any_label |= condition
        asked[f"n_{label.id}"] = Count("pk", filter=condition)
        asked[f"s_{label.id}"] = Sum("total_fen", filter=condition)
    sums = kept.aggregate(
        **asked, n=Count("pk", filter=any_label), s=Sum("total_fen", filter=any_label)
    )
    lines = [
        LabelLine(label, sums[f"n_{label.id}"], sums[f"s_{label.id}"] or 0)
        for label in system.labels
    ]
    return lines, sums["n"], sums["s"] or 0


@requires("project.view")
@require_GET
def labels(request: Any) -> HttpResponse:
    """One system at a time."""
    first = next(iter(label_systems()))
    data = request.GET.copy()
    data.setdefault("system", first)
    form = LabelForm(data)
    given = form.cleaned_data if form.is_valid() else {}
    system = label_systems()[given.get("system") or first]
    rows, query = projects_for(request.access), ""
    if given.get("year"):
        rows, query = rows.filter(ledger_years__contains=[given["year"]]), f"&year={given['year']}"
    if given.get("region"):
        rows = below(rows, "region_code", given["region"])
        query += f"&region={given['region']}"
    lines, count, fen = label_counts(rows, system)
    context = {
        "form": form, "system": system, "lines": lines, "count": count, "fen": fen,
        "query": query, "listed": reverse("project-list"),
    }  # fmt: skip
    return render(request, "projects/labels/labels.html", context)
