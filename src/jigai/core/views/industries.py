"""行业分类: GB/T 4754-2017, and the everyday names documents use."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.core.industries import Industry, load_industries
from jigai.core.industry_names import industries_named, spoken_names

_FOUND = 200


@requires("industry.view")
@require_GET
def industry_list(request: Any) -> HttpResponse:
    """What lies below an entry, or what words find."""
    typed = request.GET.get("q", "").strip()
    table = load_industries()
    chosen = table.get(request.GET.get("code", "").strip().upper())
    context = {
        "typed": typed,
        "chosen": chosen,
        "above": _above(chosen),
        "rows": _found(typed) if typed else _below(chosen),
        "spoken": industries_named(typed) if typed else (),
        "names": spoken_names().values(),
    }
    return render(request, "core/reference/industries.html", context)


def _below(chosen: Industry | None) -> list[Industry]:
    parent = chosen.code if chosen else None
    return [row for row in load_industries().values() if row.parent == parent]


def _above(chosen: Industry | None) -> list[Industry]:
    above: list[Industry] = []
    while chosen is not None and chosen.parent is not None:
        chosen = load_industries()[chosen.parent]
        above.insert(0, chosen)
    return above


def _found(typed: str) -> list[Industry]:
    code = typed.upper()
    bare = code[1:] if len(code) > 1 and code[0].isalpha() and code[1:].isdigit() else code
    rows = [
        row
        for row in load_industries().values()
        if typed in row.name or (bare.isdigit() and row.code.startswith(bare)) or row.code == bare
    ]
    return rows[:_FOUND]
