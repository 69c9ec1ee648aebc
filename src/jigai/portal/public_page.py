"""What every page of the portal obeys: no account, no session, error pages of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render

from jigai.core.access import Denied, public
from jigai.errors import JigaiError

# Seconds a browser or a cache in front may keep a page: documents change by installation only.
KEEP = 300
View = Callable[..., HttpResponse]


def portal_page(
    reason: str, *, keep: int = KEEP, methods: tuple[str, ...] = ("GET", "HEAD")
) -> Callable[[View], View]:
    """Declare a view public and say why; ``keep=0`` for pages with a form or a receipt.

    A page never depends on who asks. It is kept only where the request carries no session, for the
    touch of a session travels in the answer.
    """

    def around(view: View) -> View:
        @wraps(view)
        def act(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            response = _answer(view, request, *args, **kwargs)
            response.headers["Cache-Control"] = _kept(request, response, keep)
            return response

        return public(reason)(act)

    return around


def _answer(view: View, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
    try:
        return view(request, *args, **kwargs)
    except Http404:
        return render(request, "portal/404.html", status=404)
    except JigaiError as problem:
        if isinstance(problem, Denied):
            return render(request, "portal/404.html", status=404)
        return render(request, "portal/problem.html", {"problem": problem}, status=422)


def _kept(request: Any, response: HttpResponse, keep: int) -> str:
    session = settings.SESSION_COOKIE_NAME in request.COOKIES
    if session or not keep or response.status_code != 200:
        return "no-store"
    return f"public, max-age={keep}"
