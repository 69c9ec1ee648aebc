"""Releases of investment figures: publish, revise, and the page everybody may read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET

from jigai.core.access import public, requires
from jigai.core.screens import formats
from jigai.core.screens.list_filters import RegionField, year_field
from jigai.core.selectors_enterprises import latest_register_year
from jigai.core.selectors_regions import names_of_regions
from jigai.core.views.form_page import FormPage
from jigai.projects.analysis.facts import STATEMENTS
from jigai.projects.analysis.monitoring import latest_month
from jigai.projects.analysis.releasing import (
    CAPABILITY,
    Guard,
    chain_of,
    hash_of,
    may_release,
    public_releases,
)
from jigai.projects.analysis.services.publish_release import publish_release
from jigai.projects.models import InvestmentRelease

_OPEN = "已发布的技改投资信息面向社会公开，个别企业的数已经隐去"
_LISTED = 100


class ReleaseForm(forms.Form):
    """Of what and how guarded."""

    region = RegionField(label="发布地区", required=True)
    year = year_field()
    month = forms.TypedChoiceField(
        label="截至月份", coerce=int, choices=[(str(n), f"{n} 月") for n in range(1, 13)]
    )
    k = forms.IntegerField(
        label="最少企业数", min_value=3, max_value=50, initial=Guard().k,
        help_text="少于这么多家企业的组不公布",
    )  # fmt: skip
    note = forms.CharField(
        label="补充口径说明", required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}), help_text="平台会自动写明取数、归集与隐去的办法",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].required = True


class RevisionForm(forms.Form):
    """Why, and how guarded."""

    k = ReleaseForm.base_fields["k"]
    reason = forms.CharField(
        label="修订原因", max_length=400, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写清改了什么、为什么改，会一并公布",
    )  # fmt: skip
    note = ReleaseForm.base_fields["note"]


@requires("project.view")
@require_GET
def releases(request: Any) -> HttpResponse:
    """Every release, for offices."""
    return _list(request, "projects/analysis/releases.html")


@public(_OPEN)
@require_GET
def public_list(request: Any) -> HttpResponse:
    """Every release, for everybody."""
    return _list(request, "projects/analysis/releases_public.html")


def _list(request: Any, template: str) -> HttpResponse:
    rows = list(public_releases()[:_LISTED])
    names = names_of_regions(row.region_code for row in rows)
    context = {
        "rows": [(row, names.get(row.region_code, row.region_code)) for row in rows],
        "may_release": bool(request.user.is_authenticated) and request.access.can(CAPABILITY),
    }  # fmt: skip
    return render(request, template, context)


@requires("project.view")
@require_GET
def release(request: Any, pk: int) -> HttpResponse:
    """One release, for offices."""
    return _detail(request, pk, "projects/analysis/release.html")


@public(_OPEN)
@require_GET
def public_detail(request: Any, pk: int) -> HttpResponse:
    """One release, for everybody."""
    return _detail(request, pk, "projects/analysis/release_public.html")


def _detail(request: Any, pk: int, template: str) -> HttpResponse:
    found = get_object_or_404(InvestmentRelease.objects.select_related("revises"), pk=pk)
    chain = chain_of(found)
    standing = chain[-1]
    signed = bool(request.user.is_authenticated) and request.access.can(CAPABILITY)
    context = {
        "release": found, "figures": found.figures,
        "statement": STATEMENTS.get(found.figures.get("statement", ""), ""),
        "chain": _versions(chain), "standing": standing,
        "genuine": hash_of(found.figures, found.method) == found.root_hash,
        "may_revise": signed and standing.pk == found.pk
        and may_release(request.access, found.region_code),
    }  # fmt: skip
    return render(request, template, context)


def _versions(chain: list[InvestmentRelease]) -> list[dict[str, Any]]:
    """The revision record: each version with the total and what it changed by."""
    found: list[dict[str, Any]] = []
    before: int | None = None
    for number, row in enumerate(chain, start=1):
        fen = (row.figures.get("total") or {}).get("fen")
        moved = None if before is None or fen is None else fen - before
        found.append({"number": number, "row": row, "fen": fen, "moved": moved})
        before = fen
    return found


@method_decorator(requires(CAPABILITY), name="dispatch")
class NewRelease(FormPage):
    """Publish the figures of a region and month."""

    form_class = ReleaseForm
    title = "发布技改投资信息"
    note = "发布后社会可查，不能改，只能修订；先在“技改投资分析”核对统计口径的数"
    submit = "发布"
    done = "已发布"
    above = ("技改投资信息发布", "release-list")

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """With the person's own region."""
        year = latest_register_year()
        month = latest_month(request.access, year)
        region = request.access.home_region or ""
        return ReleaseForm(data, initial={"region": region, "year": year, "month": month})

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Freeze and publish."""
        made = publish_release(
            region=values["region"], year=values["year"], month=values["month"],
            note=values["note"], guard=Guard(values["k"]), by=request.user, access=request.access,
        )  # fmt: skip
        return reverse("release-detail", args=[made.pk])

    def context(self, request: Any) -> dict[str, Any]:
        """Where 取消 leads."""
        return {"back": reverse("release-list")}


@method_decorator(requires(CAPABILITY), name="dispatch")
class Revise(FormPage):
    """Publish the same region and month anew, with the reason."""

    form_class = RevisionForm
    title = "修订发布"
    note = "按现在的数重新生成；原来的一版保留，并注明修订原因"
    submit = "发布修订"
    done = "已修订"
    columns = 1
    above = ("技改投资信息发布", "release-list")

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The release that stands."""
        self.release = get_object_or_404(InvestmentRelease, pk=kwargs["pk"])
        if not may_release(request.access, self.release.region_code):
            raise Http404

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """A new version that names the old one."""
        old = self.release
        made = publish_release(
            region=old.region_code, year=old.year, month=old.month, note=values["note"],
            guard=Guard(values["k"]), revises=old.pk, reason=values["reason"], by=request.user,
            access=request.access,
        )  # fmt: skip
        return reverse("release-detail", args=[made.pk])

    def context(self, request: Any) -> dict[str, Any]:
        """What is revised."""
        at = formats.moment(self.release.released_at)
        facts = [("原发布", self.release.title), ("发布时间", at)]
        return {"facts": facts, "back": reverse("release-detail", args=[self.release.pk])}
