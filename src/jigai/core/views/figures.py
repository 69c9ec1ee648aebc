"""Correcting a yearly figure of an enterprise."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jigai.core.access import requires
from jigai.core.screens.enterprise_figures import shown, value_of
from jigai.core.screens.enterprise_forms import FigureForm, typed
from jigai.core.screens.enterprise_words import TERMS
from jigai.core.selectors_enterprises import enterprises_for
from jigai.core.selectors_figures import known_figures
from jigai.core.services.record_figure import record_figure
from jigai.core.services.send_once import send_once


@requires("enterprise.edit")
@require_http_methods(["GET", "POST"])
def correct(request: Any, pk: int, year: int, term: str) -> HttpResponse:
    """The form with the present value; a correction never overwrites, it is recorded beside it."""
    enterprise = get_object_or_404(enterprises_for(request.access, "enterprise.edit"), pk=pk)
    what = TERMS.get(term)
    if what is None or not what.entered or not 1990 <= year <= 2100:
        raise Http404
    rows = known_figures().filter(enterprise=enterprise, term=term, year=year)
    latest = rows.order_by("-id").first()
    if request.method == "POST":
        form = FigureForm(what, request.POST)
        if form.is_valid():

            def act() -> str:
                data = form.cleaned_data
                record_figure(
                    enterprise=enterprise, term=term, year=year, value=data["value"],
                    source=data["source"], reason=data["reason"], user=request.user,
                    seen=data["seen"],
                )  # fmt: skip
                messages.success(request, f"已更正 {year} 年{what.label}，原来的数保留在历史里")
                return reverse("enterprise-detail", args=[pk])

            nonce = request.POST.get("nonce", "")
            return redirect(send_once(user=request.user, nonce=nonce, path=request.path, act=act))
    else:
        present = typed(what, value_of(latest)) if latest else ""
        form = FigureForm(what, initial={"value": present, "seen": latest.pk if latest else ""})
    context = {
        "enterprise": enterprise,
        "year": year,
        "term": what,
        "form": form,
        "latest": latest,
        "now": shown(what, latest),
    }
    return render(request, "core/enterprises/figure.html", context)
