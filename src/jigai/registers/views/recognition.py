"""Whether a test's result is recognised, how results were used, and tests done twice."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.core.screens.context import region_name
from jigai.core.selectors_regions import names_of_regions
from jigai.registers.access import VIEW
from jigai.registers.special.complaint_link import complaint_link
from jigai.registers.special.recognition import Asked, answer, repeated, tally
from jigai.registers.special.service_forms import RecognitionForm
from jigai.registers.special.stored_tests import (
    OUTCOMES,
    judged,
    results_in_reach,
    uses_in_reach,
)

MOST_SHOWN = 50


@requires(VIEW)
@require_GET
def question(request: Any) -> HttpResponse:
    """The answer for the tests meant, with reason, clause and entry; then uses and repeats."""
    form = RecognitionForm(request.GET)
    if not form.is_valid():
        return render(request, "registers/recognition.html", {"form": form}, status=422)
    given = form.cleaned_data
    words, link = complaint_link(request.access)
    context: dict[str, Any] = {
        "form": form, "day": given["on"], "complain": words, "complaint": link,
        "uses": _uses(request), "repeats": repeated(results_in_reach(request.access)[0]),
    }  # fmt: skip
    if given["q"].strip() and not given["region"]:
        context["no_place"] = True
    elif given["q"].strip():
        context |= _answers(request, given)
    return render(request, "registers/recognition.html", context)


def _answers(request: Any, given: dict[str, Any]) -> dict[str, Any]:
    results, more = results_in_reach(request.access, given["q"])
    asked = Asked(given["region"], given["on"], given["department"].strip())
    verdicts = judged(results, asked)
    return {
        "answer": answer(verdicts), "verdicts": verdicts[:MOST_SHOWN], "words": given["q"],
        "more": more or len(verdicts) > MOST_SHOWN, "place": region_name(given["region"]),
    }  # fmt: skip


def _uses(request: Any) -> list[tuple[str, str, list[int]]]:
    counts = tally(uses_in_reach(request.access))
    names = names_of_regions({region for region, _, _ in counts})
    return [
        (names.get(region, region), department, [found.get(code, 0) for code in OUTCOMES])
        for region, department, found in counts
    ]
