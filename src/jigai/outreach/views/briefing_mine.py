"""The enterprise's side: read, receipt, sign up, sign in at the door, feedback."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from jigai.core.access import requires
from jigai.core.evidence.serve import serve_evidence
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError
from jigai.outreach.briefing_forms import (
    CodeForm,
    FeedbackForm,
    ReceiptForm,
    SignUpForm,
    clause_of,
)
from jigai.outreach.briefing_people import VIEW, own_invitations
from jigai.outreach.models import Briefing, BriefingMaterial, Invitation
from jigai.outreach.services.answer_invitation import (
    check_in,
    read_invitation,
    seats_left,
    send_receipt,
    sign_up,
)
from jigai.outreach.services.give_feedback import give_feedback
from jigai.outreach.views.briefing_tables import STATUSES, own_words


@requires(VIEW)
@require_GET
def detail(request: Any, pk: int) -> HttpResponse:
    """One invitation or push with everything one can answer."""
    return _page(request, _mine(request, pk), {})


def _page(
    request: Any, row: Invitation, bound: dict[str, forms.Form], status: int = 200
) -> HttpResponse:
    found = row.briefing
    live = found.status == Briefing.Status.PUBLISHED
    session = found.kind == Briefing.Kind.SESSION
    over = found.status == Briefing.Status.CANCELLED
    shown = {
        "receipt": ReceiptForm(initial={"receipt": row.receipt, "note": row.receipt_note}),
        "signup": SignUpForm(initial={"people": row.people or 1}),
        "checkin": CodeForm(),
        "feedback": FeedbackForm(slugs=_slugs(row)),
        **bound,
    }
    context = {
        "row": row,
        "found": found,
        "session": session,
        "look": STATUSES[found.status],
        "words": own_words(row),
        "topics": list(found.topics.order_by("id")),
        "materials": list(found.materials.select_related("file").order_by("id")),
        "seats": seats_left(found) if session else None,
        "receipt_form": shown["receipt"] if live else None,
        "signup_form": shown["signup"] if live and session and not row.attended_at else None,
        "checkin_form": shown["checkin"] if session and not over and not row.attended_at else None,
        "feedback_form": shown["feedback"] if (row.read_at or row.attended_at) and not over
        else None,
        "feedback": list(row.feedback.select_related("asked")),
    }  # fmt: skip
    return render(request, "outreach/invitation.html", context, status=status)


def _slugs(row: Invitation) -> list[str]:
    return list(row.briefing.topics.values_list("slug", flat=True))


Act = Callable[[Any, Invitation, dict[str, Any]], str]


def _receipt(request: Any, row: Invitation, given: dict[str, Any]) -> str:
    send_receipt(invitation=row.pk, by=request.user, access=request.access, **given)
    return "回执已送出"


def _signup(request: Any, row: Invitation, given: dict[str, Any]) -> str:
    sign_up(invitation=row.pk, by=request.user, access=request.access, **given)
    return "已报名" if given["people"] else "已回复不参加"


def _feedback(request: Any, row: Invitation, given: dict[str, Any]) -> str:
    where = clause_of(given.pop("chosen"))
    given |= where
    give_feedback(invitation=row.pk, by=request.user, access=request.access, **given)
    return "反馈已提交"


def _read(request: Any, row: Invitation, given: dict[str, Any]) -> str:
    read_invitation(invitation=row.pk, by=request.user, access=request.access)
    return "已确认阅读"


def _checkin(request: Any, row: Invitation, given: dict[str, Any]) -> str:
    check_in(invitation=row.pk, by=request.user, access=request.access, **given)
    return "签到成功"


_ACTS: dict[str, Act] = {"read": _read, "receipt": _receipt, "signup": _signup,
                         "checkin": _checkin, "feedback": _feedback}  # fmt: skip


def _form(verb: str, row: Invitation, data: Any) -> forms.Form:
    plain: dict[str, type[forms.Form]] = {
        "read": forms.Form, "receipt": ReceiptForm, "signup": SignUpForm, "checkin": CodeForm,
    }  # fmt: skip
    return FeedbackForm(data, slugs=_slugs(row)) if verb == "feedback" else plain[verb](data)


@requires(VIEW)
@require_POST
def act(request: Any, pk: int, verb: str) -> HttpResponse:
    """Answer; what is wrong is shown at its form with everything still in it."""
    row = _mine(request, pk)
    if verb not in _ACTS:
        raise Http404
    form = _form(verb, row, request.POST)
    if not form.is_valid():
        return _page(request, row, {verb: form}, 422)
    url = reverse("invitation-detail", args=[row.pk])

    def once() -> str:
        messages.success(request, _ACTS[verb](request, row, dict(form.cleaned_data)))
        return url

    try:
        # A wrong code must stay counted, so it is not undone together with the form's number.
        if verb == "checkin":
            once()
        else:
            nonce = request.POST.get("nonce", "")
            send_once(user=request.user, nonce=nonce, path=request.path, act=once)
    except JigaiError as problem:
        form.add_error(None, str(problem))
        return _page(request, _mine(request, pk), {verb: form}, 422)
    return redirect(url)


@requires(VIEW)
@require_GET
def material(request: Any, pk: int) -> FileResponse:
    """A file that came with an invitation."""
    own = own_invitations(request.access).order_by().values("briefing")
    rows = BriefingMaterial.objects.filter(briefing__in=own, file__isnull=False)
    found = get_object_or_404(rows.select_related("file"), pk=pk)
    assert found.file is not None
    return serve_evidence(request, found.file)


def _mine(request: Any, pk: int) -> Invitation:
    rows = own_invitations(request.access).select_related("briefing__host", "enterprise")
    found: Invitation = get_object_or_404(rows, pk=pk)
    return found
