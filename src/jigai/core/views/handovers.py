"""经办人交接: an enterprise's responsible person passes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from jigai.core.access import Access, Reach, requires, scoped, signed_in
from jigai.core.forms.people import HandoverForm
from jigai.core.models import Enterprise, Handover
from jigai.core.services.handover_enterprise import (
    accept_handover,
    manages_enterprise,
    offer_handover,
    refuse_handover,
    withdraw_handover,
)
from jigai.core.services.send_once import send_once
from jigai.core.views.form_page import FormPage

_VERBS: dict[str, tuple[Callable[..., Any], str]] = {
    "accept": (accept_handover, "您已成为该企业的经办人"),
    "refuse": (refuse_handover, "已拒绝，并已通知对方"),
    "withdraw": (withdraw_handover, "交接已撤回"),
}


def visible_handovers(access: Access) -> QuerySet[Handover]:
    """Those one gives or takes, and those of the enterprises an administrator looks after."""
    rows = Handover.objects.select_related("enterprise", "giver", "taker")
    own = Q(giver=access.user) | Q(taker=access.user)
    reach = Reach(region="enterprise__region_code", enterprise="enterprise")
    managed = scoped(Handover.objects.all(), access, "person.manage", reach)
    return rows.filter(own | Q(pk__in=managed.values("pk")))


@signed_in
def handover_list(request: Any) -> HttpResponse:
    """Open ones first, then the history."""
    rows = [
        {
            "row": row,
            "may_answer": row.status == "open" and row.taker_id == request.user.pk,
            "may_withdraw": row.status == "open"
            and (
                row.giver_id == request.user.pk
                or manages_enterprise(request.access, row.enterprise)
            ),
        }
        for row in visible_handovers(request.access).order_by("-id")[:200]
    ]
    may_offer = request.access.can("handover.give") or request.access.can("person.manage")
    return render(request, "core/people/handovers.html", {"rows": rows, "may_offer": may_offer})


@requires("handover.give", "person.manage")
class HandoverNew(FormPage):
    """发起交接."""

    form_class = HandoverForm
    title = "经办人交接"
    note = "接收人确认后才生效；在此之前仍由原经办人负责"
    submit = "发起交接"
    done = "已发起，等待对方接收"
    above = ("经办人交接", "handover-list")

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """With one's own enterprise where there is one."""
        own = [g.enterprise_id for g in request.access.granting("handover.give") if g.enterprise_id]
        code = Enterprise.objects.filter(pk__in=own[:1]).values_list("uscc", flat=True).first()
        return HandoverForm(data, initial={"enterprise": code or "", "giver_leaves": True})

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Offer it."""
        offer_handover(by=request.access, **values)
        return reverse("handover-list")


@signed_in
@require_POST
def answer(request: Any, pk: int, verb: str) -> HttpResponse:
    """Accept, refuse or withdraw."""
    if verb not in _VERBS:
        raise Http404
    row = get_object_or_404(visible_handovers(request.access), pk=pk)
    service, words = _VERBS[verb]

    def act() -> str:
        service(by=request.access, handover=row)
        messages.success(request, words)
        return reverse("handover-list")

    nonce = request.POST.get("nonce", "")
    return redirect(send_once(user=request.user, nonce=nonce, path=request.path, act=act))
