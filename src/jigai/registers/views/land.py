"""Industrial land: plan against supply, what zones still hold, and placing a project."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from jigai.core.access import requires
from jigai.core.screens import formats
from jigai.core.selectors_regions import names_of_regions
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError
from jigai.registers.access import EDIT, VIEW
from jigai.registers.models import Entry
from jigai.registers.services.place_project import place_project
from jigai.registers.special.control_forms import PlaceForm
from jigai.registers.special.stored_land import gaps_in_reach, uses_in_reach

LOOKS = {
    "no-plan": "warning",
    "no-supply": "rejected",
    "short": "warning",
    "over": "warning",
    "even": "done",
}


@requires(VIEW)
@require_GET
def check(request: Any) -> HttpResponse:
    """Every county and year with plan or supply, and every zone with what is left."""
    today = timezone.localdate()
    rows = gaps_in_reach(request.access, today)
    names = names_of_regions({row.region for row in rows})
    gaps = [(row, names.get(row.region, row.region), LOOKS[row.state]) for row in rows]
    uses = uses_in_reach(request.access, today)
    apart = sum(1 for row in rows if row.state != "even" or row.retrofit_missed)
    context = {
        "gaps": gaps, "uses": uses, "apart": apart, "over": sum(use.over for use in uses),
        "may_place": request.access.can(EDIT),
    }  # fmt: skip
    return render(request, "registers/land_check.html", context)


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def place(request: Any) -> HttpResponse:
    """Propose where a project goes; more than a zone has left is refused."""
    uses = [use for use in uses_in_reach(request.access, timezone.localdate()) if use.left > 0]
    choices = [(use.code, f"{use.code} {use.name}（剩 {formats.mu(use.left)} 亩）") for use in uses]
    data = request.POST if request.method == "POST" else None
    form = PlaceForm(data, zones=choices)
    if data is not None and form.is_valid():
        try:
            return redirect(_place(request, form.cleaned_data, {u.code: u.key for u in uses}))
        except JigaiError as problem:
            form.add_error(None, f"{problem.message}。{problem.hint}")
    status = 200 if data is None else 422
    return render(request, "registers/land_place.html", {"form": form, "uses": uses}, status=status)


def _place(request: Any, given: dict[str, Any], keys: dict[str, int]) -> str:
    zone = Entry.objects.get(pk=keys[given["zone"]])
    values = {name: given[name] for name in ("project", "zone", "area", "supply") if given[name]}

    def act() -> str:
        place_project(
            values={**values, "place": zone.region_code}, by=request.user, access=request.access
        )
        messages.success(request, "落位已提出，待审核；审核前先算作占用")
        return reverse("land-check")

    nonce = request.POST.get("nonce", "")
    return send_once(user=request.user, nonce=nonce, path=request.path, act=act)
