"""What a session must obey: it ends when idle, and a first password is changed before all else."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

_SEEN = "seen"
# A touch a minute is exact enough, and most requests then write nothing.
_TOUCH_SECONDS = 60
_OPEN_BEFORE_CHANGE = frozenset({"account_change_password", "account_logout"})


class SessionRulesMiddleware:
    """Stands after authentication and messages, before the access middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        if request.user.is_authenticated:
            _keep_or_end(request)
        return self.get_response(request)

    def process_view(
        self, request: Any, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Lead a person with a first password to the page where it is changed."""
        user = request.user
        if not user.is_authenticated or not user.must_change_password:
            return None
        if request.resolver_match.url_name in _OPEN_BEFORE_CHANGE:
            return None
        target = reverse("account_change_password")
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": target})
        messages.info(request, "这是首次登录或密码已被重置，请先设置自己的密码")
        return redirect(target)


def _keep_or_end(request: Any) -> None:
    now = int(time.time())
    idle = now - request.session.get(_SEEN, now)
    if idle > settings.SESSION_IDLE_SECONDS:
        UserSession.objects.filter(session_key=request.session.session_key).delete()
        logout(request)
        messages.warning(
            request, f"您已超过 {settings.SESSION_IDLE_SECONDS // 60} 分钟没有操作，请重新登录"
        )
        return
    if _SEEN not in request.session or idle >= _TOUCH_SECONDS:
        request.session[_SEEN] = now
        UserSession.objects.filter(session_key=request.session.session_key).update(
            last_seen_at=timezone.now()
        )
