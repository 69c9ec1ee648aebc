"""三级汇总: projects in the libraries by region and level, each once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.core.region_years import path_in
from jigai.core.screens.place_filter import Place
from jigai.projects.library.access import VIEW
from jigai.projects.library.codes import Level
from jigai.projects.library.levels import ANY, Summary, Tally, summary_of

HEADS = (*(level.label for level in Level), "任何一级")


class PlaceForm(forms.Form):
    """Below which place."""

    parent = forms.RegexField(r"^[0-9]{6}$", required=False)


@requires(VIEW)
@require_GET
def summary(request: Any) -> HttpResponse:
    """Lines of one level; ``?parent=`` goes down."""
    form = PlaceForm(request.GET)
    parent = form.cleaned_data["parent"] if form.is_valid() else ""
    year = timezone.localdate().year
    if "parent" not in request.GET:
        parent = _home(request, year)
    found = summary_of(request.access, parent, year)
    context = {
        "found": found, "heads": HEADS, "parent": parent, "year": year,
        "lines": [_line(found, place.name, place.code, place.tally, place.deeper, year)
                  for place in found.lines],
        "total": _cells(found.total, "", year),
    }  # fmt: skip
    return render(request, "projects/library/summary.html", context)


def _home(request: Any, year: int) -> str:
    """The province of one's own region, so that a province shows its cities."""
    path = path_in(request.access.home_region or "", year)
    return path[0] if path else ""


def _line(
    found: Summary, name: str, code: str, tally: Tally, deeper: bool, year: int
) -> dict[str, Any]:
    return {"name": name, "code": code, "url": f"?parent={code}" if deeper else "",
            "cells": _cells(tally, code, year), "unknown": tally.unknown}  # fmt: skip


def _cells(tally: Tally, code: str, year: int) -> list[dict[str, Any]]:
    """Count and sum of each column with the way to its rows."""
    place = f"&place={Place('site', year, code)}" if code else ""
    base = f"{reverse('library-list')}?status=in"
    return [
        # The list says under it how many projects its entries are.
        {"count": count, "fen": fen,
         "url": f"{base}{place}" if level == ANY else f"{base}&level={level}{place}"}
        for level, count, fen in tally.cells
    ]  # fmt: skip
