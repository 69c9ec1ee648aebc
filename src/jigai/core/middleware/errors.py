"""Turns the one family of errors into pages, once for all views."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from jigai.core.access.grants import Denied
from jigai.errors import JigaiError


class ErrorsMiddleware:
    """A :class:`Denied` becomes 403 (404 for single records), another ``JigaiError`` 422."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: Any, error: Exception) -> HttpResponse | None:
        """The page for a domain error; anything else is left to Django."""
        if not isinstance(error, JigaiError):
            return None
        if isinstance(error, Denied):
            if error.code == "out-of-reach":
                raise Http404 from error
            return problem_page(request, error, 403)
        return problem_page(request, error, 422)


def problem_page(request: Any, error: JigaiError, status: int) -> HttpResponse:
    """The page (or the part of a page) that says what is wrong and what to do."""
    template = (
        "core/errors/part.html" if request.headers.get("HX-Request") else "core/errors/problem.html"
    )
    return render(request, template, {"problem": error, "status": status}, status=status)
