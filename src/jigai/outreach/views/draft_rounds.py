"""Rounds of comments on the page of a draft, and on that of the document it is to become."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.outreach.consultation_period import STAGE_LOOKS, STAGE_WORDS, stage_of
from jigai.outreach.consultation_selectors import visible
from jigai.outreach.models import Consultation
from jigai.policies.editor.selectors import drafts_for
from jigai.policies.models import PackVersion


@requires("consultation.view")
@require_GET
def of_draft(request: Any, pk: int) -> HttpResponse:
    """The rounds on a draft: never on what was issued, always on the text that was frozen."""
    draft = get_object_or_404(drafts_for(request.access).defer("files"), pk=pk)
    found = visible(request.access).filter(proposal__draft=draft)
    context = {"rows": _rows(found), "draft": draft, "title": "公开征求意见", "of_pack": False}
    return render(request, "outreach/draft_rounds.html", context)


@requires("consultation.view", "consultation.comment")
@require_GET
def of_pack(request: Any, pk: int) -> HttpResponse:
    """Rounds on what is to become the next version of an installed document."""
    version = get_object_or_404(PackVersion.objects.defer("files"), pk=pk)
    running = (Consultation.Status.OPEN, Consultation.Status.PUBLISHED)
    found = visible(request.access).filter(slug=version.slug, status__in=running)
    context = {"rows": _rows(found), "draft": None, "title": "新版本征求意见",
               "of_pack": True}  # fmt: skip
    return render(request, "outreach/draft_rounds.html", context)


def _rows(found: Any) -> list[dict[str, Any]]:
    today = timezone.localdate()
    rows = []
    for item in found.order_by("-id")[:20]:
        stage = stage_of(item, today)
        rows.append({"item": item, "look": STAGE_LOOKS[stage], "word": STAGE_WORDS[stage]})
    return rows
