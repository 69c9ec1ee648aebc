"""Random inspection in public: the list's hash before the draw, seed and order after it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from jigai.cases.flow.draw import ALGORITHM
from jigai.cases.inspection_check import masked, place_of, recompute, results_of
from jigai.cases.models import InspectionPlan
from jigai.core.selectors_regions import names_of_regions
from jigai.portal.public_page import portal_page

LOOKS = {"published": "pending", "drawn": "done"}
SHOWN = 500


def _public() -> Any:
    return InspectionPlan.objects.exclude(state=InspectionPlan.State.DRAFT)


@portal_page("抽查计划、名单散列和抽取结果向社会公开", keep=60)
def plans(request: Any) -> HttpResponse:
    """Plans whose list is published, the newest first."""
    rows = list(_public().order_by("-id")[:200])
    names = names_of_regions({row.region_code for row in rows})
    lines = [(row, names.get(row.region_code, ""), LOOKS[row.state]) for row in rows]
    return render(request, "portal/inspections.html", {"lines": lines})


@portal_page("谁都可以重新计算抽取结果", keep=0)
def plan(request: Any, pk: int) -> HttpResponse:
    """One plan: what was promised, what was drawn, and the same computed anew."""
    item = get_object_or_404(_public(), pk=pk)
    key = request.GET.get("key", "").strip()[:120]
    drawn = item.state == InspectionPlan.State.DRAWN
    picks = item.picks.select_related("subject").order_by("place") if drawn else ()
    context = {
        "item": item, "look": LOOKS[item.state], "algorithm": ALGORITHM,
        "check": recompute(item) if "check" in request.GET else None,
        "key": key, "found": place_of(item, key) if key else None,
        "results": results_of(item, timezone.localdate()) if drawn else None,
        "picks": [(one, _name(one.subject), masked(one.subject.key, 4, 4)) for one in picks],
        "subjects": [(_name(one), masked(one.key, 4, 4)) for one in item.subjects.all()[:SHOWN]],
        "shown": SHOWN, "share": _percent(item.permille), "high": _percent(item.strata.get("high")),
        "region": names_of_regions({item.region_code}).get(item.region_code, ""),
    }  # fmt: skip
    return render(request, "portal/inspection.html", context)


def _name(subject: Any) -> str:
    return masked(subject.name, 4)


def _percent(permille: int | None) -> str:
    return "" if permille is None else f"{permille // 10}.{permille % 10}%"
