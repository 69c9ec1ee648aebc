"""限时办结: which limits each way of doing things has, what is still 未定, how cases keep them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jigai.cases.access import VIEW
from jigai.core.access import requires
from jigai.workbench.approvals.limits import limit_lines


@requires(VIEW)
@require_GET
def board(request: Any) -> HttpResponse:
    """Every published procedure one may see."""
    context = {"lines": limit_lines(request.access)}
    return render(request, "workbench/approvals/time_limits.html", context)
