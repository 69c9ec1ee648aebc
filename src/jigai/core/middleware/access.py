"""Asks before every view whether this person may open it; an undeclared view opens for nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.functional import SimpleLazyObject

from jigai.core.access.declare import PUBLIC, Policy, policy_of
from jigai.core.access.grants import Denied, access_of
from jigai.core.middleware.errors import problem_page


class AccessMiddleware:
    """Sets ``request.access`` (computed when first asked for) and enforces declarations."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.access = SimpleLazyObject(lambda: access_of(request.user))
        return self.get_response(request)

    def process_view(
        self, request: Any, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Let through, send to sign-in, or refuse."""
        match = request.resolver_match
        policy = policy_of(view, match.url_name if match else None)
        if policy is None:
            raise ImproperlyConfigured(f"view {request.path} declares no access policy")
        if policy.kind == PUBLIC:
            return None
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        return self._enforce(request, policy)

    @staticmethod
    def _enforce(request: Any, policy: Policy) -> HttpResponse | None:
        """The refusal as a page: what a ``process_view`` raises no other middleware sees."""
        try:
            if policy.capabilities:
                request.access.require(*policy.capabilities)
        except Denied as denied:
            return problem_page(request, denied, 403)
        return None


def _to_sign_in(request: Any) -> HttpResponse:
    """A page goes to sign-in; a part of a page says so, and nothing typed is lost."""
    if request.headers.get("HX-Request") or request.headers.get("X-Requested-With"):
        return HttpResponse(
            "登录已失效，请重新登录后继续", status=401, content_type="text/plain; charset=utf-8"
        )
    return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
