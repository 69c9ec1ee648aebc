"""One decision on screen: the amount, and everything it rests on."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from jigai.core.access import requires
from jigai.core.services.log_access import log_access
from jigai.policies.explain_stored import explain_decision, other_readings
from jigai.policies.models import Decision
from jigai.policies.providers import line_names
from jigai.policies.selectors import visible_decisions
from jigai.policies.sources import sources_of
from jigai.policies.stored_packs import model_of
from jigai.policies.trace_view import stages_of
from jigai.policies.words import VERDICT_CODES, VERDICT_WORDS
from jigai.rules.explanation import Explanation

_SELECTED = {True: "已入选", False: "未入选", None: "名额待定"}


def _find(request: Any, pk: int) -> Decision:
    rows = visible_decisions(request.access).select_related("run__pack", "enterprise")
    return get_object_or_404(rows.defer("run__pack__files"), pk=pk)


@requires("evaluation.view")
def detail(request: Any, pk: int) -> HttpResponse:
    """The decision with its full trace, gap, missing data and unverified facts."""
    decision = _find(request, pk)
    found = explain_decision(decision)
    log_access(request=request, action="查看测算", kind="decision", key=decision.pk,
               label=decision.label, enterprise_id=decision.enterprise_id)  # fmt: skip
    context = {
        "decision": decision,
        "run": decision.run,
        "pack": decision.run.pack.slug,
        "verdict": (VERDICT_CODES[decision.verdict], VERDICT_WORDS[decision.verdict]),
        "selected_word": _SELECTED[decision.selected],
        "found": found,
        "trace": stages_of(found, model_of(decision.run.pack).measures),
        "members": _members(request, decision, found),
        "lines": _lines(found),
        "sources": sources_of(decision, found),
        "can_open": request.access.can("evidence.view"),
        "others": _other_runs(request, decision),
    }
    return render(request, "policies/decision.html", context)


def _members(request: Any, decision: Decision, found: Explanation) -> list[dict[str, Any]]:
    """Members of the consortium with their names, as far as the person may see them."""
    if not found.members:
        return []
    rows = visible_decisions(request.access).filter(run_id=decision.run_id, subject="member")
    keys = [str(member.key) for member in found.members]
    names = dict(rows.filter(subject_key__in=keys).values_list("subject_key", "label"))
    return [
        {"item": member, "name": names[str(member.key)]}
        for member in found.members
        if str(member.key) in names
    ]


def _lines(found: Explanation) -> list[dict[str, Any]]:
    """Invoice lines of the decision with what was bought."""
    names = line_names([line.key for line in found.lines])
    return [
        {"item": line, "name": names.get(line.key, f"第 {line.key} 行")} for line in found.lines
    ]


def _other_runs(request: Any, decision: Decision) -> Any:
    """The same subject in other runs, newest first."""
    rows = visible_decisions(request.access).filter(
        subject=decision.subject, subject_key=decision.subject_key
    )
    found = rows.exclude(pk=decision.pk).select_related("run").order_by("-run_id", "-id")[:6]
    return [{"item": row, "word": VERDICT_WORDS[row.verdict]} for row in found]


@requires("evaluation.view")
def readings(request: Any, pk: int) -> HttpResponse:
    """A part of the page, fetched on demand: the amount under every other reading."""
    decision = _find(request, pk)
    found = other_readings(decision)
    context = {
        "pack": decision.run.pack.slug,
        "differing": [a for a in found if a.differs],
        "equal": [a for a in found if not a.differs],
    }
    return render(request, "policies/decision_readings.html", context)


@requires("evaluation.view")
def of_enterprise(request: Any, pk: int) -> HttpResponse:
    """A part of an enterprise's page: the newest decisions about it."""
    rows = visible_decisions(request.access).filter(enterprise_id=pk)
    return _part(request, rows)


@requires("evaluation.view")
def of_project(request: Any, pk: int) -> HttpResponse:
    """A part of a project's page: the newest decisions about it."""
    rows = visible_decisions(request.access).filter(subject="project", subject_key=str(pk))
    return _part(request, rows)


def _part(request: Any, rows: Any) -> HttpResponse:
    found = rows.select_related("run").order_by("-run_id", "id")[:12]
    context = {
        "rows": [
            {"row": row, "code": VERDICT_CODES[row.verdict], "word": VERDICT_WORDS[row.verdict]}
            for row in found
        ]
    }
    return render(request, "policies/decisions_part.html", context)
