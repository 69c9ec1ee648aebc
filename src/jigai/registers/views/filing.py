"""Projects against their certificates."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.core.selectors_regions import names_of_regions
from jigai.registers.access import VIEW
from jigai.registers.special.filing import LOOKS, WORDS
from jigai.registers.special.filing_source import filed_projects
from jigai.registers.special.service_forms import FilingForm
from jigai.registers.special.stored_filing import Line, change_share, lines_of

MOST, ROWS = 5_000, 50


@requires(VIEW)
@require_GET
def check(request: Any) -> HttpResponse:
    """Every project in reach: valid, missing, changed without a new certificate, another code."""
    form = FilingForm(request.GET)
    if not form.is_valid():
        return render(request, "registers/filing.html", {"form": form}, status=422)
    given = form.cleaned_data
    projects = filed_projects(request.access, given["q"], MOST + 1)
    lines = lines_of(projects[:MOST], given["on"])
    found = Counter(line.state.state for line in lines)
    shown = [line for line in lines if _wanted(line, given["state"])]
    page = Paginator(shown, ROWS).get_page(request.GET.get("page", 1))
    wanted = {"q": given["q"], "on": given["on"].isoformat(), "state": given["state"]}
    context = {
        "form": form, "day": given["on"], "page": page, "more": len(projects) > MOST,
        "counts": [(LOOKS[code], word, found[code]) for code, word in WORDS.items()],
        "codes": sum(line.code_differs for line in lines), "query": urlencode(wanted),
        "rows": _rows(list(page)), "share": change_share(), "total": len(lines),
    }  # fmt: skip
    return render(request, "registers/filing.html", context)


def _wanted(line: Line, state: str) -> bool:
    if state == "code":
        return line.code_differs
    return state in ("", line.state.state)


def _rows(lines: list[Line]) -> list[tuple[Line, list[tuple[Any, str, str]]]]:
    """Lines with their differences; places by name."""
    places = {
        text for line in lines for d in line.differences if d.what == "建设地点"
        for text in (d.project, d.certificate)
    }  # fmt: skip
    names = names_of_regions(places)
    return [
        (line, [(d, names.get(d.project, d.project), names.get(d.certificate, d.certificate))
                for d in line.differences])
        for line in lines
    ]  # fmt: skip
