"""An address nobody declared, for the test that it stays shut."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

handler500 = "jigai.core.views.errors.server_error"


def undeclared(request: HttpRequest) -> HttpResponse:
    """Says too much."""
    return HttpResponse("secret")


urlpatterns = [path("undeclared/", undeclared)]
