"""Where an approval item is handled now."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.core.screens.context import region_name
from jigai.registers.access import VIEW
from jigai.registers.special.handling import Handling
from jigai.registers.special.service_forms import HandlingForm
from jigai.registers.special.stored_handling import (
    every_handling,
    handling_of,
    item_choices,
    office,
    places,
)

LOOKS = {"open": "done", "delegated": "info", "cancelled": "closed", "unknown": "warning"}


@requires(VIEW)
@require_GET
def question(request: Any) -> HttpResponse:
    """One item with its history, or every item of a place on a day."""
    form = HandlingForm(request.GET, items=item_choices())
    if not form.is_valid():
        return render(request, "registers/handling.html", {"form": form}, status=422)
    asked = form.cleaned_data
    context: dict[str, Any] = {
        "form": form, "day": asked["on"], "region": asked["region"], "typed": "",
        "place": region_name(asked["region"]) if asked["region"] else "",
        "no_place": asked["item"] and not asked["region"],
    }  # fmt: skip
    if asked["item"]:
        found = handling_of(asked["item"], asked["on"], asked["region"], asked["zone"])
        context |= answer_context(found, asked["region"])
    else:
        found_all = every_handling(asked["on"], asked["region"], asked["zone"])
        context["rows"] = [(one, LOOKS[one.state]) for one in found_all]
    return render(request, "registers/handling.html", context)


def answer_context(found: Handling, region: str) -> dict[str, Any]:
    """What the answer's part of a page shows, inside and on the portal."""
    names = places(step.change for step in found.history)
    steps = [
        (step, "、".join((*(names.get(r, r) for r in step.change.regions), *step.change.zones)))
        for step in reversed(found.history)
    ]
    return {"found": found, "look": LOOKS[found.state], "steps": steps,
            "office": office(found, region)}  # fmt: skip
