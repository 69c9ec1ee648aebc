"""What the pages of a study have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from jigai.core.screens.context import region_name
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError
from jigai.workbench.models import SandboxScenario, SandboxStudy
from jigai.workbench.sandbox.access import may_change, visible_studies
from jigai.workbench.sandbox.population import whose_words
from jigai.workbench.sandbox.services.start_work import running_job
from jigai.workbench.sandbox.told import WARNING

TABS = (
    ("detail", "情景与对比", "sandbox-detail"), ("changes", "增减名单", "sandbox-changes"),
    ("ask", "求解与敏感性", "sandbox-ask"), ("shortage", "资金不足时", "sandbox-shortage"),
)  # fmt: skip


def study_of(request: Any, pk: int) -> SandboxStudy:
    """A study within reach, else 404."""
    found: SandboxStudy = get_object_or_404(visible_studies(request.access), pk=pk)
    return found


def scenario_of(request: Any, pk: int) -> SandboxScenario:
    """A scenario in use of a study within reach, else 404."""
    rows = SandboxScenario.objects.select_related("study__created_by", "base", "draft")
    found: SandboxScenario | None = rows.filter(pk=pk, active=True).first()
    if found is None or not visible_studies(request.access).filter(pk=found.study_id).exists():
        raise Http404
    return found


def frame(request: Any, study: SandboxStudy, tab: str) -> dict[str, Any]:
    """Tabs, warning and who may do what, for every page of a study."""
    region = region_name(study.region_code) or study.region_code
    return {
        "study": study,
        "warning": WARNING,
        "whose": whose_words(study, region),
        "may": may_change(request.access, study),
        "job": running_job(study),
        "tabs": [(label, reverse(name, args=[study.pk]), key == tab) for key, label, name in TABS],
    }


def done_once(request: Any, back: str, act: Callable[[], str]) -> HttpResponse:
    """Carry out a form once; a refusal is told on the page it came from."""
    nonce = request.POST.get("nonce", "")
    try:
        return redirect(send_once(user=request.user, nonce=nonce, path=request.path, act=act))
    except JigaiError as problem:
        messages.error(request, f"{problem.message}。{problem.hint}" if problem.hint
                       else problem.message)  # fmt: skip
        return redirect(back)
