"""One case on screen: what it is, what may be done now, how it went; and the doing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from jigai.cases import case_parts as parts
from jigai.cases.about import about_of
from jigai.cases.access import APPLY, HANDLE, VIEW
from jigai.cases.actions import ON_OWN_PAGE, panel_of
from jigai.cases.due_words import RESULT_LOOKS, STATE_LOOKS
from jigai.cases.flow.verbs import VERBS
from jigai.cases.forms import DeedForm
from jigai.cases.ledger import clock_ledger
from jigai.cases.lists import CaseList
from jigai.cases.models import Case
from jigai.cases.papers import papers_of
from jigai.cases.services.act import act
from jigai.cases.uploads import file_of, stored
from jigai.cases.viewer import Viewer, viewer_of
from jigai.core.access import Denied, requires
from jigai.core.evidence.serve import serve_evidence
from jigai.core.screens.detail_parts import parts_of
from jigai.core.screens.list_urls import list_urls
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError


def seen(request: Any, number: str) -> Viewer:
    """The case with this number as the person sees it; 404 for an outsider as for no case."""
    rows = Case.objects.select_related("release", "procedure", "enterprise", "started_by")
    view = viewer_of(get_object_or_404(rows, number=number), request.access)
    if not view.relations:
        raise Http404
    return view


def _number(text: Any) -> int | None:
    return int(text) if str(text or "").isdigit() else None


@requires(VIEW, HANDLE, APPLY)
@require_GET
def detail(request: Any, number: str) -> HttpResponse:
    """The case. ``?task=`` says from which of one's tasks one comes."""
    view = seen(request, number)
    return render(request, "cases/case.html", _context(view, _number(request.GET.get("task"))))


def _context(
    view: Viewer, task: int | None, bound: DeedForm | None = None, problem: Any = None
) -> dict[str, Any]:  # fmt: skip
    case, steps = view.case, parts.steps_of_case(view)
    light, light_words = parts.light_of(case)
    rows = [one["row"] for one in steps if one["row"] is not None]
    return {
        "view": view, "case": case, "spec": view.spec, "problem": problem,
        "state_look": STATE_LOOKS[case.state], "result_look": RESULT_LOOKS.get(case.result, ""),
        "light": light, "light_words": light_words, "panel": panel_of(view, task, bound),
        "values": parts.values_of(view), "answers": parts.answers_of(view),
        "materials": parts.materials_of(view), "steps": steps,
        "picture": parts.picture_of(view, rows), "clock": clock_ledger(case, timezone.localdate()),
        "records": parts.records_of(view), "copies": parts.copies_of(view),
        "visits": list(case.visits.select_related("by")), "papers": papers_of(view),
        "correction": case.corrections.filter(
            supplied_on__isnull=True, lapsed_on__isnull=True
        ).first() if case.state == "correction" else None,
        "own_page": case.state in ("draft", "correction") and "applicant" in view.relations,
        "may_reassign": "supervisor" in view.relations,
        "parts": list(parts_of("case", case.pk, view.access)), "about": about_of(case),
    }  # fmt: skip


@requires(VIEW, HANDLE, APPLY)
@require_POST
def do(request: Any, number: str, verb: str) -> HttpResponse:
    """Use a verb, once; what is refused comes back with its reason and everything typed."""
    view = seen(request, number)
    if verb not in VERBS or verb in ON_OWN_PAGE:
        raise Http404
    task = _number(request.POST.get("task"))
    at = next((one for one in view.tasks if one.pk == task), None)
    form = DeedForm(verb, view, at, request.POST, request.FILES)
    if not form.is_valid():
        return _again(request, view, task, form, None)
    try:
        url = send_once(
            user=request.user, nonce=request.POST.get("nonce", ""), path=request.path,
            act=lambda: _act(request, view, form, task),
        )  # fmt: skip
    except Denied:
        raise
    except JigaiError as problem:
        return _again(request, seen(request, number), task, form, problem)
    messages.success(request, f"已{form.word}")
    return redirect(url)


def _act(request: Any, view: Viewer, form: DeedForm, task: int | None) -> str:
    data = stored(form, request.user)
    act(
        case=view.case.pk, verb=form.verb, by=request.user, access=request.access, task=task,
        reason=str(form.cleaned_data.get("reason") or ""),
        seen=_number(request.POST.get("seen")), **data,
    )  # fmt: skip
    return reverse("case-detail", args=[view.case.number])


def _again(
    request: Any, view: Viewer, task: int | None, form: DeedForm, problem: JigaiError | None
) -> HttpResponse:  # fmt: skip
    """The page as it is now, with what was typed: the next click counts as having seen it."""
    context = _context(view, task, form, problem)
    return render(request, "cases/case.html", context, status=422)


@requires(VIEW, HANDLE, APPLY)
@require_GET
def clock(request: Any, number: str) -> HttpResponse:
    """计时台账: the limit, every pause and extension, and how the due day follows from them."""
    view = seen(request, number)
    light, words = parts.light_of(view.case)
    context = {
        "view": view, "case": view.case, "clock": clock_ledger(view.case, timezone.localdate()),
        "light": light, "light_words": words,
    }  # fmt: skip
    return render(request, "cases/clock.html", context)


@requires(VIEW, HANDLE, APPLY)
@require_GET
def file(request: Any, number: str, key: str) -> FileResponse:
    """The bytes of a material or of a file in the form, to who may see the case."""
    view = seen(request, number)
    return serve_evidence(request, file_of(view, key))


URLS = [
    *list_urls(CaseList, "cases/all/"),
    path("cases/<str:number>/", detail, name="case-detail"),
    path("cases/<str:number>/do/<slug:verb>/", do, name="case-act"),
    path("cases/<str:number>/clock/", clock, name="case-clock"),
    path("cases/<str:number>/files/<slug:key>/", file, name="case-file"),
]
