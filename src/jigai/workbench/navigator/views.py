"""政策匹配 on screen: find an enterprise, its matches, one trace, a part of the enterprise page."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.core.models import Enterprise
from jigai.core.screens.list_filters import search
from jigai.core.selectors_enterprises import enterprises_for
from jigai.core.selectors_regions import names_of_regions
from jigai.core.services.log_access import log_access
from jigai.funding.budgets.local_funds import local_funds
from jigai.policies.calculator.catalogue import INSTRUMENTS
from jigai.policies.providers import line_names
from jigai.policies.trace_view import stages_of
from jigai.rules.bounds import UNBOUNDED
from jigai.rules.explanation import Explanation
from jigai.workbench.navigator.navigate import Answer, Question, navigate
from jigai.workbench.navigator.shown import (
    Asked,
    about,
    asked,
    grouped_options,
    lines_of,
)

CAPABILITY = "navigator.use"
_SHOWN = 20


@requires(CAPABILITY)
@require_GET
def find(request: Any) -> HttpResponse:
    """Search an enterprise within reach."""
    words = request.GET.get("q", "").strip()[:100]
    rows = enterprises_for(request.access, CAPABILITY).order_by("pinyin", "id")
    if words:
        rows = search(rows, words, codes=("uscc", "name", "town"))
    found = list(rows[: _SHOWN + 1])
    names = names_of_regions(row.region_code for row in found)
    context = {
        "words": words,
        "rows": [(row, names.get(row.region_code, row.region_code)) for row in found[:_SHOWN]],
        "more": len(found) > _SHOWN,
    }
    return render(request, "workbench/navigator_find.html", context)


@requires(CAPABILITY)
@require_GET
def own(request: Any) -> HttpResponse:
    """The page of the enterprise an account belongs to; the search for everybody else."""
    mine = [g.enterprise_id for g in request.access.granting(CAPABILITY) if g.enterprise_id]
    return redirect("navigator-of", mine[0]) if len(set(mine)) == 1 else redirect("navigator")


@requires(CAPABILITY)
@require_GET
def of(request: Any, pk: int) -> HttpResponse:
    """Every measure for one enterprise; htmx gets the part below the form."""
    enterprise = _enterprise(request, pk)
    given = asked(request.GET)
    answer = navigate(_question(enterprise, given), request.access)
    _log(request, enterprise)
    inner = request.headers.get("HX-Target") == "navigator"
    template = "workbench/navigator_body.html" if inner else "workbench/navigator.html"
    return render(request, template, _context(request, answer, given))


@requires(CAPABILITY)
@require_GET
def trace(request: Any, pk: int) -> HttpResponse:
    """Every step behind one amount of an answer that is kept nowhere."""
    enterprise = _enterprise(request, pk)
    given = asked(request.GET)
    answer = navigate(_question(enterprise, given), request.access)
    place = tuple(request.GET.get(name, "") for name in ("pack", "measure", "subject", "key"))
    matches = [*answer.matches, *answer.simulated]
    match = next((m for m in matches if m.place == place and not m.absent and not m.silent), None)
    if match is None:
        raise Http404("没有这一项")
    decided = next(d for d in answer.decided if d.program.document is match.document)
    found = decided.found[match.subject, match.key]
    _leave_partners_out(found, answer.held.key)
    cut = stages_of(found, decided.program.document.model.measures)
    _log(request, enterprise)
    context = {
        "enterprise": enterprise,
        "match": match,
        "found": found,
        "pack": match.document.slug,
        "before": cut.before,
        "after": cut.after,
        "stages": next(m.stages for m in cut.measures if m.measure.id == match.measure.id),
        "lines": _lines(found) if match.subject == "project" else [],
        "back": f"{reverse('navigator-of', args=[pk])}?{given.query}",
    }
    part = request.headers.get("HX-Request") == "true"
    name = "navigator_trace_part" if part else "navigator_trace"
    return render(request, f"workbench/{name}.html", context)


@requires(CAPABILITY)
@require_GET
def part(request: Any, pk: int) -> HttpResponse:
    """A part of an enterprise's page: what fits today, and the way to the rest."""
    enterprise = _enterprise(request, pk)
    answer = navigate(_question(enterprise, asked(QueryDict())), request.access)
    context = {
        "enterprise": enterprise,
        "answer": answer,
        "top": [m for m in answer.matches if m.code == "pay" or m.is_open][:5],
    }
    return render(request, "workbench/navigator_part.html", context)


def _enterprise(request: Any, pk: int) -> Enterprise:
    return get_object_or_404(enterprises_for(request.access, CAPABILITY), pk=pk)


def _question(enterprise: Enterprise, given: Asked) -> Question:
    return Question(enterprise, given.day, given.chosen, given.tried)


def _log(request: Any, enterprise: Enterprise) -> None:
    log_access(request=request, action="查看政策匹配", kind="enterprise", key=enterprise.pk,
               label=enterprise.name, enterprise_id=enterprise.pk)  # fmt: skip


def _leave_partners_out(found: Explanation, owner: str) -> None:
    """Of the shares of a consortium only the enterprise's own is shown on its page."""
    own = {str(member.key) for member in found.members if member.enterprise == owner}
    for entry in found.entries:
        if entry.column == "share":
            entry.inputs = [item for item in entry.inputs if item.id in own]


def _lines(found: Explanation) -> list[dict[str, Any]]:
    names = line_names([line.key for line in found.lines if int(line.key) > 0])
    return [{"item": line, "name": names.get(line.key, "假设的发票")} for line in found.lines]


def _context(request: Any, answer: Answer, given: Asked) -> dict[str, Any]:
    held, query = answer.held, given.query
    chosen = set(held.own if given.chosen is None else given.chosen)
    return {
        "answer": answer,
        "enterprise": answer.question.enterprise,
        "given": given,
        "year": held.year,
        "projects": [(key, name, key in chosen) for key, name in held.own.items()],
        "matches": lines_of(answer.matches, query),
        "simulated": lines_of(answer.simulated, query),
        "channels": [
            (document, measure, INSTRUMENTS.get(measure.instrument, measure.instrument))
            for document, measure in answer.channels
        ],
        "tried": [(tried, about(answer, tried.option)) for tried in answer.tries.given],
        "options": grouped_options(answer),
        "funds": local_funds(answer.question.enterprise.region_code, given.day),
        "unbounded": UNBOUNDED,
        "can_ask": request.access.can("desk.ask"),
        "bureau": not any(
            g.enterprise_id == answer.question.enterprise.pk for g in request.access.grants
        ),
    }
