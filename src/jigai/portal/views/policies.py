"""Documents on the portal: the first page, the search, one document, what changed."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from jigai.core.screens.list_filters import choice
from jigai.outreach.consultation_period import OPEN, in_stage, remaining_words
from jigai.outreach.consultation_selectors import opened
from jigai.policies.compare import compare_packs
from jigai.policies.lineage import upstream_rows
from jigai.policies.models import PackVersion
from jigai.policies.stored_packs import model_of
from jigai.policies.successions import replaces
from jigai.portal.documents import clauses_of, measures_of, targets_of
from jigai.portal.inquiry import InquiryForm, documents, hits_now, inquire
from jigai.portal.places import place_names, tree_of
from jigai.portal.public_page import portal_page
from jigai.portal.results import adoptions_on
from jigai.portal.standing import IN_FORCE, WAITING, banner_of


@portal_page("政策文件向社会公开，查询不用登录")
def home(request: Any) -> HttpResponse:
    """Search, what is in force where, what is open for comment."""
    today = timezone.localdate()
    hits = hits_now(today)
    rounds = list(opened().filter(in_stage(OPEN, today)).order_by("period_to", "id"))
    for row in rounds:
        row.remaining = remaining_words(row, today)
    context = {
        "form": InquiryForm(),
        "valid": [hit for hit in hits if hit.state in (IN_FORCE, WAITING)],
        "others": [hit for hit in hits if hit.state not in (IN_FORCE, WAITING)],
        "rounds": rounds,
        "displayed": adoptions_on(today).displayed,
    }
    return render(request, "portal/home.html", context)


@portal_page("政策文件向社会公开，查询不用登录")
def policies(request: Any) -> HttpResponse:
    """Documents by place, year, kind, state and words."""
    form = InquiryForm(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    context = {
        "form": form,
        "found": inquire(given, timezone.localdate()) if form.is_valid() else None,
        "asked": any(given.values()),
        "tree": tree_of([row.region_code for row in documents()]),
        "query": request.GET,
    }
    return render(request, "portal/policies.html", context)


@portal_page("政策文件向社会公开，查询不用登录")
def policy(request: Any, slug: str, number: int | None = None) -> HttpResponse:
    """One document as it lives; an older version by its number."""
    version = _version(slug, number)
    today = timezone.localdate()
    names = place_names([version.region_code])
    context = {
        "version": version,
        "banner": banner_of(version, today),
        "place": names.get(version.region_code, ""),
        "identity": model_of(version).pack.identity,
        "clauses": clauses_of(version),
        "measures": measures_of(version, today),
        "targets": targets_of(version),
        "upstream": _upstream(version),
        "replaces": replaces(version),
        "versions": list(_versions(slug)),
    }
    return render(request, "portal/policy.html", context)


@portal_page("政策文件向社会公开，查询不用登录")
def changes(request: Any, slug: str) -> HttpResponse:
    """What differs between two versions; the newest two unless others are asked for."""
    versions = list(_versions(slug))
    if not versions:
        raise Http404
    known = [(str(row.pk), f"第 {row.pk} 版") for row in versions]
    form = _ChangesForm(request.GET, known)
    picked = {str(row.pk): row for row in versions}
    after = picked.get(form.value("after"), versions[0])
    before = picked.get(form.value("before"), versions[min(1, len(versions) - 1)])
    found = compare_packs(model_of(before).pack, model_of(after).pack)
    context = {"slug": slug, "versions": versions, "before": before, "after": after, "found": found}
    return render(request, "portal/changes.html", context)


class _ChangesForm:
    """Two versions by number; anything else counts as not given."""

    def __init__(self, data: Any, known: list[tuple[str, str]]) -> None:
        self._data, self._field = data, choice("版本", known)

    def value(self, name: str) -> str:
        """The number asked for, or empty."""
        given = str(self._data.get(name, ""))
        return given if given and self._field.valid_value(given) else ""


def _versions(slug: str) -> Any:
    rows = PackVersion.objects.filter(slug=slug).exclude(status="standard")
    return rows.defer("files").order_by("-id")


def _version(slug: str, number: int | None) -> PackVersion:
    wanted: dict[str, Any] = {"is_current": True} if number is None else {"pk": number}
    found: PackVersion | None = _versions(slug).filter(**wanted).first()
    if found is None:
        raise Http404
    return found


def _upstream(version: PackVersion) -> list[dict[str, Any]]:
    """Upstream documents, with a link where one is installed."""
    known = {row.slug for row in documents()}
    return [
        {"title": str(row), "slug": row.pack_slug if row.pack_slug in known else ""}
        for row in upstream_rows([version.slug])
    ]
