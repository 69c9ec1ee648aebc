"""One version of a list, and what can be done with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from jigai.core.access import requires
from jigai.core.evidence.serve import serve_evidence
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError
from jigai.funding.budgets.money import balances
from jigai.funding.decisions.access import APPROVE, MAKE, VIEW, lists_for
from jigai.funding.decisions.book import write_table_of
from jigai.funding.decisions.diff import before_of, changes_of
from jigai.funding.decisions.frozen import hash_stored
from jigai.funding.decisions.services.approve_list import approve_list
from jigai.funding.decisions.services.print_list import print_list
from jigai.funding.decisions.services.submit_list import submit_list
from jigai.funding.decisions.shares import RULES
from jigai.funding.decisions.views.listing import LOOKS, state_words
from jigai.funding.models import DecisionList
from jigai.policies.addressees import reaches

SHOWN = 50
_LINKED = (
    "round__programme__book",
    "made_by",
    "decided_by",
    "document__file",
    "minutes_file",
    "follows",
)


def find_list(request: Any, pk: int) -> DecisionList:
    """The version, within reach, else a page that is not there."""
    row = lists_for(request.access).select_related(*_LINKED).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@requires(VIEW)
@require_GET
def detail(request: Any, pk: int) -> HttpResponse:
    """The sums, the choice, the meeting, the changes, the first lines."""
    return page(request, find_list(request, pk), 200)


def page(
    request: Any, row: DecisionList, status: int, problem: JigaiError | None = None
) -> HttpResponse:
    """The page, with what went wrong above it."""
    words = dict(DecisionList.Rule.choices)
    lines = row.lines.select_related("application").order_by("place")
    context = {
        "row": row, "look": LOOKS[row.state], "state": state_words(row), "problem": problem,
        "rules": [(words[rule], row.effects[rule], rule == row.rule)
                  for rule in RULES if rule in row.effects],
        "lines": lines[:SHOWN], "count": row.lines.count(), "shown": SHOWN,
        "changes": changes_of(row), "before": before_of(row),
        "available": balances(row.round.programme).available,
        "whole": hash_stored(row) == row.root_hash,
        **_may(request, row),
    }  # fmt: skip
    return render(request, "funding/decisions/detail.html", context, status=status)


def _may(request: Any, row: DecisionList) -> dict[str, bool]:
    region = row.round.region_code
    makes = reaches(request.access, MAKE, region)
    approves = reaches(request.access, APPROVE, region)
    submitted, own = row.state == "submitted", row.made_by_id == request.user.pk
    told = bool(row.meeting and row.met_on and row.minutes)
    goes_on = row.state == "approved" and not row.binding and row.stage != "government"
    return {
        "may_submit": makes and row.state == "draft", "may_record": makes and submitted,
        "may_approve": approves and submitted and not own and told,
        "may_refuse": approves and submitted and not own,
        "waits_meeting": submitted and not told, "own": approves and submitted and own,
        "may_go_on": makes and goes_on
        and not row.followed_by.exclude(state="refused").exists(),
        "may_print": makes and row.state != "draft" and row.document_id is None,
        "last_stage": row.stage == "government",
    }  # fmt: skip


def _do(request: Any, pk: int, act: Any, said: str) -> HttpResponse:
    """Carry out once; what stands in the way is told on the page."""
    row = find_list(request, pk)

    def once() -> str:
        act(row)
        messages.success(request, said)
        return reverse("decision-list-detail", args=[pk])

    nonce = request.POST.get("nonce", "")
    try:
        url = send_once(user=request.user, nonce=nonce, path=request.path, act=once)
    except JigaiError as problem:
        return page(request, find_list(request, pk), 409, problem)
    return redirect(url)


def seen_of(request: Any) -> int | None:
    """The version of the row the person looked at."""
    text = str(request.POST.get("seen", ""))
    return int(text) if text.isdigit() else None


@requires(MAKE)
@require_POST
def submit(request: Any, pk: int) -> HttpResponse:
    """提请审定."""
    return _do(
        request, pk,
        lambda row: submit_list(
            decision_list=row.pk, by=request.user, access=request.access, seen=seen_of(request)
        ),
        "已提请审定",
    )  # fmt: skip


@requires(APPROVE)
@require_POST
def approve(request: Any, pk: int) -> HttpResponse:
    """通过: binding, or on to the next meeting."""
    binding = request.POST.get("how") == "binding"
    return _do(
        request, pk,
        lambda row: approve_list(
            decision_list=row.pk, binding=binding, by=request.user, access=request.access,
            seen=seen_of(request),
        ),
        "已通过并生效，预算已占用" if binding else "已通过，报下一环节",
    )  # fmt: skip


@requires(MAKE)
@require_POST
def paper(request: Any, pk: int) -> HttpResponse:
    """Issue the paper."""
    return _do(
        request, pk,
        lambda row: print_list(decision_list=row.pk, by=request.user, access=request.access),
        "资金测算表已出具",
    )  # fmt: skip


@requires(VIEW)
@require_GET
def book(request: Any, pk: int) -> HttpResponse | FileResponse:
    """资金测算表 as a workbook."""
    row = find_list(request, pk)
    request.access.require("export.make")
    return write_table_of(row)


@requires(VIEW)
@require_GET
def word(request: Any, pk: int) -> FileResponse:
    """The issued paper."""
    row = find_list(request, pk)
    if row.document is None:
        raise Http404
    return serve_evidence(request, row.document.file)
