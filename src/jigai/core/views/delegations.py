"""委托: who acts for whom while away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from jigai.core.access import signed_in
from jigai.core.forms.people import DelegationForm
from jigai.core.models import Delegation
from jigai.core.services.delegate_duties import delegate_duties, revoke_delegation
from jigai.core.services.send_once import send_once
from jigai.core.views.form_page import FormPage


def own_delegations(user: Any) -> Any:
    """Given or taken by the person."""
    return Delegation.objects.filter(Q(giver=user) | Q(taker=user)).select_related("giver", "taker")


@signed_in
def delegation_list(request: Any) -> HttpResponse:
    """One's own, given and taken."""
    now = timezone.now()
    rows = [
        {"row": row, "state": _state(row, now), "given": row.giver_id == request.user.pk}
        for row in own_delegations(request.user).order_by("-starts", "-id")[:200]
    ]
    return render(request, "core/people/delegations.html", {"rows": rows})


def _state(row: Delegation, now: Any) -> tuple[str, str]:
    if row.revoked_at:
        return "withdrawn", "已撤销"
    if row.ends <= now:
        return "closed", "已到期"
    return ("waiting", "未开始") if row.starts > now else ("active", "生效中")


@signed_in
class DelegationNew(FormPage):
    """新增委托."""

    form_class = DelegationForm
    title = "委托他人代行职责"
    note = "期间对方以自己的账号办理您的事项，记录中同时写明两人"
    submit = "委托"
    done = "已委托，并已通知对方"
    above = ("委托", "delegation-list")

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Give it."""
        delegate_duties(by=request.access, **values)
        return reverse("delegation-list")


@signed_in
@require_POST
def revoke(request: Any, pk: int) -> HttpResponse:
    """End it now."""
    row = get_object_or_404(own_delegations(request.user), pk=pk)

    def act() -> str:
        revoke_delegation(by=request.access, delegation=row)
        messages.success(request, "委托已撤销，并已通知对方")
        return reverse("delegation-list")

    nonce = request.POST.get("nonce", "")
    return redirect(send_once(user=request.user, nonce=nonce, path=request.path, act=act))
