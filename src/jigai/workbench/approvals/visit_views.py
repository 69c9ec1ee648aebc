"""一次办好: how often applicants had to come, by month and department, with the cases behind."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from jigai.cases.access import VIEW
from jigai.core.access import requires
from jigai.workbench.approvals.figures import visit_groups, visit_rows
from jigai.workbench.approvals.forms import YearForm


@requires(VIEW)
@require_GET
def statistics(request: Any) -> HttpResponse:
    """A year of closed cases that promise how often one has to come."""
    this_year = timezone.localdate().year
    form = YearForm(request.GET or None, initial={"year": this_year})
    bad = form.is_bound and not form.is_valid()
    asked = None if bad or not form.is_bound else form.cleaned_data["year"]
    year = asked or this_year
    groups, total = visit_groups(request.access, year)
    context = {"groups": groups, "total": total, "year": year, "form": form}
    return render(request, "workbench/approvals/visits.html", context, status=422 if bad else 200)


@requires(VIEW)
@require_GET
def rows(request: Any) -> HttpResponse:
    """The cases behind a figure: of a month and department; ``over=1`` those beyond the promise."""
    try:
        month = dt.date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        raise Http404 from None
    department = _whole(request.GET.get("department"), 0)
    found = visit_rows(request.access).filter(month=month, unit=department or None)
    over = request.GET.get("over") == "1"
    if over:
        found = found.filter(over=True)
    page = Paginator(found.order_by("-coming", "id"), 50).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {"page": page, "month": month, "over": over, "query": query.urlencode()}
    return render(request, "workbench/approvals/visit_cases.html", context)


def _whole(text: Any, default: int) -> int:
    return int(text) if str(text or "").isdigit() and len(str(text)) < 10 else default
