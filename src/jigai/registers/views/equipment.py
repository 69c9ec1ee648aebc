"""Equipment of enterprises compared with the catalogue of eliminated equipment."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.registers.access import VIEW, may_edit
from jigai.registers.importing import kind_of
from jigai.registers.special import ledger
from jigai.registers.special.question_forms import EquipmentForm

_PAGE = 50


@requires(VIEW)
@require_GET
def match(request: Any) -> HttpResponse:
    """Every machine with its verdict; without an enterprise, the enterprises with their numbers."""
    form = EquipmentForm(request.GET, access=request.access)
    book = ledger.find_register(ledger.LEDGER)
    context: dict[str, Any] = {"form": form, "there": book}
    if book is not None and may_edit(request.access, book):
        context |= {"may_import": True, "import_kind": kind_of(book)}
    if not form.is_valid():
        return render(request, "registers/equipment_match.html", context, status=422)
    asked = form.cleaned_data
    chosen = int(asked["enterprise"]) if asked["enterprise"] else None
    spans = ledger.machines_on(request.access, asked["on"], chosen)
    context |= {"day": asked["on"], "before": ledger.old_before(asked["rule"]), "chosen": chosen}
    if len(spans) > ledger.MOST:
        return render(request, "registers/equipment_match.html", {**context, "many": ledger.MOST})
    rows = ledger.compared(spans, ledger.catalogue_on(asked["on"]), context["before"])
    context["counts"] = ledger.verdict_counts(rows)
    context["total"] = len(rows)
    if chosen is None and not asked["verdict"]:
        context["firms"] = ledger.by_firm(rows)
    shown = [r for r in rows if not asked["verdict"] or r.verdict.code == asked["verdict"]]
    context["page"] = Paginator(shown, _PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context["query"] = query.urlencode()
    return render(request, "registers/equipment_match.html", context)
