"""个人信息: one's own account, duties, open sessions and sign-ins."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from jigai.core.access import signed_in
from jigai.core.access.duties import in_force
from jigai.core.models import Delegation, Handover, SignInLog
from jigai.core.sign_in.sessions import end_sessions
from jigai.core.views.people import HOLDERS


@signed_in
def profile(request: Any) -> HttpResponse:
    """Everything about oneself on one page."""
    user = request.user
    context = {
        "duties": user.assignments.filter(in_force()).select_related(*HOLDERS).order_by("id"),
        "acting": [grant for grant in request.access.grants if grant.on_behalf],
        "has_second_factor": Authenticator.objects.filter(user=user).exists(),
        "sessions": UserSession.objects.filter(user=user).order_by("-created_at", "-id"),
        "own_key": request.session.session_key,
        "sign_ins": SignInLog.objects.filter(user=user).order_by("-id")[:20],
        "delegations": Delegation.objects.filter(giver=user, revoked_at=None).count(),
        "handovers": Handover.objects.filter(taker=user, status=Handover.Status.OPEN).count(),
    }
    return render(request, "core/people/profile.html", context)


@signed_in
@require_POST
def end_session(request: Any, pk: int) -> HttpResponse:
    """Sign one of one's other sessions out."""
    row = get_object_or_404(UserSession, pk=pk, user=request.user)
    if row.session_key == request.session.session_key:
        messages.info(request, "这是您正在使用的登录，请用右上角的“退出登录”")
    else:
        row.end()
        messages.success(request, "已退出该处登录")
    return redirect("profile")


@signed_in
@require_POST
def end_other_sessions(request: Any) -> HttpResponse:
    """Sign every other session out."""
    count = end_sessions(request.user, but=request.session.session_key)
    messages.success(request, f"已退出其他 {count} 处登录")
    return redirect("profile")
