"""Versions of a pack: when each was installed, and what differs between any two."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.policies.compare import compare_packs
from jigai.policies.models import Clause, PackVersion
from jigai.policies.stored_packs import model_of


class CompareForm(forms.Form):
    """Two versions by number."""

    before = forms.IntegerField(label="旧版本", min_value=1)
    after = forms.IntegerField(label="新版本", min_value=1)


def _versions(slug: str) -> list[PackVersion]:
    """Every version of a pack, newest first."""
    rows = PackVersion.objects.filter(slug=slug).defer("files").select_related("installed_by")
    found = list(rows.annotate(run_count=Count("runs")).order_by("-id"))
    if not found:
        raise Http404
    return found


@requires("pack.view")
@require_GET
def history(request: Any, slug: str) -> HttpResponse:
    """The versions, with two of them to choose for comparison."""
    versions = _versions(slug)
    current = next((v for v in versions if v.is_current), versions[0])
    other = next((v for v in versions if v.pk != current.pk), current)
    context = {"slug": slug, "versions": versions, "current": current, "other": other}
    return render(request, "policies/proposal_versions.html", context)


@requires("pack.view")
@require_GET
def compare(request: Any, slug: str) -> HttpResponse:
    """What differs between two versions; the newest two unless others are asked for."""
    versions = _versions(slug)
    form = CompareForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    known = {version.pk: version for version in versions}
    # A single version is compared with itself: the page then says that nothing differs.
    after = known.get(asked.get("after", versions[0].pk))
    before = known.get(asked.get("before", versions[min(1, len(versions) - 1)].pk))
    if after is None or before is None:
        raise Http404
    current = next((v for v in versions if v.is_current), versions[0])
    found = compare_packs(model_of(before).pack, model_of(after).pack)
    context = {
        "slug": slug,
        "before": before,
        "after": after,
        "current": current,
        "sections": found["sections"],
        "counts": found["counts"],
        "known_clauses": set(Clause.objects.filter(pack=current).values_list("code", flat=True)),
    }
    return render(request, "policies/proposal_compare.html", context)
