"""Gives every request a number that errors, audit rows and logs share."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse


class RequestIdMiddleware:
    """Sets ``request.request_id`` and answers with it in ``X-Request-Id``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = uuid.uuid4().hex
        with structlog.contextvars.bound_contextvars(request=request.request_id):
            response = self.get_response(request)
        response.headers["X-Request-Id"] = request.request_id
        return response
