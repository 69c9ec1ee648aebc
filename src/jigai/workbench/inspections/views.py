"""Plans of inspection: list, writing, publishing, drawing, results."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jigai.cases.access import SUPERVISE, VIEW_ALL
from jigai.cases.due_words import STATE_LOOKS
from jigai.cases.flow.draw import ALGORITHM
from jigai.cases.inspection_check import (
    OUTCOME_LOOKS,
    OUTCOMES,
    recompute,
    results_by_plan,
    results_of,
)
from jigai.cases.models import InspectionPlan
from jigai.core.access import Reach, requires, scoped
from jigai.core.screens.context import region_name
from jigai.core.selectors_regions import names_of_regions
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError
from jigai.policies.addressees import reaches
from jigai.workbench.inspections.forms import PlanForm, SeedForm, initial_of
from jigai.workbench.inspections.plans import JOINT, draw_plan, publish_plan, save_plan
from jigai.workbench.inspections.population import STRATA

LOOKS = {"draft": "draft", "published": "pending", "drawn": "done"}
MOST = 200
SHOWN = 200


def _plans(request: Any) -> Any:
    return scoped(InspectionPlan.objects.all(), request.access, VIEW_ALL, Reach("region_code"))


@requires(VIEW_ALL)
@require_GET
def plans(request: Any) -> HttpResponse:
    """Plans in reach, the newest first, with how far each is."""
    today = timezone.localdate()
    rows = list(_plans(request).order_by("-id")[:MOST])
    results = results_by_plan((row.pk for row in rows if row.state == "drawn"), today)
    names = names_of_regions({row.region_code for row in rows})
    lines = [
        {"plan": row, "look": LOOKS[row.state], "region": names.get(row.region_code, ""),
         "results": results.get(row.pk)}
        for row in rows
    ]  # fmt: skip
    context = {"lines": lines, "may": request.access.can(SUPERVISE)}
    return render(request, "workbench/inspection_plans.html", context)


@requires(SUPERVISE)
@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    """A plan is written."""
    first = {"region_code": request.access.home_region}
    return _form(request, None, first)


@requires(SUPERVISE)
@require_http_methods(["GET", "POST"])
def edit(request: Any, pk: int) -> HttpResponse:
    """A plan is changed while nothing is published."""
    plan = get_object_or_404(_plans(request), pk=pk)
    return _form(request, plan, initial_of(plan))


def _form(request: Any, plan: InspectionPlan | None, first: dict[str, Any]) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = PlanForm(data, initial=first)
    if data is not None and form.is_valid():

        def act() -> str:
            made = save_plan(
                values=form.values(), by=request.user, access=request.access,
                plan=plan.pk if plan else None, version=form.cleaned_data["version"],
            )  # fmt: skip
            messages.success(request, "计划已保存，公布名单以后不能再改")
            return reverse("inspection-plan", args=[made.pk])

        try:
            return redirect(_once(request, act))
        except JigaiError as problem:
            form.add_error(None, f"{problem.message}。{problem.hint}")
    context = {"form": form, "plan": plan}
    status = 422 if data is not None else 200
    return render(request, "workbench/inspection_edit.html", context, status=status)


def _once(request: Any, act: Callable[[], str]) -> str:
    nonce = request.POST.get("nonce", "")
    return send_once(user=request.user, nonce=nonce, path=request.path, act=act)


@requires(VIEW_ALL)
@require_GET
def plan(request: Any, pk: int) -> HttpResponse:
    """One plan: its rules, its list, its draw computed anew, its results."""
    return _page(request, get_object_or_404(_plans(request), pk=pk))


def _page(request: Any, item: InspectionPlan, form: SeedForm | None = None) -> HttpResponse:
    today = timezone.localdate()
    drawn, published = item.state == "drawn", item.state != "draft"
    may = request.access.can(SUPERVISE) and reaches(request.access, SUPERVISE, item.region_code)
    picks = item.picks.select_related("subject", "case").order_by("place") if drawn else ()
    context = {
        "item": item, "look": LOOKS[item.state], "region": region_name(item.region_code),
        "may": may, "form": form or (SeedForm() if item.state == "published" and may else None),
        "joint": "、".join(JOINT[one] for one in item.joint), "algorithm": ALGORITHM,
        "check": recompute(item) if published else None,
        "results": results_of(item, today) if drawn else None,
        "picks": [_pick(one) for one in picks],
        "subjects": [(one, STRATA.get(one.stratum, "")) for one in item.subjects.all()[:SHOWN]],
        "shown": SHOWN,
        "high": _percent(item.strata.get("high")), "share": _percent(item.permille),
    }  # fmt: skip
    status = 422 if form is not None and form.errors else 200
    return render(request, "workbench/inspection_plan.html", context, status=status)


def _percent(permille: int | None) -> str:
    return "" if permille is None else f"{permille // 10}.{permille % 10}%"


def _pick(one: Any) -> dict[str, Any]:
    outcome = one.case.values.get("outcome") or ""
    return {
        "pick": one, "look": STATE_LOOKS[one.case.state], "word": one.case.get_state_display(),
        "outcome": OUTCOMES.get(outcome, ""), "outcome_look": OUTCOME_LOOKS.get(outcome, "neutral"),
        "by": one.case.values.get("rectify_by") or "",
    }  # fmt: skip


@requires(SUPERVISE)
@require_POST
def publish(request: Any, pk: int) -> HttpResponse:
    """Freeze the list and publish its hash."""
    item = get_object_or_404(_plans(request), pk=pk)

    def act() -> str:
        made = publish_plan(plan=item.pk, by=request.user, access=request.access)
        messages.success(request, f"名单已公布，{made.population_size} 个，散列已固定")
        return reverse("inspection-plan", args=[item.pk])

    try:
        return redirect(_once(request, act))
    except JigaiError as problem:
        messages.error(request, f"{problem.message}。{problem.hint}")
        return redirect(reverse("inspection-plan", args=[item.pk]))


@requires(SUPERVISE)
@require_POST
def draw(request: Any, pk: int) -> HttpResponse:
    """Draw with the seed."""
    item = get_object_or_404(_plans(request), pk=pk)
    form = SeedForm(request.POST)
    if form.is_valid():

        def act() -> str:
            seed = form.cleaned_data["seed"]
            draw_plan(plan=item.pk, seed=seed, by=request.user, access=request.access)
            messages.success(request, "已抽取，抽中的各立一个办件")
            return reverse("inspection-plan", args=[item.pk])

        try:
            return redirect(_once(request, act))
        except JigaiError as problem:
            form.add_error(None, f"{problem.message}。{problem.hint}")
    return _page(request, item, form)


URLS = [
    path("inspections/", plans, name="inspection-list"),
    path("inspections/new/", new, name="inspection-new"),
    path("inspections/<int:pk>/", plan, name="inspection-plan"),
    path("inspections/<int:pk>/edit/", edit, name="inspection-edit"),
    path("inspections/<int:pk>/publish/", publish, name="inspection-publish"),
    path("inspections/<int:pk>/draw/", draw, name="inspection-draw"),
]
