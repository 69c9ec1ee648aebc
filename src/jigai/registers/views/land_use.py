"""A project against the land standards, and terms of land that come to their end."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.registers.access import VIEW
from jigai.registers.special.land_intensity import check_land, documents
from jigai.registers.special.land_standards import find_standards
from jigai.registers.special.land_use_forms import LandForm, TermsForm
from jigai.registers.special.ledger import find_register
from jigai.registers.special.stored_land_use import TERMS, standards_on, terms_near_end


@requires(VIEW)
@require_GET
def standards(request: Any) -> HttpResponse:
    """The standards of the day for an industry and place, and what a project comes to."""
    today, asked = timezone.localdate(), "document" in request.GET
    form = LandForm(request.GET if asked else None, documents=documents(today))
    context: dict[str, Any] = {"form": form}
    status = 200
    if asked and form.is_valid():
        given = form.cleaned_data
        rows = standards_on(given["on"])
        found = find_standards(rows, given["industry"], given["region"], given["grade"])
        context |= {
            "found": found, "day": given["on"],
            "checked": check_land(given["document"], form.quantities(), found, today, given["on"]),
        }  # fmt: skip
    elif asked:
        status = 422
    return render(request, "registers/land_standards.html", context, status=status)


@requires(VIEW)
@require_GET
def terms(request: Any) -> HttpResponse:
    """What ends soon or has ended, and what a person does now; nothing is renewed by itself."""
    form = TermsForm(request.GET)
    if not form.is_valid():
        return render(request, "registers/land_terms.html", {"form": form}, status=422)
    register = find_register(TERMS)
    usual = register.schema.remind if register else 0
    ahead, day = form.cleaned_data["ahead"], form.cleaned_data["on"]
    ahead = usual if ahead is None else ahead
    context = {
        "form": form, "ahead": ahead, "usual": usual, "day": day,
        "rows": terms_near_end(request.access, day, ahead),
    }  # fmt: skip
    return render(request, "registers/land_terms.html", context)
