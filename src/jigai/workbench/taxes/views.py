"""税收测算 on screen: find an enterprise, its preferences, one calculator filled from held data."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.core.models import Enterprise
from jigai.core.screens.list_filters import search
from jigai.core.selectors_enterprises import enterprises_for
from jigai.core.selectors_regions import names_of_regions
from jigai.core.services.log_access import log_access
from jigai.registers.taxes.answers_trade import vat_results
from jigai.registers.taxes.calculators import CALCULATORS, Asked, ask
from jigai.registers.taxes.national import national_law
from jigai.taxes.vat import input_credit
from jigai.workbench.taxes.base import counted_lines
from jigai.workbench.taxes.held import CAPABILITY, Held, held_of, input_lines, prefill
from jigai.workbench.taxes.preferences import preferences

_SHOWN = 20
_PARTS = {"tax-body": "registers/tax/body.html", "tax-result": "registers/tax/result.html"}
# Where a preference of the catalogue is reckoned.
_CALCULATOR_OF = {
    "one-off": "depreciation", "short-life": "depreciation", "research": "research",
    "eco-holiday": "holiday", "equipment-credit": "credit", "digital-credit": "credit",
    "equipment-vat": "vat", "import-equipment": "import", "import-parts": "import",
    "resource-vat": "resource", "energy-contract": "resource", "high-tech": "plan",
}  # fmt: skip


@requires(CAPABILITY)
@require_GET
def find(request: Any) -> HttpResponse:
    """Search an enterprise within reach; or reckon without one."""
    words = request.GET.get("q", "").strip()[:100]
    rows = enterprises_for(request.access, CAPABILITY).order_by("pinyin", "id")
    if words:
        rows = search(rows, words, codes=("uscc", "name", "town"))
    found = list(rows[: _SHOWN + 1])
    names = names_of_regions(row.region_code for row in found)
    context = {
        "words": words,
        "rows": [(row, names.get(row.region_code, row.region_code)) for row in found[:_SHOWN]],
        "more": len(found) > _SHOWN,
        "calculators": CALCULATORS.values(),
    }
    return render(request, "workbench/taxes/find.html", context)


@requires(CAPABILITY)
@require_GET
def own(request: Any) -> HttpResponse:
    """The page of the enterprise an account belongs to; the search for everybody else."""
    mine = {g.enterprise_id for g in request.access.granting(CAPABILITY) if g.enterprise_id}
    return redirect("tax-of", mine.pop()) if len(mine) == 1 else redirect("taxes")


@requires(CAPABILITY)
@require_GET
def of(request: Any, pk: int) -> HttpResponse:
    """Every preference for one enterprise: conditions, vouchers, estimate where data allow."""
    enterprise = _enterprise(request, pk)
    today = timezone.localdate()
    held = held_of(enterprise, request.access, today)
    asked = ask("plan", prefill(held, "plan"))
    _log(request, enterprise)
    context = {
        "enterprise": enterprise,
        "held": held,
        "asked": asked,
        "calculators": CALCULATORS.values(),
        "preferences": _preferences(today),
        "bureau": _is_bureau(request, enterprise),
    }
    return render(request, "workbench/taxes/of.html", context)


@requires(CAPABILITY)
@require_GET
def calculate(request: Any, pk: int, code: str) -> HttpResponse:
    """One calculator for an enterprise, filled from held data until people type."""
    enterprise = _enterprise(request, pk)
    if code not in CALCULATORS:
        raise Http404
    held = held_of(enterprise, request.access, timezone.localdate())
    filled = not request.GET
    asked = ask(code, prefill(held, code) if filled else request.GET)
    document = ""
    if code == "vat" and not any(row.is_bound for row in asked.rows):
        document = _from_invoices(request, held, asked)
    _log(request, enterprise)
    here = reverse("tax-calculate", args=[pk, code])
    context = {
        "enterprise": enterprise, "held": held, "filled": filled, "asked": asked, "here": here,
        "clear": "blank=1", "calculators": CALCULATORS.values(), "document": document,
        "columns": 3, "bureau": _is_bureau(request, enterprise),
    }  # fmt: skip
    template = _PARTS.get(request.headers.get("HX-Target", ""), "workbench/taxes/calculate.html")
    return render(request, template, context)


@requires(CAPABILITY)
@require_GET
def blank(request: Any, code: str) -> HttpResponse:
    """One calculator without an enterprise."""
    if code not in CALCULATORS:
        raise Http404
    context = {
        "asked": ask(code, request.GET), "here": reverse("tax-blank", args=[code]), "columns": 3,
        "calculators": CALCULATORS.values(),
    }  # fmt: skip
    template = _PARTS.get(request.headers.get("HX-Target", ""), "workbench/taxes/calculate.html")
    return render(request, template, context)


def _preferences(day: dt.date) -> list[tuple[Any, dict[str, Any], list[str], Any]]:
    """Preferences in force: entry, values, what excludes them by name, their calculator."""
    spans = preferences(day)
    names = {span.values["code"]: span.entry.title for span in spans}
    found = []
    for span in spans:
        parted = [text.partition("：") for text in span.values.get("excludes") or ()]
        against = [f"{names.get(code, code)}：{why}" for code, _, why in parted]
        one = CALCULATORS[_CALCULATOR_OF.get(span.values["code"], "plan")]
        found.append((span.entry, span.values, against, one))
    return found


def _from_invoices(request: Any, held: Held, asked: Asked) -> str:
    """Reckon on the held invoices; the title of the document whose subsidy base is compared."""
    form = asked.form
    given = form.cleaned_data if form.is_bound and form.is_valid() else {}
    if not held.lines:
        return ""
    document, counted = counted_lines(held.enterprise, request.access, held.day)
    claimed = given.get("claimed") or held.day
    found = input_credit(input_lines(held, counted), given.get("general"), claimed, national_law())
    asked.problem, asked.started = None, True
    asked.results = vat_results(found)
    return document


def _enterprise(request: Any, pk: int) -> Enterprise:
    found: Enterprise = get_object_or_404(enterprises_for(request.access, CAPABILITY), pk=pk)
    return found


def _is_bureau(request: Any, enterprise: Enterprise) -> bool:
    return not any(grant.enterprise_id == enterprise.pk for grant in request.access.grants)


def _log(request: Any, enterprise: Enterprise) -> None:
    log_access(request=request, action="查看税收测算", kind="enterprise", key=enterprise.pk,
               label=enterprise.name, enterprise_id=enterprise.pk)  # fmt: skip
