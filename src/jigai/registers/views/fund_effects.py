"""What supported projects came to: figures before and after, not only whether rules were kept."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.registers.access import VIEW
from jigai.registers.special.fund_effects import effects, summaries
from jigai.registers.special.land_use_forms import EffectsForm
from jigai.registers.special.stored_effects import (
    MOST,
    funded_of,
    measure_names,
    payable_runs,
    reported_in_reach,
)


@requires(VIEW)
@require_GET
def compare(request: Any) -> HttpResponse:
    """Before and after of every supported project of a run, and of each measure."""
    runs = payable_runs(request.access)
    choices = [(str(run.pk), f"{run.year} 年　{run.pack.title}（第 {run.pk} 次）") for run in runs]
    form = EffectsForm(request.GET, runs=choices)
    context: dict[str, Any] = {"form": form, "most": MOST}
    if not form.is_valid():
        return render(request, "registers/fund_effects.html", context, status=422)
    wanted = form.cleaned_data["run"]
    run = next((one for one in runs if not wanted or str(one.pk) == wanted), None)
    if run is not None:
        funded = funded_of(request.access, run)
        context["too_many"] = len(funded) > MOST
        funded = funded[:MOST]
        before, after = form.years()
        reported = reported_in_reach(request.access, {one.enterprise for one in funded})
        rows = effects(funded, reported, before, after)
        names = measure_names(run)
        # What can be compared comes first; the order of amounts stays.
        rows.sort(key=lambda row: row.state == "none")
        context |= {
            "run": run, "first": run.year - before, "last": run.year + after, "rows": rows,
            "summaries": [(names.get(one.measure, one.measure), one) for one in summaries(rows)],
            "empty": sum(row.state == "none" for row in rows),
        }  # fmt: skip
    return render(request, "registers/fund_effects.html", context)
