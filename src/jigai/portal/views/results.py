"""Results on the portal, and the page for addresses that lead nowhere."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from jigai.portal.public_page import portal_page
from jigai.portal.results import adoptions_on


@portal_page("公示与结果面向社会", keep=60)
def results(request: Any) -> HttpResponse:
    """What is under publicity, and what the archive holds."""
    today = timezone.localdate()
    return render(request, "portal/results.html", {"found": adoptions_on(today), "today": today})


@portal_page("门户里没有的地址，给门户自己的说明页")
def nowhere(request: Any, path: str) -> HttpResponse:
    """An address below the portal that does not exist."""
    raise Http404(path)
