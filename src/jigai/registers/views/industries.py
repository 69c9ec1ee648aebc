"""Was an industry in a list on a day?"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.errors import JigaiError
from jigai.registers.access import VIEW
from jigai.registers.special.industry_data import (
    IndustryList,
    industry_lists,
    list_words,
    shown_codes,
)
from jigai.registers.special.industry_question import Asked, answer, understand
from jigai.registers.special.question_forms import IndustryForm


@requires(VIEW)
@require_GET
def question(request: Any) -> HttpResponse:
    """The answer of every list, and each list's growth by date."""
    words = list_words()
    form = IndustryForm(request.GET, words=words)
    if not form.is_valid():
        return render(request, "registers/industry_question.html", {"form": form}, status=422)
    asked = form.cleaned_data
    held = industry_lists()
    lists = [one for one in held if asked["list"] in ("", one.code)]
    empty = [
        word for code, word in words.items()
        if asked["list"] in ("", code) and code not in {one.code for one in held}
    ]  # fmt: skip
    context: dict[str, Any] = {"form": form, "day": asked["on"], "empty": empty, "status": 200}
    context["lists"] = [(one, _dated(one, asked["on"])) for one in lists]
    if asked["q"].strip():
        context |= _answers(asked, lists)
    return render(request, "registers/industry_question.html", context, status=context["status"])


def _answers(asked: dict[str, Any], lists: list[IndustryList]) -> dict[str, Any]:
    try:
        meant: Asked = understand(asked["q"])
    except JigaiError as error:
        return {"error": error, "status": 422}
    rows = [(one, answer(meant, one.listings, asked["on"])) for one in lists]
    return {"meant": meant, "answers": rows}


def _dated(one: IndustryList, day: dt.date) -> list[tuple[Any, str, bool]]:
    return [(each, shown_codes(each), each.holds(day)) for each in one.listings]
