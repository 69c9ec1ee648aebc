"""What an enterprise does in a round: take up an offer. What an office does: tag priorities."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from jigai.core.access import requires
from jigai.core.services.send_once import send_once
from jigai.funding.applications.selectors import applications_for
from jigai.funding.rounds.access import REVIEW, offers_for, rounds_for
from jigai.funding.rounds.directions import tag_directions
from jigai.funding.rounds.services.confirm_offer import confirm_offer


@requires("application.apply")
@require_POST
def confirm(request: Any, pk: int, row: int) -> HttpResponse:
    """One click: the offer becomes an application that was handed in."""
    round_ = get_object_or_404(rounds_for(request.access), pk=pk)
    offer = get_object_or_404(offers_for(request.access, round_), pk=row)

    def once() -> str:
        confirm_offer(application=offer, by=request.user, access=request.access)
        messages.success(request, "已确认，按申报办理，承诺拨付日期从批次截止起算")
        return reverse("round-detail", args=[pk])

    return redirect(_once(request, once))


@requires(REVIEW)
@require_POST
def directions(request: Any, pk: int, row: int) -> HttpResponse:
    """Say which priorities an application bears."""
    rows = applications_for(request.access, REVIEW).filter(round=pk)
    found = get_object_or_404(rows, pk=row)

    def once() -> str:
        tag_directions(application=found.pk, codes=request.POST.getlist("direction"),
                       by=request.user, access=request.access)  # fmt: skip
        messages.success(request, "优先方向已记下，只影响先后")
        return reverse("round-detail", args=[pk]) + "?tab=lists"

    return redirect(_once(request, once))


def _once(request: Any, act: Any) -> str:
    return send_once(
        user=request.user, nonce=request.POST.get("nonce", ""), path=request.path, act=act
    )
