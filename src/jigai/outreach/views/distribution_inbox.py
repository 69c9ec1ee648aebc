"""收文: what came for one's unit; the valid document stands first."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from jigai.core.access import signed_in
from jigai.core.evidence.serve import serve_evidence
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError
from jigai.outreach.distribution_people import inbox_of
from jigai.outreach.distribution_standing import instead_of, standing_on
from jigai.outreach.models import Delivery, Distribution
from jigai.outreach.services.sign_delivery import read_delivery, sign_delivery, stop_delivery
from jigai.outreach.views.distribution_tables import STANDINGS, STATES

_VERBS = {
    "sign": (sign_delivery, "已签收"),
    "read": (read_delivery, "已标为已阅"),
    "stop": (stop_delivery, "已确认停用"),
}


@signed_in
@require_GET
def detail(request: Any, pk: int) -> HttpResponse:
    """One document as it came, with what to use instead where it has ended."""
    row = _mine(request, pk)
    sent = row.distribution
    verdict = standing_on(sent)
    context = {
        "row": row,
        "sent": sent,
        "verdict": verdict,
        "look": STANDINGS[verdict.standing],
        "state_look": STATES[row.state],
        "instead": instead_of(row, verdict),
        "for_the_record": sent.for_the_record,
    }
    return render(request, "outreach/delivery.html", context)


@signed_in
@require_POST
def act(request: Any, pk: int, verb: str) -> HttpResponse:
    """Sign, note, confirm the end."""
    row = _mine(request, pk)
    if verb not in _VERBS:
        raise Http404
    service, told = _VERBS[verb]

    def once() -> str:
        service(delivery=row.pk, by=request.user, access=request.access)
        messages.success(request, told)
        return reverse("delivery-detail", args=[row.pk])

    nonce = request.POST.get("nonce", "")
    try:
        url = send_once(user=request.user, nonce=nonce, path=request.path, act=once)
    except JigaiError as problem:
        messages.error(request, str(problem))
        url = reverse("delivery-detail", args=[row.pk])
    return redirect(url)


@signed_in
@require_GET
def file(request: Any, pk: int) -> FileResponse:
    """The file that came."""
    row = _mine(request, pk)
    if row.distribution.file is None or row.state == Delivery.State.UNSIGNED:
        raise Http404
    return serve_evidence(request, row.distribution.file)


def _mine(request: Any, pk: int) -> Delivery:
    rows = inbox_of(request.access).select_related(
        "distribution__pack", "distribution__file", "distribution__successor",
        "distribution__successor_pack", "signed_by", "read_by", "stopped_by",
    )  # fmt: skip
    found: Delivery = get_object_or_404(
        rows.defer("distribution__pack__files", "distribution__successor_pack__files"), pk=pk
    )
    assert found.distribution.status == Distribution.Status.SENT
    return found
