"""Tells the database triggers who asked, in which request and why."""

from __future__ import annotations

from collections.abc import Callable

import pghistory
from django.http import HttpRequest, HttpResponse

_READS = frozenset({"GET", "HEAD", "OPTIONS"})


class AuditMiddleware:
    """Opens the audit context of a request that may write.

    Stands after the access middleware, whose ``request.access`` names the people acted for. A
    service that knows a reason adds it with ``pghistory.context(reason=…)``.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in _READS:
            return self.get_response(request)
        user = getattr(request, "user", None)
        with pghistory.context(
            user=user.pk if user is not None and user.is_authenticated else None,
            request=getattr(request, "request_id", ""),
            path=request.path,
            on_behalf=request.access.acting_for,
            reason=request.headers.get("X-Reason", "")[:200],
        ):
            return self.get_response(request)
