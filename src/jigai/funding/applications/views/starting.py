"""可申报: open rounds, what one's own projects would get, and the beginning of an application."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from jigai.core.access import requires
from jigai.core.services.send_once import send_once
from jigai.funding.applications.amounts import outlook_of
from jigai.funding.applications.prospects import Prospect, prospects_of, would_give
from jigai.funding.applications.selectors import APPLY, open_rounds, to_sign
from jigai.funding.applications.services.start_application import start_application
from jigai.funding.models import RoundMeasure
from jigai.funding.rounds.timetable import promise_of

# So many are worked out at once when the page opens; the others when asked for.
AT_ONCE = 6


@requires(APPLY)
@require_GET
def open_page(request: Any) -> HttpResponse:
    """Rounds open now with the enterprise's own projects and consortia."""
    rounds = [
        {"round": r, "promise": promise_of(r), "rows": rows, "left": _left(r)}
        for r, rows in prospects_of(request.access)
    ]
    context = {"rounds": rounds, "at_once": AT_ONCE, "to_sign": to_sign(request.access).filter(
        application__state="signing", signed_at=None).count()}  # fmt: skip
    return render(request, "funding/applications/open.html", context)


def _left(round_: Any) -> int:
    return int((timezone.localdate(round_.closes_at) - timezone.localdate()).days)


def _prospect(request: Any, data: Any) -> Prospect:
    """The measure and subject asked for, if they are among one's own; else 404."""
    for _round, rows in prospects_of(request.access):
        for row in rows:
            if row.query == f"measure={data.get('measure', '')}&" + (
                f"project={data['project']}" if data.get("project")
                else f"consortium={data.get('consortium', '')}"
            ):  # fmt: skip
                return row
    raise Http404


@requires(APPLY)
@require_GET
def outlook(request: Any) -> HttpResponse:
    """What one of them would give, as a fragment."""
    row = _prospect(request, request.GET)
    context = {
        "outlook": outlook_of(would_give(row), row.measure.code),
        "pack": row.measure.round.pack.slug,
    }
    return render(request, "funding/applications/outlook_row.html", context)


@requires(APPLY)
@require_POST
def start(request: Any) -> HttpResponse:
    """Begin an application and open its form."""
    measure = get_object_or_404(
        RoundMeasure.objects.filter(round__in=open_rounds()).select_related("round__pack"),
        pk=request.POST.get("measure") if request.POST.get("measure", "").isdigit() else 0,
    )
    row = _prospect(request, request.POST)

    def act() -> str:
        begun = start_application(measure=measure, project=row.project, consortium=row.consortium,
                                  by=request.user, access=request.access)  # fmt: skip
        messages.success(request, "已带出平台上的数据和发票，核对后补齐材料即可提交")
        return reverse("application-form", args=[begun.pk])

    nonce = request.POST.get("nonce", "")
    return redirect(send_once(user=request.user, nonce=nonce, path=request.path, act=act))


URLS = [
    path("applications/open/", open_page, name="application-open"),
    path("applications/open/outlook/", outlook, name="application-outlook"),
    path("applications/start/", start, name="application-start"),
]
