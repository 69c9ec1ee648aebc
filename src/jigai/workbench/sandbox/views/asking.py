"""Questions asked of a scenario and their answers; who gains and loses; a short budget."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from jigai.core.access import requires
from jigai.core.enterprise_register import SIZE_NAMES
from jigai.workbench.models import SandboxAnalysis, SandboxScenario
from jigai.workbench.sandbox.access import USE, visible_studies
from jigai.workbench.sandbox.comparing import KINDS
from jigai.workbench.sandbox.exporting import newest_answers
from jigai.workbench.sandbox.figures import heat_figure, solve_figure
from jigai.workbench.sandbox.forms import FEN_PER_WAN, HeatForm, ShortageForm, SolveForm
from jigai.workbench.sandbox.kept_rows import read_rows
from jigai.workbench.sandbox.packs import environment_of, rules_of
from jigai.workbench.sandbox.parameters import Lever, levers
from jigai.workbench.sandbox.running import fingerprint
from jigai.workbench.sandbox.services.start_work import start_question
from jigai.workbench.sandbox.shortage import WAYS, claims_of, shortage
from jigai.workbench.sandbox.standing import Standing, standings, with_results
from jigai.workbench.sandbox.told import between, signed_wan, signed_yuan, solved_words
from jigai.workbench.sandbox.views.shared import done_once, frame, study_of

_PAGE = 50


@requires(USE)
@require_http_methods(["GET", "POST"])
def ask(request: Any, pk: int) -> HttpResponse:
    """Ask about a scenario: what meets a budget, a step of each parameter, two at once."""
    study = study_of(request, pk)
    listed = [one for one in standings(study) if not one.problem]
    scenario = _chosen(request, listed)
    shell = frame(request, study, "ask")
    known = _levers(scenario) if scenario else []
    data = request.POST if request.method == "POST" and shell["may"] else None
    kind = request.POST.get("kind", "")
    solve = SolveForm(data if kind == "solve" else None, listed=known)
    heat = HeatForm(data if kind == "heat" else None, listed=known, initial=_ends(known))
    if data is not None and scenario is not None:
        forms: dict[str, SolveForm | HeatForm] = {"solve": solve, "heat": heat}
        form = forms.get(kind)
        if kind == "marginal" or (form is not None and form.is_valid()):
            return _start(request, scenario, kind, form.asked() if form else {})
    context = {
        **shell, "listed": listed, "scenario": scenario, "solve": solve, "heat": heat,
        "answers": [_answer(row) for row in reversed(newest_answers(study))],
        "levers": known,
    }  # fmt: skip
    status = 422 if data is not None else 200
    return render(request, "workbench/sandbox/ask.html", context, status=status)


def _chosen(request: Any, listed: list[Standing]) -> SandboxScenario | None:
    wanted = request.POST.get("scenario") or request.GET.get("scenario") or ""
    rows = {str(one.scenario.pk): one.scenario for one in listed}
    return rows.get(wanted) or (listed[0].scenario if listed else None)


def _levers(scenario: SandboxScenario) -> list[Lever]:
    model = rules_of(scenario).model
    return list(levers(model, environment_of(scenario, scenario.study, model)))


def _ends(known: list[Lever]) -> dict[str, Any]:
    """Two rates or amounts to begin with, from half to half more."""
    found: dict[str, Any] = {}
    for side, lever in zip(("x", "y"), known[:2], strict=False):
        found[side] = lever.id
    return found


def _start(
    request: Any, scenario: SandboxScenario, kind: str, asked: dict[str, Any]
) -> HttpResponse:
    def act() -> str:
        job = start_question(
            scenario=scenario, kind=kind, asked=asked, by=request.user, access=request.access
        )
        return reverse("job-detail", args=[job.pk])

    return done_once(request, reverse("sandbox-ask", args=[scenario.study_id]), act)


def _answer(row: SandboxAnalysis) -> dict[str, Any]:
    """A line of the list of answers."""
    if row.kind == "solve":
        words = solved_words(row)
    elif row.kind == "heat":
        words = f"{row.found['x']['name']} × {row.found['y']['name']}"
    else:
        words = f"{len(row.found['rows'])} 个参数各加减一步"
    fresh = row.fingerprint == fingerprint(row.scenario, row.scenario.study)
    return {"row": row, "words": words, "fresh": fresh}


@requires(USE)
@require_GET
def analysis(request: Any, pk: int) -> HttpResponse:
    """One answer with its figure, table and proof."""
    rows = SandboxAnalysis.objects.select_related("scenario__study", "created_by")
    row = get_object_or_404(rows.filter(study__in=visible_studies(request.access)), pk=pk)
    context = {
        **frame(request, row.study, "ask"), "row": row, "found": row.found,
        "fresh": row.fingerprint == fingerprint(row.scenario, row.study),
    }  # fmt: skip
    if row.kind == "solve":
        context |= {"words": solved_words(row), "figure": solve_figure(row.found)}
    elif row.kind == "heat":
        context |= {"figure": heat_figure(row.found), "shades": _shades(row.found)}
    else:
        context |= {"steps": [_step(r) for r in row.found["rows"]]}
    return render(request, f"workbench/sandbox/answer_{row.kind}.html", context)


def _step(row: dict[str, Any]) -> dict[str, Any]:
    sides = {
        side: row[side] and {**row[side], "words": signed_yuan(row[side]["difference"])}
        for side in ("up", "down")
    }
    moves = any(side and side["difference"] for side in sides.values())
    return {**row, **sides, "moves": moves}


def _shades(found: dict[str, Any]) -> list[tuple[str, list[tuple[int, int]]]]:
    """Cells of the table with a shade from 0 to 4."""
    flat = [fen for line in found["cells"] for fen in line]
    low, span = min(flat), (max(flat) - min(flat)) or 1
    return [
        (text, [(fen, (fen - low) * 4 // span) for fen in line])
        for text, line in zip(found["y"]["texts"], found["cells"], strict=True)
    ]


@requires(USE)
@require_GET
def changes(request: Any, pk: int) -> HttpResponse:
    """Who gains and who loses between two scenarios."""
    study = study_of(request, pk)
    done = with_results(standings(study))
    rows = {str(one.scenario.pk): one for one in done}
    given = request.GET
    one = rows.get(given.get("one", "")) or (done[0] if done else None)
    later = [d for d in done if d is not one]
    other = rows.get(given.get("other", "")) or (later[0] if later else None)
    context = {**frame(request, study, "changes"), "done": done, "one": one, "other": other,
               "kinds": list(KINDS.items()), "kind": given.get("kind", ""),
               "q": given.get("q", "").strip()[:60]}  # fmt: skip
    if one is not None and other is not None and one is not other:
        found = between(one, other)
        some = [
            c for c in found.changes
            if (not context["kind"] or c.kind == context["kind"]) and context["q"] in c.name
        ]  # fmt: skip
        page = Paginator(some, _PAGE).get_page(given.get("page"))
        for change in page:
            lines = {"change": change, "word": KINDS[change.kind],
                     "size": SIZE_NAMES.get(change.size, ""),
                     "difference": signed_yuan(change.difference)}  # fmt: skip
            context.setdefault("lines", []).append(lines)
        context |= {"page": page, "tally": found.tally, "total": signed_wan(found.total)}
    return render(request, "workbench/sandbox/changes.html", context)


@requires(USE)
@require_GET
def short(request: Any, pk: int) -> HttpResponse:
    """Three ways to make a short budget do, side by side."""
    study = study_of(request, pk)
    done = with_results(standings(study))
    rows = {str(one.scenario.pk): one for one in done}
    listed = [(key, one.scenario.name) for key, one in rows.items()]
    form = ShortageForm(request.GET or None, listed=listed, initial={"rank": "grade"})
    context = {**frame(request, study, "shortage"), "done": done, "form": form, "ways": WAYS}
    if request.GET and form.is_valid():
        chosen = rows.get(form.cleaned_data["scenario"])
        if chosen is None or chosen.result is None:
            raise Http404
        budget = int(form.cleaned_data["budget"] * FEN_PER_WAN)
        found = shortage(
            claims_of(read_rows(chosen.result.file)), budget, form.cleaned_data["rank"]
        )
        page = Paginator(found.effects, _PAGE).get_page(request.GET.get("page"))
        context |= {
            "found": found, "chosen": chosen, "page": page,
            "lines": [(e, [(e.got[w], e.got[w] - e.asked) for w in WAYS]) for e in page],
            "totals": [(word, found.totals[way]) for way, word in WAYS.items()],
        }  # fmt: skip
    return render(request, "workbench/sandbox/shortage.html", context)
