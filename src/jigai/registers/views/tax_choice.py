"""Tax preferences that exclude each other, compared for given figures."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.errors import JigaiError
from jigai.registers.access import VIEW
from jigai.registers.special.control_forms import TaxForm
from jigai.registers.special.stored_tax import parameters_on, preferences_on
from jigai.registers.special.tax import (
    Comparison,
    compare_deduction,
    compare_holiday,
    exclusive_pairs,
)


@requires(VIEW)
@require_GET
def compare(request: Any) -> HttpResponse:
    """Which preferences exclude each other today, and the better one for the figures given."""
    form = TaxForm(request.GET or None)
    day, status = timezone.localdate(), 200
    context: dict[str, Any] = {"form": form, "results": []}
    if form.is_bound and form.is_valid():
        day = form.cleaned_data["day"]
        context["results"], context["errors"] = _compare(form.cleaned_data, day)
    elif form.is_bound:
        status = 422
    try:
        spans = preferences_on(day)
        names = {span.values["code"]: span.entry for span in spans}
        rows = {span.values["code"]: _current(span.values.get("excludes"), names) for span in spans}
        context["pairs"] = [(names[a], names[b], why) for a, b, why in exclusive_pairs(rows)]
    except JigaiError as error:
        context["error"] = error
    return render(request, "registers/tax_compare.html", context | {"day": day}, status=status)


def _current(texts: Any, names: dict[str, Any]) -> tuple[str, ...]:
    """Exclusions of preferences that are in force too."""
    return tuple(text for text in texts or () if text.partition("：")[0] in names)


def _compare(given: dict[str, Any], day: Any) -> tuple[list[Comparison], list[JigaiError]]:
    parameters = parameters_on(day)
    found: list[Comparison] = []
    errors: list[JigaiError] = []
    if given.get("cost"):
        try:
            price = given.get("unit_price") or given["cost"]
            found.append(compare_deduction(given["cost"], price, parameters))
        except JigaiError as error:
            errors.append(error)
    if given.get("incomes"):
        try:
            found.append(compare_holiday(given["incomes"], parameters))
        except JigaiError as error:
            errors.append(error)
    return found, errors
