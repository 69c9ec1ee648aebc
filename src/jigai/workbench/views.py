"""The home page of everybody signed in."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jigai.core.access import signed_in
from jigai.workbench.home import build_home


@signed_in
@require_safe
def home(request: Any) -> HttpResponse:
    """What waits for me and where things stand."""
    return render(request, "workbench/home.html", {"home": build_home(request.access)})
