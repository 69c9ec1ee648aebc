"""Tax calculators for everybody: no account, nothing stored, nothing logged of what is typed."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jigai.portal.public_page import portal_page
from jigai.registers.taxes.calculators import CALCULATORS, ask

REASON = "税收测算向社会公开，填写的内容不保存"
# Which part of the page htmx asks for, by the element it goes into.
_PARTS = {"tax-body": "registers/tax/body.html", "tax-result": "registers/tax/result.html"}


@portal_page("税收测算向社会公开，不用登录")
def taxes(request: Any) -> HttpResponse:
    """Every tax calculator."""
    return render(request, "portal/taxes.html", {"calculators": CALCULATORS.values()})


@portal_page(REASON, keep=0)
def tax(request: Any, code: str) -> HttpResponse:
    """One calculator; htmx gets the part it asks for."""
    if code not in CALCULATORS:
        raise Http404
    asked = ask(code, request.GET)
    context = {"asked": asked, "here": reverse("portal-tax", args=[code]),
               "calculators": CALCULATORS.values(), "columns": 3}  # fmt: skip
    template = _PARTS.get(request.headers.get("HX-Target", ""), "portal/tax.html")
    response = render(request, template, context)
    # What is typed stands in the address, so no other page may learn where one came from.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
