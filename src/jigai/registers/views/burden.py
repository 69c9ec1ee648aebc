"""What relief enterprises received: summed, traced to rows, and one's own."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.core.selectors_regions import names_of_regions
from jigai.registers.access import APPLY, VIEW
from jigai.registers.special.burden import (
    KINDS,
    Benefit,
    gaps,
    reconciled,
    summed,
    total,
)
from jigai.registers.special.complaint_link import complaint_link
from jigai.registers.special.handling import lies_in
from jigai.registers.special.service_forms import BurdenForm
from jigai.registers.special.stored_burden import (
    benefits_in_reach,
    firms_in_reach,
    policies_stored,
)

# Names of enterprises without a record that are listed; the number tells them all.
MOST_NAMES = 20
ROWS = 50


@requires(VIEW)
@require_GET
def summary(request: Any) -> HttpResponse:
    """By kind of cost, year and region; then policies whose enterprises have no record."""
    form = BurdenForm(request.GET)
    if not form.is_valid():
        return render(request, "registers/burden.html", {"form": form}, status=422)
    given = form.cleaned_data
    every, more = benefits_in_reach(request.access)
    rows = [b for b in _narrowed(every, given) if not request.GET.get("year")
            or b.year == given["year"]]  # fmt: skip
    sums = summed(rows)
    words, link = complaint_link(request.access)
    context = {
        "form": form, "sums": sums, "names": names_of_regions({s.region for s in sums}),
        "total": total(rows), "apart": reconciled(sums, rows), "more": more,
        "year": given["year"], "complain": words, "complaint": link,
        **_gaps(request, given, every),
    }  # fmt: skip
    held = {b.kind for b in rows}
    context["empty_kinds"] = [word for code, word in KINDS.items() if code not in held]
    return render(request, "registers/burden.html", context)


def _narrowed(rows: list[Benefit], given: dict[str, Any]) -> list[Benefit]:
    return [
        b for b in rows
        if given["kind"] in ("", b.kind)
        and (not given["region"] or lies_in(b.region, given["region"]))
    ]  # fmt: skip


def _gaps(request: Any, given: dict[str, Any], benefits: list[Benefit]) -> dict[str, Any]:
    firms, more = firms_in_reach(request.access)
    firms = [f for f in firms if not given["region"] or lies_in(f.region, given["region"])]
    policies = [p for p in policies_stored().values() if given["kind"] in ("", p.kind)]
    found = gaps(policies, firms, benefits, given["year"])
    return {
        "gaps": [(gap, KINDS[gap.policy.kind], gap.without[:MOST_NAMES]) for gap in found],
        "firms_more": more, "most_names": MOST_NAMES,
    }  # fmt: skip


@requires(VIEW)
@require_GET
def rows(request: Any) -> HttpResponse:
    """The records behind one sum, with the sum again."""
    kind, region = request.GET.get("kind", ""), request.GET.get("region", "")
    year = request.GET.get("year", "")
    every, _ = benefits_in_reach(request.access)
    held = [
        b for b in every if b.kind == kind and str(b.year) == year and b.region == region
    ]  # fmt: skip
    held.sort(key=lambda b: (-b.amount, b.key))
    page = Paginator(held, ROWS).get_page(request.GET.get("page", 1))
    names = names_of_regions({region})
    context = {
        "page": page, "total": total(held), "kind": KINDS.get(kind, "未分类"), "year": year,
        "place": names.get(region, region or "未填地区"),
        "query": f"kind={kind}&year={year}&region={region}",
    }  # fmt: skip
    return render(request, "registers/burden_rows.html", context)


@requires(APPLY)
@require_GET
def mine(request: Any) -> HttpResponse:
    """What one's own enterprise received, and policies of the year it has no record of."""
    form = BurdenForm(request.GET)
    year = form.cleaned_data["year"] if form.is_valid() else timezone.localdate().year
    own = [g.enterprise_id for g in request.access.granting(APPLY) if g.enterprise_id]
    every, _ = benefits_in_reach(request.access)
    held = [b for b in every if b.enterprise in own]
    firms = [f for f in firms_in_reach(request.access)[0] if f.key in own]
    missed = [g for g in gaps(policies_stored().values(), firms, held, year) if g.without]
    words, link = complaint_link(request.access)
    context = {
        "form": form, "year": year, "total": total([b for b in held if b.year == year]),
        "rows": [(b, KINDS.get(b.kind, "未分类")) for b in held if b.year == year],
        "missed": [(g.policy, KINDS[g.policy.kind]) for g in missed],
        "firms": firms,
        "years": sorted({b.year for b in held}, reverse=True),
        "complain": words, "complaint": link,
    }  # fmt: skip
    status = 200 if form.is_valid() else 422
    return render(request, "registers/burden_mine.html", context, status=status)
