"""A scenario: added, changed by slider or table, taken out, refreshed from or made into a draft."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from jigai.core.access import requires
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError
from jigai.policies.editor.selectors import drafts_for
from jigai.policies.forms import ReadingsForm
from jigai.policies.models import PackDraft, PackVersion
from jigai.workbench.models import SandboxScenario
from jigai.workbench.sandbox.access import USE
from jigai.workbench.sandbox.packs import base_environment, choices_of, environment_of, rules_of
from jigai.workbench.sandbox.parameters import UNSET, lever_of, levers, others
from jigai.workbench.sandbox.services.change_scenario import (
    add_scenario,
    refresh_from_draft,
    remove_scenario,
    save_scenario,
)
from jigai.workbench.sandbox.services.draft_scenario import draft_scenario
from jigai.workbench.sandbox.views.shared import done_once, frame, scenario_of, study_of


@requires(USE)
@require_POST
def add(request: Any, pk: int) -> HttpResponse:
    """A further scenario from another one, a document, or a draft."""
    study_of(request, pk)
    kind, _mark, number = request.POST.get("source", "").partition(":")
    name = request.POST.get("name", "").strip() or "新情景"

    def act() -> str:
        given: dict[str, Any] = {}
        if kind == "copy" and number.isdigit():
            given["copy_of"] = int(number)
        elif kind == "base" and number.isdigit():
            given["base"] = PackVersion.objects.filter(pk=number, is_current=True).first()
        elif kind == "draft" and number.isdigit():
            given["draft"] = drafts_for(request.access).filter(pk=number).first()
        made = add_scenario(study=pk, name=name, access=request.access, **given)
        return reverse("sandbox-scenario", args=[made.pk])

    return done_once(request, reverse("sandbox-detail", args=[pk]), act)


@requires(USE)
@require_http_methods(["GET", "POST"])
def edit(request: Any, pk: int) -> HttpResponse:
    """Change values and readings; whoever does not own the study sees them."""
    scenario = scenario_of(request, pk)
    study = scenario.study
    shell = frame(request, study, "detail")
    try:
        rules = rules_of(scenario)
    except JigaiError as faulty:
        context = {**shell, "scenario": scenario, "problem": faulty}
        return render(request, "workbench/sandbox/scenario_faulty.html", context)
    settled = choices_of(scenario, study, rules.model).settled
    data = request.POST if request.method == "POST" else None
    first = {f"reading-{key}": option for key, option in scenario.readings.items()}
    readings = ReadingsForm(data, pack=rules.model.pack, settled=settled, initial=first)
    rows, more = _rows(scenario, rules.model, data)
    problem = ""
    if data is not None and readings.is_valid() and shell["may"]:
        try:
            return redirect(_save(request, scenario, [*rows, *more], readings))
        except JigaiError as error:
            problem = f"{error.message}。{error.hint}" if error.hint else error.message
    context = {
        **shell, "scenario": scenario, "rules": rules, "rows": rows, "more": more,
        "readings": readings, "problem": problem, "unset": UNSET,
        "can_draft": request.access.can("pack.draft"),
    }  # fmt: skip
    status = 422 if data is not None else 200
    return render(request, "workbench/sandbox/scenario.html", context, status=status)


def _rows(
    scenario: SandboxScenario, model: Any, data: Any
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Levers with their sliders, then the document's other parameters; what was typed stays."""
    base = base_environment(scenario.study, model)
    env = environment_of(scenario, scenario.study, model)
    # Under the scenario's readings, but with the document's values: those the sliders start from.
    used = {lever.id: lever for lever in levers(model, base)}
    used |= {lever.id: lever for lever in levers(model, env) if lever.id not in used}

    def row(declared: Any) -> dict[str, Any]:
        before = base.parameters[declared.id].text
        kept = scenario.overrides.get(declared.id, before)
        text = data.get(f"v-{declared.id}", "") if data is not None else (kept or UNSET)
        lever = used.get(declared.id)
        now = lever_of(declared, text) if lever and text != UNSET else None
        slider = dict(lever.slider) if lever else {}
        if slider and now is not None and now.slider:
            slider["value"] = now.slider["value"]
        return {
            "id": declared.id, "name": declared.name, "clause": declared.clause,
            "before": before, "text": text, "changed": text.strip() != before,
            "slider": slider, "step": lever.step_word if lever else "",
            "decides": declared.decides,
        }  # fmt: skip

    listed = [row(model.parameters[name]) for name in used]
    return listed, [row(declared) for declared in others(model, set(used))]


def _save(
    request: Any, scenario: SandboxScenario, rows: list[dict[str, Any]], readings: ReadingsForm
) -> str:
    def act() -> str:
        save_scenario(
            scenario=scenario.pk,
            name=request.POST.get("name", ""),
            overrides={r["id"]: r["text"].strip() for r in rows
                       if r["text"].strip() and r["changed"]},
            readings=readings.changed(),
            version=int(request.POST.get("version") or 0),
            access=request.access,
        )  # fmt: skip
        messages.success(request, "情景已保存，运行后看结果")
        return reverse("sandbox-detail", args=[scenario.study_id])

    nonce = request.POST.get("nonce", "")
    return send_once(user=request.user, nonce=nonce, path=request.path, act=act)


@requires(USE)
@require_POST
def remove(request: Any, pk: int) -> HttpResponse:
    """Take a scenario out."""
    scenario = scenario_of(request, pk)
    back = reverse("sandbox-detail", args=[scenario.study_id])

    def act() -> str:
        remove_scenario(scenario=pk, access=request.access)
        messages.success(request, f"情景“{scenario.name}”已删去，它的结果仍在存档里")
        return back

    return done_once(request, back, act)


@requires(USE)
@require_POST
def refresh(request: Any, pk: int) -> HttpResponse:
    """Take the draft's text as it is now."""
    scenario = scenario_of(request, pk)
    back = reverse("sandbox-detail", args=[scenario.study_id])

    def act() -> str:
        refresh_from_draft(scenario=pk, access=request.access)
        messages.success(request, "已取起草稿现在的内容，请重新运行")
        return back

    return done_once(request, back, act)


@requires("pack.draft")
@require_POST
def to_draft(request: Any, pk: int) -> HttpResponse:
    """Make a draft of the scenario's rules, its values written in."""
    scenario = scenario_of(request, pk)

    def act() -> str:
        made: PackDraft = draft_scenario(scenario=pk, by=request.user, access=request.access)
        messages.success(request, "已转为起草稿，改动的参数和读法已写进去")
        return reverse("draft-detail", args=[made.pk])

    return done_once(request, reverse("sandbox-scenario", args=[scenario.pk]), act)
