"""拟订名单: the budget test, what each rule would do, and the choice."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jigai.core.access import requires
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError
from jigai.funding.budgets.money import balances
from jigai.funding.decisions.access import MAKE, rounds_for
from jigai.funding.decisions.candidates import (
    Candidates,
    candidates,
    left_out,
    pending_elsewhere,
)
from jigai.funding.decisions.forms import MakeForm
from jigai.funding.decisions.services.make_list import make_list
from jigai.funding.decisions.shares import ENOUGH, effects, share
from jigai.funding.models import DecisionList, Round

# So many rows show what a rule does; the list has them all.
SHOWN = 30


@requires(MAKE)
@require_http_methods(["GET", "POST"])
def new(request: Any, pk: int) -> HttpResponse:
    """The page, and the choice made on it."""
    rows = rounds_for(request.access, MAKE).select_related("programme__book")
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    if request.method == "GET":
        return _page(request, row, None, 200)
    return _make(request, row)


def _make(request: Any, row: Round) -> HttpResponse:
    found, budget = candidates(row), balances(row.programme).available
    form = MakeForm(request.POST, rules=tuple(effects(found.wanted, budget)))
    if not form.is_valid():
        return _page(request, row, form, 422)
    given = form.cleaned_data

    def act() -> str:
        made = make_list(
            round_=row.pk, stage=given["stage"], rule=given["rule"], reason=given["reason"],
            by=request.user, access=request.access,
        )  # fmt: skip
        return reverse("decision-list-detail", args=[made.pk])

    try:
        url = send_once(
            user=request.user, nonce=request.POST.get("nonce", ""), path=request.path, act=act
        )
    except JigaiError as problem:
        form.add_error(None, str(problem))
        return _page(request, row, form, 422)
    return redirect(url)


def _page(request: Any, row: Round, form: MakeForm | None, status: int) -> HttpResponse:
    found, budget = candidates(row), balances(row.programme).available
    told = effects(found.wanted, budget)
    words = dict(DecisionList.Rule.choices)
    pending, pending_fen = pending_elsewhere(row)
    context = {
        "row": row, "found": found, "budget": budget, "short": max(found.asked - budget, 0),
        "left": budget - found.asked, "reaches": ENOUGH in told,
        "rules": [(rule, words[rule], total) for rule, total in told.items()],
        "examples": _examples(found, budget, tuple(told)), "shown": SHOWN,
        "out": left_out(row), "full": len(found.full),
        "pending": pending, "pending_fen": pending_fen,
        "form": form or MakeForm(rules=tuple(told)),
    }  # fmt: skip
    return render(request, "funding/decisions/new.html", context, status=status)


def _examples(found: Candidates, budget: int, rules: tuple[str, ...]) -> list[Any]:
    """The first rows of the list with what each rule gives them."""
    given = {rule: share(found.wanted, budget, rule) for rule in rules}
    return [
        (place, found.names[one.key], one.fen, [given[rule][one.key] for rule in rules])
        for place, one in enumerate(found.wanted[:SHOWN], start=1)
    ]
