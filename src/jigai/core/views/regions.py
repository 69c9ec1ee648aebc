"""行政区划: the tree by year, search, groups, and the options of every region picker."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from jigai.core.access import requires, signed_in
from jigai.core.access.scoping import region_prefix
from jigai.core.forms.reference import RegionForm
from jigai.core.models import Region, RegionGroup
from jigai.core.region_years import after, before
from jigai.core.selectors_reference import (
    ancestors,
    children,
    found_by_words,
    groups_with_members,
    in_year,
)
from jigai.core.services.add_region import add_region
from jigai.core.views.form_page import FormPage

_OPTIONS = 50


def year_of(request: Any) -> int | None:
    """The year asked for; ``None`` is now."""
    text = request.GET.get("year", "")
    return int(text) if text.isdecimal() and 1949 <= int(text[:5]) <= 2100 else None


@requires("region.view")
@require_GET
def region_list(request: Any) -> HttpResponse:
    """The provinces of a year, or what a search finds."""
    year, typed = year_of(request), request.GET.get("q", "").strip()
    found = found_by_words(typed, year, home=request.access.home_region) if typed else []
    above = ancestors([row.code for row in found])
    context = {
        "year": year,
        "typed": typed,
        "found": [(row, above[row.code]) for row in found],
        "rows": [] if typed else children("", year),
    }
    return render(request, "core/reference/regions.html", context)


@requires("region.view")
@require_GET
def region_children(request: Any, code: str) -> HttpResponse:
    """What lies below one, as a part of the tree."""
    year = year_of(request)
    context = {"rows": children(code, year), "year": year}
    return render(request, "core/reference/region_rows.html", context)


@requires("region.view")
@require_GET
def region_detail(request: Any, code: str) -> HttpResponse:
    """One code through the years, what lies above and below it, and its groups."""
    history = list(Region.objects.filter(code=code).order_by("-valid_to", "-valid_from", "-id"))
    row = next((r for r in history if r.valid_to is None), None) or get_object_or_404(
        Region.objects.filter(code=code).order_by("-valid_to", "-id")[:1]
    )
    context = {
        "row": row,
        "history": history,
        "above": ancestors([code])[code],
        "below": children(code, None),
        "after": after(code[:6]),
        "before": before(code[:6]),
        "groups": RegionGroup.objects.filter(members__region_code=code).order_by("slug"),
        "may_add": row.level == Region.Level.COUNTY and row.valid_to is None,
    }
    return render(request, "core/reference/region.html", context)


@signed_in
@require_GET
def region_options(request: Any) -> JsonResponse:
    """Options of a picker: ``{"results": [{code, name, pinyin, initials, note}]}``.

    Without words the regions of the person's own home, so that most need not type. ``groups=1``
    adds region groups, ``year`` asks for the codes of that year.
    """
    typed, year = request.GET.get("q", ""), year_of(request)
    home = request.access.home_region
    near = not typed.strip()
    rows = _near(home, year) if near else found_by_words(typed, year, _OPTIONS, home)
    above = ancestors([row.code for row in rows])
    results = [
        {
            "code": row.code,
            "name": row.name,
            "pinyin": row.pinyin,
            "initials": row.initials,
            "note": "".join(region.name for region in above[row.code]),
        }
        for row in rows
    ]
    if request.GET.get("groups"):
        results = [*_groups(typed), *results]
    return JsonResponse({"results": results})


def _near(home: str, year: int | None) -> list[Region]:
    if not home:
        return list(children("", year))
    own = in_year(Region.objects.filter(code__startswith=region_prefix(home)), year)
    if home.endswith("00"):
        return list(own.order_by("code", "id")[:_OPTIONS])
    beside = in_year(Region.objects.filter(code__startswith=home[:4]), year)
    return list(beside.order_by("code", "id")[:_OPTIONS])


def _groups(typed: str) -> list[dict[str, str]]:
    rows = RegionGroup.objects.filter(name__contains=typed.strip()).order_by("slug")
    return [
        {"code": row.slug, "name": row.name, "pinyin": "", "initials": "", "note": "区域组"}
        for row in rows
    ]


@requires("region.view")
@require_GET
def region_group_list(request: Any) -> HttpResponse:
    """Groups that documents name, with their members."""
    return render(request, "core/reference/groups.html", {"groups": groups_with_members()})


@requires("region.manage")
class RegionNew(FormPage):
    """A park or town."""

    form_class = RegionForm
    title = "增加园区或镇街"
    above = ("行政区划", "region-list")
    parent: Region

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The county."""
        self.parent = get_object_or_404(Region, code=kwargs["code"], valid_to=None)

    def context(self, request: Any) -> dict[str, Any]:
        """Below which county."""
        return {"facts": [("所属县级区划", str(self.parent))], "back": self._home()}

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Add it."""
        add_region(by=request.access, parent=self.parent, **values)
        return self._home()

    def _home(self) -> str:
        return reverse("region-detail", args=[self.parent.code])
