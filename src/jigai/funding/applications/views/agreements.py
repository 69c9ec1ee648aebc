"""Agreements of consortia: what waits for one's signature, reading, signing, leaving."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from jigai.core.access import requires
from jigai.core.services.send_once import send_once
from jigai.funding.applications.agreement import agreement_of
from jigai.funding.applications.selectors import (
    APPLY,
    REVIEW,
    applications_for,
    is_applicant,
    mine,
    own_enterprises,
    to_sign,
)
from jigai.funding.applications.services.leave_consortium import leave_consortium
from jigai.funding.applications.services.sign_agreement import SIGNABLE, sign_agreement
from jigai.funding.models import Application, MemberSignature


def _with_agreement(request: Any, pk: int) -> Application:
    """An application whose agreement this person may read: applicant, member, administration."""
    rows = Application.objects.exclude(consortium=None)
    signing = to_sign(request.access).values("application")
    for known in (mine(request.access).values("pk"), applications_for(request.access).values("pk"),
                  signing):  # fmt: skip
        found = rows.filter(pk__in=known, pk=pk)
        if found.exists():
            return found.select_related("round__pack", "measure", "enterprise", "consortium")[0]
    return get_object_or_404(rows.none())


@requires(APPLY)
@require_GET
def waiting(request: Any) -> HttpResponse:
    """What the person's enterprises have to sign, and have signed."""
    rows = to_sign(request.access).select_related(
        "application__round", "application__enterprise", "enterprise"
    )
    rows = rows.exclude(application__state="draft").order_by("-application_id", "id")
    return render(request, "funding/applications/agreements.html", {"rows": rows[:200]})


@requires(APPLY, "application.view")
@require_GET
def detail(request: Any, pk: int) -> HttpResponse:
    """The agreement as it stands with everybody's signature; one's own place signs here."""
    row = _with_agreement(request, pk)
    firms = own_enterprises(request.access)
    reviewer = applications_for(request.access, REVIEW).filter(pk=pk).exists()
    context = {
        "row": row, "agreement": agreement_of(row), "firms": firms,
        "applicant": is_applicant(request.access, row), "reviewer": reviewer,
        "signable": row.state in SIGNABLE, "pack": row.round.pack.slug,
    }  # fmt: skip
    return render(request, "funding/applications/agreement.html", context)


def _place(request: Any, pk: int) -> MemberSignature:
    rows = MemberSignature.objects.select_related("application")
    row = get_object_or_404(rows, pk=pk)
    _with_agreement(request, row.application_id)
    return row


@requires(APPLY)
@require_POST
def sign(request: Any, pk: int) -> HttpResponse:
    """Sign for one's own enterprise."""
    place = _place(request, pk)

    def act() -> str:
        sign_agreement(signature=pk, content_hash=request.POST.get("content", ""),
                       by=request.user, access=request.access)  # fmt: skip
        messages.success(request, "已签署")
        return reverse("agreement-detail", args=[place.application_id])

    return _once(request, act)


@requires(APPLY, REVIEW)
@require_POST
def leave(request: Any, pk: int) -> HttpResponse:
    """A member leaves; the application is worked out anew."""
    place = _place(request, pk)

    def act() -> str:
        leave_consortium(signature=pk, reason=request.POST.get("reason", ""), by=request.user,
                         access=request.access)  # fmt: skip
        messages.success(request, "已登记退出，申报将重新测算")
        return reverse("agreement-list" if not _stays(request) else "agreement-detail",
                       args=[] if not _stays(request) else [place.application_id])  # fmt: skip

    return _once(request, act)


def _stays(request: Any) -> bool:
    """Whoever left no longer sees the agreement; the administration does."""
    return bool(request.access.can(REVIEW))


def _once(request: Any, act: Any) -> HttpResponse:
    nonce = request.POST.get("nonce", "")
    return redirect(send_once(user=request.user, nonce=nonce, path=request.path, act=act))


URLS = [
    path("agreements/", waiting, name="agreement-list"),
    path("agreements/<int:pk>/", detail, name="agreement-detail"),
    path("agreements/places/<int:pk>/sign/", sign, name="agreement-sign"),
    path("agreements/places/<int:pk>/leave/", leave, name="agreement-leave"),
]
