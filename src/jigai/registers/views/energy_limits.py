"""A unit consumption judged by the standard of its period."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.errors import JigaiError
from jigai.registers.access import VIEW
from jigai.registers.special import energy_limits as limits
from jigai.registers.special.limit_data import Library, library, surcharges_on
from jigai.registers.special.question_forms import LimitForm


@requires(VIEW)
@require_GET
def check(request: Any) -> HttpResponse:
    """Ask for a reading, answer with the edition in force, its values and what follows."""
    held = library()
    asked = "value" in request.GET
    form = LimitForm(request.GET if asked else None, indicators=held.indicators())
    context: dict[str, Any] = {"form": form, "held": held, "status_words": limits.WORDS}
    status = 200
    if asked and form.is_valid():
        try:
            context |= _answer(held, form.cleaned_data)
        except JigaiError as error:
            context["error"] = error
            status = 422
    elif asked:
        status = 422
    return render(request, "registers/energy_check.html", context, status=status)


def _answer(held: Library, asked: dict[str, Any]) -> dict[str, Any]:
    line, _, indicator = asked["indicator"].partition("|")
    standard = limits.standard_of(held.standards, line, asked["first"], asked["last"])
    found = [
        limits.judge(asked["value"], asked["unit"], limit, new=asked["new"])
        for limit in held.of(standard, indicator)
    ]
    bands = {limits.excess_band(j.times) for j in found if j.is_over} - {""}
    band = "both" if len(bands) > 1 else next(iter(bands), "")
    others = [
        (other, held.of(other, indicator))
        for other in held.standards
        if other.line == line and other.id != standard.id
    ]
    late = held.checked_to is not None and asked["last"] > held.checked_to
    return {
        "standard": standard, "indicator": indicator, "found": found, "others": others,
        "asked": asked, "over": any(j.is_over for j in found), "band": band,
        "surcharges": surcharges_on(asked["last"], band), "late": late,
    }  # fmt: skip
