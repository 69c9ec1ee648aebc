"""Guides on the portal: what can be applied for, with what, by which steps, how long it takes."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render

from jigai.cases.flow.shapes import KINDS
from jigai.cases.selectors_procedures import stated_days
from jigai.cases.selectors_public import (
    public_figures,
    public_guide,
    public_guides,
    public_parts,
)
from jigai.core.screens.context import region_name
from jigai.core.selectors_regions import names_of_regions
from jigai.errors import JigaiError
from jigai.portal.places import places_named
from jigai.portal.public_page import portal_page

OPEN_TO_ALL = "办事指南向社会公开，查询不用登录"
ROWS = 30
_LONGEST = 80


@portal_page(OPEN_TO_ALL, keep=60)
def guides(request: Any) -> HttpResponse:
    """Everything that may be applied for, narrowed by words, kind and place."""
    words = request.GET.get("q", "").strip()[:_LONGEST]
    kind = request.GET.get("kind", "")
    place = request.GET.get("place", "").strip()[:30]
    region, problem = _region(place)
    rows = public_guides(words, kind if kind in KINDS else "", region)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page", 1))
    names = names_of_regions(row.region_code for row in page)
    context = {
        "page": page, "words": words, "kind": kind, "place": place, "problem": problem,
        "kinds": [(code, word) for code, word in KINDS.items() if code != "internal"],
        "rows": [
            (row, stated_days(row.spec), names.get(row.region_code, row.region_code) or "全国")
            for row in page
        ],
    }  # fmt: skip
    return render(request, "portal/guides.html", context)


def _region(place: str) -> tuple[str, str]:
    if not place:
        return "", ""
    found = places_named(place)
    if len(found) == 1:
        return str(found[0].code), ""
    if found:
        named = "、".join(f"{row.name}（{row.code}）" for row in found[:6])
        return "", f"有几个同名或相近的地区：{named}，请填区划代码；下面没有按地区筛选"
    return "", f"没有“{place}”这个地区，写全称或六位区划代码；下面没有按地区筛选"


@portal_page(OPEN_TO_ALL, keep=60)
def guide(request: Any, slug: str) -> HttpResponse:
    """One guide."""
    try:
        procedure = public_guide(slug)
    except JigaiError:
        raise Http404(slug) from None
    context = {
        "procedure": procedure, "figures": public_figures(procedure),
        "region": region_name(procedure.region_code) if procedure.region_code else "全国",
        **public_parts(procedure.spec),
    }  # fmt: skip
    return render(request, "portal/guide.html", context)
