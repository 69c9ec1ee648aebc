"""Titles of all rosters, ladders with their moves, and the ten-billion count."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.registers.access import VIEW, visible_entries
from jigai.registers.special.ladder import moves, standing
from jigai.registers.special.ledger import find_register
from jigai.registers.special.question_forms import DayForm
from jigai.registers.special.references import policies_reading
from jigai.registers.special.roster_forms import MovesForm, TitleForm
from jigai.registers.special.stored_lists import (
    LADDERS,
    TEN_BILLION,
    basis_in_force,
    earners,
    ladder_held,
    serving,
    targets_of,
)
from jigai.registers.special.ten_billion import BASES, tally
from jigai.registers.special.titles import (
    MOST,
    details,
    find_titles,
    happenings,
    public_title,
    rosters,
)


@requires(VIEW)
@require_GET
def titles(request: Any) -> HttpResponse:
    """Who holds or held which title on a day."""
    known = rosters()
    form = TitleForm(request.GET, rosters=known)
    context: dict[str, Any] = {"form": form, "most": MOST, "rosters": len(known)}
    if not form.is_valid():
        return render(request, "registers/titles.html", context, status=422)
    asked = form.cleaned_data
    rows, more = find_titles(asked["on"], asked["q"], asked["roster"], asked["held"])
    context |= {"rows": rows, "more": more, "day": asked["on"]}
    return render(request, "registers/titles.html", context)


@requires(VIEW)
@require_GET
def title(request: Any, pk: int) -> HttpResponse:
    """One title with everything that happened to it, as its roster lets show."""
    entry = public_title(pk)
    if entry is None:
        raise Http404
    context = {
        "entry": entry, "details": details(entry), "happenings": happenings(entry),
        "inside": visible_entries(request.access).filter(pk=pk).exists(),
    }  # fmt: skip
    return render(request, "registers/title.html", context)


@requires(VIEW)
@require_GET
def ladders(request: Any) -> HttpResponse:
    """Who stands where on a day, and who entered, rose and left."""
    form = MovesForm(request.GET)
    if not form.is_valid():
        return render(request, "registers/ladders.html", {"form": form}, status=422)
    day = form.cleaned_data["on"]
    since = form.cleaned_data["since"] or day - dt.timedelta(days=365)
    held = ladder_held(request.access)
    registers = serving(LADDERS)
    context = {
        "form": form, "day": day, "since": since, "standing": standing(held, day),
        "moves": [m for m in moves(held) if since <= m.day <= day],
        "uses": [(r, *use) for r in registers for use in policies_reading(r.code)],
    }  # fmt: skip
    return render(request, "registers/ladders.html", context)


@requires(VIEW)
@require_GET
def ten_billion(request: Any) -> HttpResponse:
    """The number under both readings, who does not count and why, beside the target."""
    form = DayForm(request.GET)
    if not form.is_valid():
        return render(request, "registers/ten_billion.html", {"form": form}, status=422)
    day = form.cleaned_data["on"] or timezone.localdate()
    rows = earners(request.access, day)
    chosen = basis_in_force()
    context = {
        "form": form, "day": day, "chosen": chosen,
        "tallies": [tally(rows, basis) for basis in BASES],
        "targets": targets_of(find_register(TEN_BILLION)),
    }  # fmt: skip
    return render(request, "registers/ten_billion.html", context)
