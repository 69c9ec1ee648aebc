"""拿地即开工: what is ready, what is missing, whether it was the same day."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jigai.cases.access import VIEW
from jigai.core.access import requires
from jigai.workbench.approvals.land_ready import land_cases


@requires(VIEW)
@require_GET
def board(request: Any) -> HttpResponse:
    """Every visible case of this way, the newest first."""
    lines = land_cases(request.access)
    issued = [one for one in lines if one.days_after is not None]
    context = {"lines": lines, "issued": len(issued),
               "same_day": sum(one.days_after == 0 for one in issued)}  # fmt: skip
    return render(request, "workbench/approvals/land_start.html", context)
