"""Whether a project is approved or filed, and whether it meets the negative list."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.core.screens.context import region_name
from jigai.errors import JigaiError
from jigai.registers.access import VIEW
from jigai.registers.models import Register
from jigai.registers.special.approval import PREVAILS, WORDS, Case, Decision, Finding
from jigai.registers.special.control_forms import CaseForm, told_form, told_of
from jigai.registers.special.negative_list import Answer
from jigai.registers.special.project_code import Period, code_period
from jigai.registers.special.project_source import ProjectFacts, project_facts, search_projects
from jigai.registers.special.stored_approval import (
    CODE,
    conditions_asked,
    decide_within,
    province_line,
)
from jigai.registers.special.stored_negative import flagged_projects, foreign_share, judge_stored

_VERDICT_LOOKS = {"approve": "info", "file": "done", "forbid": "rejected", "judge": "warning"}
_MEASURES = {
    "prohibited": "禁止投资",
    "restricted": "限制投资",
    "outside": "清单以外",
    "judge": "需人工判断",
}
_MEASURE_LOOKS = {
    "prohibited": "rejected",
    "restricted": "warning",
    "outside": "done",
    "judge": "warning",
}


def _project(request: Any) -> ProjectFacts | None:
    wanted = request.GET.get("project", "")
    if not wanted.isdigit():
        return None
    found = project_facts(request.access, int(wanted))
    if found is None:
        raise Http404
    return found


def _case_form(request: Any, project: ProjectFacts | None) -> CaseForm:
    """The form as sent, or filled with what the library knows of the project."""
    if "industry" in request.GET:
        return CaseForm(request.GET)
    if project is None:
        return CaseForm()
    share = foreign_share(project.enterprise, code_period(project.code))
    return CaseForm(
        {"industry": project.industry, "region": project.region, "code": project.code,
         "foreign": "yes" if share else ""}
    )  # fmt: skip


@requires(VIEW)
@require_GET
def approval(request: Any) -> HttpResponse:
    """Choose a project or describe one; the answer comes with its entry and level."""
    project = _project(request)
    form = _case_form(request, project)
    words = request.GET.get("q", "")
    context: dict[str, Any] = {
        "form": form, "project": project, "q": words, "prevails": PREVAILS,
        "hits": search_projects(request.access, words),
    }  # fmt: skip
    status = 200
    if form.is_bound:
        status = 200 if form.is_valid() else 422
        if form.is_valid():
            context |= _approval_answer(request, form)
    return render(request, "registers/approval_check.html", context, status=status)


def _approval_answer(request: Any, form: CaseForm) -> dict[str, Any]:
    given, when = form.cleaned_data, form.when
    region, foreign = given.get("region") or "", given.get("foreign") == "yes"
    try:
        first, _ = decide_within(when, region, Case(given["industry"], {}, foreign))
        questions = conditions_asked(first)
        told = told_of(request.GET, questions)
        decision, _ = decide_within(when, region, Case(given["industry"], told, foreign))
    except JigaiError as error:
        return {"error": error}
    register = Register.objects.select_related("current").get(code=CODE)
    names = dict(register.schema.field("authority").options)
    line = province_line(region)
    return {
        "decision": decision, "when": when, "asked": questions,
        "questions": told_form(questions, request.GET), "look": _VERDICT_LOOKS[decision.verdict],
        "authority": names.get(decision.authority, ""),
        "region_name": region_name(region) if region else "",
        "columns": [
            ("国家目录", _shown(decision.national, names)),
            (register.schema.lines.get(line, "省级目录"), _shown(decision.provincial, names)),
        ],
    }  # fmt: skip


def _shown(finding: Finding | None, names: dict[str, str]) -> dict[str, Any] | None:
    if finding is None:
        return None
    row = finding.row
    return {
        "word": WORDS[finding.verdict], "look": _VERDICT_LOOKS[finding.verdict], "row": row,
        "scope": row.scope if row else "", "clause": row.clause if row else "",
        "authority": names.get(row.authority, "") if row else "", "why": finding.why,
        "open": [(one.item, names.get(one.authority, "")) for one in finding.open_rows],
    }  # fmt: skip


@requires(VIEW)
@require_GET
def negative(request: Any) -> HttpResponse:
    """Describe a foreign-invested project or choose one; every edition of the time is shown."""
    project = _project(request)
    form = _case_form(request, project)
    words = request.GET.get("q", "")
    context: dict[str, Any] = {
        "form": form, "project": project, "q": words,
        "hits": search_projects(request.access, words),
    }  # fmt: skip
    status = 200
    if form.is_bound:
        status = 200 if form.is_valid() else 422
        if form.is_valid():
            context |= _negative_answer(form.cleaned_data["industry"], form.when)
            context["is_foreign"] = form.cleaned_data.get("foreign") == "yes"
    else:
        context |= _flagged(request)
    return render(request, "registers/negative_check.html", context, status=status)


def _flagged(request: Any) -> dict[str, Any]:
    try:
        flags = flagged_projects(request.access)
    except JigaiError as error:
        return {"error": error}
    rows = [(flag, _MEASURE_LOOKS[flag.answer.measure]) for flag in flags]
    return {"flags": rows, "asks_library": True}


def _negative_answer(industry: str, when: Period | None) -> dict[str, Any]:
    try:
        answer: Answer = judge_stored(industry, when)
    except JigaiError as error:
        return {"error": error}
    return {
        "answer": answer, "when": when, "look": _MEASURE_LOOKS[answer.measure],
        "findings": [(f, _MEASURE_LOOKS[f.measure], _MEASURES[f.measure]) for f in answer.findings],
    }  # fmt: skip


@requires("project.view")
@require_GET
def of_project(request: Any, pk: int) -> HttpResponse:
    """The part of a project's page: the negative list for foreign-invested ones, and 核准或备案."""
    project = project_facts(request.access, pk)
    if project is None:
        raise Http404
    when = code_period(project.code)
    share = foreign_share(project.enterprise, when)
    context: dict[str, Any] = {"project": project, "share": share, "when": when}
    if share is not None:
        context |= _negative_answer(project.industry, when)
    context["approval"] = _brief(project, when, share is not None)
    return render(request, "registers/project_access.html", context)


def _brief(project: ProjectFacts, when: Period | None, foreign: bool) -> Decision | None:
    if when is None or not Register.objects.filter(code=CODE).exists():
        return None
    return decide_within(when, project.region, Case(project.industry, {}, foreign))[0]
