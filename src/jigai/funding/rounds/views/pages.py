"""A round on screen: its parts, and what can be done with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from jigai.core.access import requires
from jigai.core.platform_calendar import platform_calendar
from jigai.core.screens.menu import url_of
from jigai.core.selectors_regions import names_of_regions
from jigai.core.services.send_once import send_once
from jigai.funding.applications.selectors import applications_for
from jigai.funding.models import Application, DecisionList, Publicity, Round
from jigai.funding.publicity.period import period_of
from jigai.funding.rounds.access import MANAGE, OPEN, REVIEW, VIEW, offers_for, rounds_for
from jigai.funding.rounds.figures import (
    breadth_of,
    clock_of,
    counts_by_state,
    firms_with_projects,
)
from jigai.funding.rounds.overlap import overlapping
from jigai.funding.rounds.queue import ranked
from jigai.funding.rounds.services.close_round import cancel_round, close_round
from jigai.funding.rounds.services.open_round import open_round
from jigai.funding.rounds.timetable import promise_of, stage_days
from jigai.funding.rounds.words import LOOKS, MODES
from jigai.policies.stored_packs import model_of
from jigai.rules.environment import all_readings

TABS = {"": "概况", "measures": "措施", "applications": "申报", "lists": "名单",
        "publicity": "公示", "payments": "拨付"}  # fmt: skip
OFFICE = ("applications", "lists", "publicity", "payments")
SHOWN = 50


@requires(VIEW)
@require_GET
def detail(request: Any, pk: int) -> HttpResponse:
    """A round; ``?tab=`` chooses the part."""
    rows = rounds_for(request.access).select_related("programme", "pack", "notice", "opened_by")
    round_ = get_object_or_404(rows, pk=pk)
    official = any(g.enterprise_id is None for g in request.access.granting(VIEW))
    tabs = {code: word for code, word in TABS.items() if official or code not in OFFICE}
    tab = request.GET.get("tab", "")
    tab = tab if tab in tabs else ""
    context = {
        "round": round_, "look": LOOKS[round_.state], "tabs": tabs, "tab": tab,
        "official": official, "part": f"funding/rounds/tab_{tab or 'overview'}.html",
        **_PARTS[tab](request, round_),
    }  # fmt: skip
    if not official:
        context["offers"] = list(offers_for(request.access, round_)[:20])
    return render(request, "funding/rounds/detail.html", context)


def _overview(request: Any, round_: Round) -> dict[str, Any]:
    calendar = platform_calendar()
    region = names_of_regions([round_.region_code]).get(round_.region_code, round_.region_code)
    draft = round_.state == Round.State.DRAFT
    known = all_readings(model_of(round_.pack).pack)
    readings = [
        (known[code], known[code].options[option])
        for code, option in round_.readings.items()
        if code in known and option in known[code].options
    ]
    return {
        "region": region, "mode_words": MODES[Round.Mode(round_.mode)], "draft": draft,
        "stages": stage_days(round_, calendar), "promise": promise_of(round_, calendar),
        "readings": readings, "states": counts_by_state(_visible(request, round_)),
        "overlaps": list(overlapping(round_)[:5]) if draft else [],
        "own": round_.created_by_id == request.user.pk,
        "may_edit": draft and request.access.can(MANAGE),
        "may_open": draft and request.access.can(OPEN),
        "may_close": round_.state == Round.State.OPEN and request.access.can(OPEN),
        "apply_url": _begin(round_.pk),
    }  # fmt: skip


def _measures(request: Any, round_: Round) -> dict[str, Any]:
    return {"measures": list(round_.measures.order_by("place", "id"))}


def _applications(request: Any, round_: Round) -> dict[str, Any]:
    rows = _visible(request, round_)
    shown = rows.select_related("enterprise", "measure").defer("search", "enterprise__search")
    every = url_of("application-list")
    listed = list(shown.order_by("-id")[:SHOWN])
    for row in listed:
        row.url = _named("application-detail", row.pk)
    return {
        "states": counts_by_state(rows), "rows": listed,
        "every": f"{every}?round={round_.pk}" if every else "",
    }  # fmt: skip


def _lists(request: Any, round_: Round) -> dict[str, Any]:
    found = list(DecisionList.objects.filter(round=round_).order_by("-number"))
    for row in found:
        row.url = _named("decision-list-detail", row.pk)
    hidden = round_.sealed and round_.state == Round.State.OPEN
    ordered = round_.mode == Round.Mode.COMPETE or bool(round_.priorities)
    queue = ranked(round_, SHOWN) if ordered and not hidden else []
    return {
        "lists": found, "queue": queue, "hidden": hidden, "ordered": ordered,
        "taggable": request.access.can(REVIEW), "tagged": _tagged(request, round_),
    }  # fmt: skip


def _tagged(request: Any, round_: Round) -> Application | None:
    wanted = request.GET.get("application", "")
    return _visible(request, round_).filter(pk=wanted).first() if wanted.isdigit() else None


def _publicity(request: Any, round_: Round) -> dict[str, Any]:
    given = Publicity.objects.filter(round=round_).order_by("-id")
    lists = DecisionList.objects.filter(round=round_, state=DecisionList.State.APPROVED)
    waiting = list(lists.filter(binding=True, publicities=None).order_by("number"))
    return {
        "notices": list(given),
        "waiting": waiting,
        "period": period_of(round_, timezone.localdate()) if waiting else None,
    }


def _payments(request: Any, round_: Round) -> dict[str, Any]:
    rows = applications_for(request.access).filter(
        round=round_, state__in=("cleared", "paying", "paid", "recovering")
    )
    return {
        "clock": clock_of(round_),
        "breadth": breadth_of(round_),
        "reachable": firms_with_projects(round_),
        "promise": promise_of(round_),
        "states": counts_by_state(rows),
    }


_PARTS = {"": _overview, "measures": _measures, "applications": _applications, "lists": _lists,
          "publicity": _publicity, "payments": _payments}  # fmt: skip


def _visible(request: Any, round_: Round) -> Any:
    return applications_for(request.access).filter(round=round_)


def _begin(pk: int) -> str:
    """Where an enterprise begins an application in the round."""
    plain = url_of("application-new")
    return _named("application-new", pk) or (f"{plain}?round={pk}" if plain else "")


def _named(name: str, pk: int) -> str:
    try:
        return reverse(name, args=[pk])
    except NoReverseMatch:
        return ""


@requires(OPEN)
@require_POST
def act(request: Any, pk: int, verb: str) -> HttpResponse:
    """Open, close or cancel a round."""
    round_ = get_object_or_404(rounds_for(request.access), pk=pk)

    def once() -> str:
        if verb == "open":
            seen = request.POST.get("version", "")
            open_round(round_=round_.pk, by=request.user, access=request.access,
                       seen=int(seen) if seen.isdigit() else None)  # fmt: skip
            messages.success(request, "批次已开放，条件已封存，通知已出具")
        elif verb == "close":
            close_round(round_=round_.pk, by=request.user, access=request.access)
            messages.success(request, "批次已截止")
        elif verb == "cancel":
            cancel_round(round_=round_.pk, reason=request.POST.get("reason", ""),
                         by=request.user, access=request.access)  # fmt: skip
            messages.success(request, "批次已取消")
        return reverse("round-detail", args=[pk])

    return redirect(send_once(
        user=request.user, nonce=request.POST.get("nonce", ""), path=request.path, act=once
    ))  # fmt: skip
