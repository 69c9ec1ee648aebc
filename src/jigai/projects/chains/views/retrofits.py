"""安全提升 and 计量改造: tagged projects and their records side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.projects.chains.retrofits import (
    METROLOGY,
    SAFETY,
    TAGS,
    Retrofit,
    labels_with,
    retrofits,
)
from jigai.projects.services.tag_project import CAPABILITY
from jigai.registers.access import EDIT
from jigai.registers.special.question_forms import DayForm
from jigai.registers.special.risk_levels import LEVELS, LOOKS, WORDS, moved

_NO_RECORD = "没有登记"


@requires("project.view")
@require_GET
def safety(request: Any) -> HttpResponse:
    """Projects by industry, and what became of their level of risk."""
    form = DayForm(request.GET)
    if not form.is_valid():
        return render(request, "projects/chains/safety.html", {"form": form}, status=422)
    kept = retrofits(request.access, SAFETY, form.cleaned_data["on"])
    context = {
        "form": form, "kept": kept, "industries": by_industry(kept.rows), "words": WORDS.items(),
        "matrix": matrix(kept.rows), "levels": LEVELS.values(),
        "rows": [(row, LOOKS[moved(row.values)], WORDS[moved(row.values)]) for row in kept.rows],
        "counts": _counts(kept.rows), **_may(request),
    }  # fmt: skip
    return render(request, "projects/chains/safety.html", context)


def by_industry(rows: Iterable[Retrofit]) -> list[tuple[str, int, list[int]]]:
    """Every industry with its projects and how many went down, stayed, went up, are unknown."""
    lines: dict[str, Counter[str]] = {}
    for row in rows:
        lines.setdefault(row.shown.get("theme") or _NO_RECORD, Counter())[moved(row.values)] += 1
    return [
        (name, found.total(), [found[code] for code in WORDS])
        for name, found in sorted(lines.items(), key=lambda line: (-line[1].total(), line[0]))
    ]


def matrix(rows: Iterable[Retrofit]) -> list[tuple[str, list[int]]]:
    """Projects by level before (line) and after (column); the last of each is not assessed."""
    sides = [*LEVELS, ""]
    pairs = Counter((_level(row, "before"), _level(row, "after")) for row in rows)
    return [
        (LEVELS.get(before, "没有评"), [pairs[before, after] for after in sides])
        for before in sides
    ]


def _level(row: Retrofit, side: str) -> str:
    level = str(row.values.get(side) or "")
    return level if level in LEVELS else ""


def _counts(rows: Iterable[Retrofit]) -> list[tuple[str, int]]:
    found = Counter(moved(row.values) for row in rows)
    return [(word, found[code]) for code, word in WORDS.items()]


def _may(request: Any) -> dict[str, bool]:
    return {"may_list": request.access.can(EDIT), "may_tag": request.access.can(CAPABILITY)}


@requires("project.view")
@require_GET
def metrology(request: Any) -> HttpResponse:
    """Projects with their records, and whether they count under the labels that take them in."""
    form = DayForm(request.GET)
    if not form.is_valid():
        return render(request, "projects/chains/metrology.html", {"form": form}, status=422)
    kept = retrofits(request.access, METROLOGY, form.cleaned_data["on"])
    labels = labels_with(TAGS[METROLOGY])
    context = {
        "form": form, "kept": kept, "rows": kept.rows,
        "labels": [
            (system, label, sum(label.borne_by(row.project) for row in kept.rows))
            for system, label in labels
        ],
        "kinds": Counter(row.shown.get("theme") or _NO_RECORD for row in kept.rows).items(),
        "machines": sum(float(row.values.get("machines") or 0) for row in kept.rows),
        "finished": sum(bool(row.values.get("done")) for row in kept.rows), **_may(request),
    }  # fmt: skip
    return render(request, "projects/chains/metrology.html", context)
