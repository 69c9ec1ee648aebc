"""Preparing a round step by step; every step is kept when one goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jigai.core.access import Denied, Reach, requires, scoped
from jigai.core.platform_calendar import platform_calendar
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError
from jigai.funding.models import Programme, Round
from jigai.funding.rounds.access import MANAGE, rounds_for
from jigai.funding.rounds.directions import directions_on
from jigai.funding.rounds.forms import BasicsForm, TimetableForm
from jigai.funding.rounds.measure_forms import measure_forms, own_form
from jigai.funding.rounds.overlap import overlapping
from jigai.funding.rounds.services import edit_round as edits
from jigai.funding.rounds.services.make_round import make_round
from jigai.funding.rounds.timetable import promise_of, stage_days
from jigai.policies.standing import readings_on
from jigai.policies.stored_packs import model_of
from jigai.rules.environment import all_readings

STEPS = {"basics": "基本信息", "measures": "措施与材料", "readings": "读法与优先方向",
         "timetable": "时限与承诺", "check": "核对"}  # fmt: skip
ORDER = list(STEPS)


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    """The first step of a new round."""
    data = request.POST if request.method == "POST" else None
    form = BasicsForm(data, programmes=_funds(request), initial=BasicsForm.first())
    problem = None
    if data is not None and form.is_valid():
        try:
            return redirect(_make(request, form.cleaned_data))
        except JigaiError as found:
            problem = found
    context = {"form": form, "steps": "|".join(STEPS.values()), "place": 1, "problem": problem,
               "funds": _funds(request).exists(),
               "key": f"round:new:{request.user.pk}"}  # fmt: skip
    return render(request, "funding/rounds/step_basics.html", context, status=_status(data))


def _make(request: Any, given: dict[str, Any]) -> str:
    def once() -> str:
        row = make_round(**given, by=request.user, access=request.access)
        return reverse("round-edit", args=[row.pk, "measures"])

    return send_once(
        user=request.user, nonce=request.POST.get("nonce", ""), path=request.path, act=once
    )


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def step(request: Any, pk: int, slug: str) -> HttpResponse:
    """One step of a round that is not open yet; saving goes on to the next."""
    rows = rounds_for(request.access).select_related("pack", "programme")
    round_ = get_object_or_404(rows, pk=pk)
    if slug not in STEPS:
        raise Http404
    if round_.state != Round.State.DRAFT:
        return redirect("round-detail", pk)
    data = request.POST if request.method == "POST" else None
    context, save = _STEPS[slug](request, round_, data)
    if data is not None and save is not None:
        try:
            return redirect(_save(request, round_, slug, save))
        except Denied:
            raise
        except JigaiError as problem:
            context["problem"] = problem
    context |= {"round": round_, "steps": "|".join(STEPS.values()), "slug": slug,
                "place": ORDER.index(slug) + 1, "key": f"round:{pk}:{slug}:{request.user.pk}",
                "back": ORDER[ORDER.index(slug) - 1] if slug != "basics" else ""}  # fmt: skip
    return render(request, f"funding/rounds/step_{slug}.html", context, status=_status(data))


def _save(request: Any, round_: Round, slug: str, save: Callable[..., Any]) -> str:
    seen = request.POST.get("version", "")

    def once() -> str:
        save(round_=round_.pk, seen=int(seen) if seen.isdigit() else -1, by=request.user,
             access=request.access)  # fmt: skip
        return reverse("round-edit", args=[round_.pk, ORDER[ORDER.index(slug) + 1]])

    return send_once(
        user=request.user, nonce=request.POST.get("nonce", ""), path=request.path, act=once
    )


def _status(data: Any) -> int:
    return 200 if data is None else 422


def _funds(request: Any) -> Any:
    rows = Programme.objects.filter(state=Programme.State.OPEN)
    return scoped(rows, request.access, MANAGE, Reach(region="region_code")).order_by("-year", "id")


def _basics(request: Any, round_: Round, data: Any) -> tuple[dict[str, Any], Any]:
    first = {name: getattr(round_, name) for name in edits.BASICS}
    form = BasicsForm(data, programmes=_funds(request), initial=first)
    context = {"form": form, "funds": True}
    if data is None or not form.is_valid():
        return context, None
    return context, lambda **given: edits.edit_basics(values=form.cleaned_data, **given)


def _measures(request: Any, round_: Round, data: Any) -> tuple[dict[str, Any], Any]:
    forms, own = measure_forms(round_, data), own_form(round_, data)
    context = {"forms": forms, "own": own}
    good = data is not None and all(form.is_valid() for form in forms)
    if not good or (own is not None and not own.is_valid()):
        return context, None
    chosen = [form for form in forms if form.cleaned_data["chosen"]]
    codes = [form.offered.code for form in chosen]
    details = {form.offered.code: form.detail() for form in chosen}
    named = own.cleaned_data if own is not None and own.cleaned_data.get("name") else None
    codes += ["own-case"] if named else []
    return context, lambda **given: edits.edit_measures(
        codes=codes, details=details, own=named, **given
    )


def _readings(request: Any, round_: Round, data: Any) -> tuple[dict[str, Any], Any]:
    known = all_readings(model_of(round_.pack).pack)
    standing = readings_on(round_.pack.slug, round_.as_of)
    posted = data or {}
    items = [
        {"code": code, "reading": item, "standing": standing[code],
         "value": posted.get(f"r-{code}", round_.readings.get(code, ""))}
        for code, item in known.items()
    ]  # fmt: skip
    directions = directions_on(round_.as_of, round_.region_code, round_.pack.slug)
    held = {item["code"]: place for place, item in enumerate(round_.priorities, 1)}
    rows = [(item, posted.get(f"d-{item.code}", held.get(item.code, ""))) for item in directions]
    context = {"items": items, "directions": rows}
    if data is None:
        return context, None
    chosen = {item["code"]: item["value"] for item in items if item["value"]}
    placed = [(int(place), item) for item, place in rows if str(place).isdigit()]
    ordered = [item.kept() for _place, item in sorted(placed, key=lambda pair: pair[0])]
    return context, lambda **given: edits.edit_readings(
        readings=chosen, priorities=ordered, **given
    )


def _timetable(request: Any, round_: Round, data: Any) -> tuple[dict[str, Any], Any]:
    first = {**round_.timetable, "overlap_reason": round_.overlap_reason}
    form = TimetableForm(data, initial=first)
    context = {"form": form, "overlaps": list(overlapping(round_)[:5])}
    if data is None or not form.is_valid():
        return context, None
    return context, lambda **given: edits.edit_timetable(
        days=form.days(), overlap_reason=form.cleaned_data["overlap_reason"], **given
    )


def _check(request: Any, round_: Round, data: Any) -> tuple[dict[str, Any], Any]:
    calendar = platform_calendar()
    return {
        "measures": list(round_.measures.order_by("place", "id")),
        "stages": stage_days(round_, calendar), "promise": promise_of(round_, calendar),
        "overlaps": list(overlapping(round_)[:5]),
        "past": round_.closes_at <= timezone.now(),
    }, None  # fmt: skip


_STEPS = {"basics": _basics, "measures": _measures, "readings": _readings,
          "timetable": _timetable, "check": _check}  # fmt: skip
