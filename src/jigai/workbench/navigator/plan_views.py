"""方案总收益 on screen: one plan, everything it brings, printable."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.core.selectors_enterprises import enterprises_for
from jigai.core.services.log_access import log_access
from jigai.funding.held_facts import deadline_of, held_facts, latest_year
from jigai.workbench.navigator.plan_form import MOST_ASSETS, AssetForm, PlanForm, read_plan
from jigai.workbench.navigator.plan_total import total_benefit

CAPABILITY = "navigator.use"


@requires(CAPABILITY)
@require_GET
def plan(request: Any, pk: int) -> HttpResponse:
    """The form, and what the plan brings once something has been typed."""
    enterprise = get_object_or_404(enterprises_for(request.access, CAPABILITY), pk=pk)
    asked = "rows" in request.GET
    today = timezone.localdate()
    year = latest_year(enterprise, today)
    held = held_facts(enterprise, year, request.access)
    data = request.GET if asked else None
    form = PlanForm(data, held.own, deadline_of(year, today))
    count = _count(request)
    assets = [AssetForm(data, prefix=f"a{n}") for n in range(1, count + 1)]
    found = None
    if asked and form.is_valid() and all(asset.is_valid() for asset in assets):
        found = total_benefit(enterprise, read_plan(form, assets), request.access)
    log_access(request=request, action="测算方案总收益", kind="enterprise", key=enterprise.pk,
               label=enterprise.name, enterprise_id=enterprise.pk)  # fmt: skip
    context = {"enterprise": enterprise, "form": form, "assets": assets, "count": count,
               "found": found, "asked": asked}  # fmt: skip
    return render(request, "workbench/navigator_plan.html", context)


def _count(request: Any) -> int:
    """How many lines of equipment the form has; a button adds one."""
    text = request.GET.get("rows", "2")
    count = int(text) if text.isdecimal() and len(text) < 3 else 2
    return min(max(count + ("more" in request.GET), 1), MOST_ASSETS)
