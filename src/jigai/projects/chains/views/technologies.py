"""关键技术攻关: directions by city, projects with milestones, and what decides a breakthrough."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.core.access.scoping import region_prefix
from jigai.projects.chains.forms import TechnologyForm
from jigai.registers.access import EDIT, VIEW
from jigai.registers.special.key_technology import CRITERIA, LOOKS, WORDS
from jigai.registers.special.stored_technologies import (
    MILESTONES,
    TECHNOLOGIES,
    directions_on,
    technologies_on,
)

_SHOWN = {
    "place": "地区", "started": "立项日期", "due": "限期", "accepted": "验收日期",
    "acceptance": "验收材料", "measured": "实测值", "proof": "认定证据", "proof_number": "证据编号",
    "verdict": "认定结论", "judge": "认定人", "judged": "认定日期",
}  # fmt: skip


@requires(VIEW)
@require_GET
def technologies(request: Any) -> HttpResponse:
    """Directions and projects that fit the question."""
    form = TechnologyForm(request.GET)
    if not form.is_valid():
        return render(request, "projects/chains/technologies.html", {"form": form}, status=422)
    asked = form.cleaned_data
    every = technologies_on(request.access, asked["on"])
    directions = directions_on(request.access, asked["on"], every)
    words, place = asked["q"], region_prefix(asked["city"]) if asked["city"] else ""
    context = {
        "form": form, "day": asked["on"], "may_edit": request.access.can(EDIT),
        "directions": [
            one for one in directions if one.city.startswith(place) and _holds(one.shown, words)
        ],
        "rows": [
            one for one in every
            if str(one.values["place"]).startswith(place) and _holds(one.shown, words)
            and asked["state"] in ("", one.state)
        ],
        "counts": _counts([one.state for one in every]), "code": TECHNOLOGIES,
    }  # fmt: skip
    return render(request, "projects/chains/technologies.html", context)


def _holds(shown: Any, words: str) -> bool:
    return not words or any(words in text for text in shown.values())


def _counts(states: list[str]) -> list[tuple[str, str, int]]:
    counts = Counter(states)
    return [(LOOKS[code], WORDS[code], counts[code]) for code in WORDS if counts[code]]


@requires(VIEW)
@require_GET
def technology(request: Any, pk: int) -> HttpResponse:
    """One project: criteria, milestones, acceptance and verdict."""
    every = technologies_on(request.access, timezone.localdate())
    one = next((row for row in every if row.entry == pk), None)
    if one is None:
        raise Http404
    context = {
        "one": one, "criteria": [(label, one.shown.get(n, "")) for n, label in CRITERIA.items()],
        "facts": [(label, one.shown.get(name, "")) for name, label in _SHOWN.items()],
        "may_edit": request.access.can(EDIT), "milestones": MILESTONES,
    }  # fmt: skip
    return render(request, "projects/chains/technology.html", context)
