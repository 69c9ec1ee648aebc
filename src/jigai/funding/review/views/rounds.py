"""A round under review: how far it is, working it out, accepting what is clear."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from jigai.core.access import requires
from jigai.core.jobs import start_job
from jigai.core.models import Job
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError
from jigai.funding.compute.claims import BASES
from jigai.funding.decisions.access import MAKE, rounds_for
from jigai.funding.models import Round
from jigai.funding.review.jobs import ACCEPT, RUN
from jigai.funding.review.selectors import standing, verdicts
from jigai.funding.review.services.accept_clear import waiting
from jigai.funding.review.words import REVIEW
from jigai.policies.words import VERDICT_WORDS

_RUNNING = ("waiting", "running")


def _round(request: Any, pk: int) -> Round:
    rows = rounds_for(request.access, REVIEW).select_related("programme", "run")
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@requires(REVIEW)
@require_GET
def round_page(request: Any, pk: int) -> HttpResponse:
    """States, verdicts, the runs, the lists."""
    row = _round(request, pk)
    context = {
        "row": row, "states": standing(row),
        "verdicts": [
            (code or "none", VERDICT_WORDS[code] if code else "没有测算", n)
            for code, n in verdicts(row)
        ],
        "clear": len(waiting(row)), "bases": BASES.items(), "run": row.run,
        "basis": (row.run.population.get("basis", "") if row.run else ""),
        "running": _running(row), "lists": row.lists.order_by("-number"),
        "may_list": request.access.can(MAKE),
    }  # fmt: skip
    return render(request, "funding/review/round.html", context)


def _running(row: Round) -> Job | None:
    rows = Job.objects.filter(kind__in=(RUN, ACCEPT), status__in=_RUNNING, params__round=row.pk)
    return rows.order_by("-id").first()


@requires(REVIEW)
@require_POST
def run(request: Any, pk: int) -> HttpResponse:
    """Begin to work the round out on a base."""
    row, basis = _round(request, pk), request.POST.get("basis", "")
    if basis not in BASES:
        raise JigaiError("no-basis", "没有选择基数", "选申报基数或审定基数")
    title = f"测算 {row.name}（{BASES[basis]}）"
    return _begin(request, row, RUN, title, {"basis": basis})


@requires(REVIEW)
@require_POST
def accept(request: Any, pk: int) -> HttpResponse:
    """Begin to accept what is clear."""
    row = _round(request, pk)
    return _begin(request, row, ACCEPT, f"受理没有疑问的申报（{row.name}）", {})


def _begin(request: Any, row: Round, kind: str, title: str, params: dict[str, Any]) -> HttpResponse:
    """Queue the work once; where something of the round is running, go to that."""

    def start() -> str:
        Round.objects.select_for_update().get(pk=row.pk)
        job = _running(row) or start_job(
            kind=kind, title=title[:200], owner=request.user, params={"round": row.pk, **params}
        )
        return reverse("job-detail", args=[job.pk])

    url = send_once(
        user=request.user, nonce=request.POST.get("nonce", ""), path=request.path, act=start
    )
    return redirect(url)
