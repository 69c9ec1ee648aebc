"""企业升级计划: plans, and the progress of their enterprises by the projects of the library."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.core.project_tags import tag_of
from jigai.projects.chains.plans import (
    FINISHED_ALL,
    GOING,
    LOOKS,
    MEMBERS,
    NONE,
    WORDS,
    members_on,
    plans_on,
)
from jigai.projects.states import STATES
from jigai.registers.access import EDIT
from jigai.registers.special.question_forms import DayForm


@requires("project.view")
@require_GET
def plans(request: Any) -> HttpResponse:
    """Every plan with how many of its enterprises have projects, are at work, are done."""
    form = DayForm(request.GET)
    if not form.is_valid():
        return render(request, "projects/chains/plans.html", {"form": form}, status=422)
    day = form.cleaned_data["on"]
    found = plans_on(request.access, day)
    members = members_on(request.access, found, day)
    rows = []
    for plan in found:
        states = Counter(member.state for member in members.get(plan.entry, ()))
        rows.append((plan, states.total(), states[NONE], states[GOING], states[FINISHED_ALL]))
    context = {
        "form": form, "day": day, "rows": rows, "may_edit": request.access.can(EDIT),
        "members": MEMBERS,
    }  # fmt: skip
    return render(request, "projects/chains/plans.html", context)


@requires("project.view")
@require_GET
def plan(request: Any, pk: int) -> HttpResponse:
    """One plan: its enterprises with their projects."""
    today = timezone.localdate()
    found = next((one for one in plans_on(request.access, today) if one.entry == pk), None)
    if found is None:
        raise Http404
    members = members_on(request.access, [found], today).get(pk, [])
    states = Counter(member.state for member in members)
    context = {
        "plan": found, "tags": "、".join(tag_of(tag).name for tag in found.tags),
        "unknown": "、".join(found.unknown_tags),
        "members": [
            (member, *member.look, [(p, STATES[p.state]) for p in member.projects])
            for member in members
        ],
        "counts": [(LOOKS[code], WORDS[code], states[code]) for code in WORDS if states[code]],
        "invested": sum(p.total_fen or 0 for m in members for p in m.projects),
        "projects": sum(len(m.projects) for m in members),
    }  # fmt: skip
    return render(request, "projects/chains/plan.html", context)
