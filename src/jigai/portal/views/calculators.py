"""Calculators for everybody: no account, nothing stored, nothing logged of what is typed."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from jigai.policies.calculator.catalogue import INSTRUMENTS, Subject, catalogue, subject_of
from jigai.portal.calculation import calculate, page_of
from jigai.portal.public_page import portal_page

REASON = "政策计算器向社会公开，填写的内容不保存"
# Which part of the page htmx asks for, by the element it goes into.
_PARTS = {"calculator": "portal/calculator_body.html",
          "calculator-result": "portal/calculator_result.html"}  # fmt: skip


@portal_page("政策计算器向社会公开，不用登录")
def calculators(request: Any) -> HttpResponse:
    """Every measure of every installed document."""
    return render(request, "portal/calculators.html", {"found": catalogue(timezone.localdate())})


@portal_page(REASON, keep=0)
def calculator(request: Any, slug: str, measure: str) -> HttpResponse:
    """One measure; htmx gets the part it asks for while people type."""
    subject = _subject(slug, measure)
    if not subject.measure.answers:
        kind = subject.measure.instrument
        context = page_of(subject, None) | {"instrument": INSTRUMENTS.get(kind, kind)}
        return _private(render(request, "portal/calculator_channel.html", context))
    found = calculate(subject, request.GET, timezone.localdate())
    template = _PARTS.get(request.headers.get("HX-Target", ""), "portal/calculator.html")
    return _private(render(request, template, page_of(subject, found)))


@portal_page(REASON, keep=0)
def readings(request: Any, slug: str, measure: str) -> HttpResponse:
    """The same case under the other readings, side by side."""
    subject = _subject(slug, measure)
    if not subject.measure.answers:
        raise Http404
    found = calculate(subject, request.GET, timezone.localdate())
    context = page_of(subject, found) | {"readings": found.readings}
    part = request.headers.get("HX-Request") == "true"
    name = "calculator_readings_part" if part else "calculator_readings"
    return _private(render(request, f"portal/{name}.html", context))


def _subject(slug: str, measure: str) -> Subject:
    found = subject_of(slug, measure, timezone.localdate())
    if found is None:
        raise Http404
    return found


def _private(response: HttpResponse) -> HttpResponse:
    """What is typed stands in the address, so no other page may learn where one came from."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
