"""Pages for requests that went wrong before a view could answer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's protection ran out, usually because somebody signed in again in another tab."""
    return render(request, "core/errors/csrf.html", {"status": 403}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such page, or a record outside the person's reach: the answer does not tell which."""
    return render(request, "core/errors/404.html", {"status": 404}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke; the request number leads to the log."""
    context = {"status": 500, "request_id": getattr(request, "request_id", "")}
    return render(request, "core/errors/500.html", context, status=500)
