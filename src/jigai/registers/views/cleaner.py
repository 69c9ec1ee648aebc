"""Progress of the cleaner production audits: slogan, target and accepted audits, apart."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.core.screens.context import region_name
from jigai.registers.access import VIEW
from jigai.registers.special.cleaner_counts import STATES, progress
from jigai.registers.special.cleaner_data import AUDITS, audits_on, sayings
from jigai.registers.special.ledger import find_register
from jigai.registers.special.question_forms import ProgressForm


@requires(VIEW)
@require_GET
def cleaner(request: Any) -> HttpResponse:
    """Numbers of a day in a region, with everybody that does not count and why."""
    form = ProgressForm(request.GET)
    if not form.is_valid():
        return render(request, "registers/cleaner_progress.html", {"form": form}, status=422)
    asked = form.cleaned_data
    found = progress(audits_on(request.access, asked["on"], asked["region"]), asked["on"])
    context = {
        "form": form, "day": asked["on"], "found": found, "counted": len(found.counted),
        "place": region_name(asked["region"]) if asked["region"] else "",
        "states": [(code, word, found.by_state.get(code, 0)) for code, word in STATES.items()],
        "sayings": sayings(find_register(AUDITS)),
    }  # fmt: skip
    return render(request, "registers/cleaner_progress.html", context)
