"""A study: made, shown, run, shared, copied, exported."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jigai.core.access import requires
from jigai.core.evidence.serve import serve_evidence
from jigai.core.models import ImportBatch
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError
from jigai.policies.editor.selectors import drafts_for
from jigai.policies.models import Interpretation, PackDraft
from jigai.policies.selectors import nearest_pack
from jigai.policies.selectors_open import visible_questions
from jigai.policies.standing import current_version
from jigai.workbench.models import SandboxStudy
from jigai.workbench.models.sandbox import MOST_SCENARIOS
from jigai.workbench.sandbox.access import USE, colleagues
from jigai.workbench.sandbox.answers import read_both_ways
from jigai.workbench.sandbox.exporting import exports_of
from jigai.workbench.sandbox.figures import study_figures
from jigai.workbench.sandbox.forms import StudyForm
from jigai.workbench.sandbox.packs import current_versions
from jigai.workbench.sandbox.population import KINDS, told_counts
from jigai.workbench.sandbox.services.change_study import retake_population, share_study
from jigai.workbench.sandbox.services.create_study import copy_study, create_study
from jigai.workbench.sandbox.services.start_work import start_export, start_run
from jigai.workbench.sandbox.standing import standings, with_results
from jigai.workbench.sandbox.told import about, comparison
from jigai.workbench.sandbox.views.shared import done_once, frame, study_of


@requires(USE)
@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    """Make a study; ``?pack=``, ``?draft=`` and ``?answer=`` choose what it is about."""
    draft, answer = _draft(request), _answer(request)
    nearest = nearest_pack(request.access)
    chosen = request.GET.get("pack", "") or (str(nearest.pk) if nearest and not draft else "")
    if answer is not None:
        chosen = str(current_version(answer.slug).pk)
    if draft is not None and draft.base_id and not chosen:
        chosen = str(draft.base_id)
    first = {
        "pack": chosen, "region": request.access.home_region or "",
        "year": usual_year(request.access.home_region), "population": "current",
        "title": _title(draft, answer)[:120],
    }  # fmt: skip
    data = request.POST if request.method == "POST" else None
    form = StudyForm(data, request.FILES or None, access=request.access, draft=draft, initial=first)
    if data is not None and form.is_valid():
        try:
            return redirect(_make(request, form, draft, answer))
        except JigaiError as problem:
            form.add_error(None, f"{problem.message}。{problem.hint}")
    context = {"form": form, "draft": draft, "answer": answer, "kinds": list(KINDS.items())}
    status = 422 if data is not None else 200
    return render(request, "workbench/sandbox/new.html", context, status=status)


def _draft(request: Any) -> PackDraft | None:
    given = request.POST.get("draft") or request.GET.get("draft") or ""
    if not given.isdigit():
        return None
    found: PackDraft | None = drafts_for(request.access).filter(pk=given).first()
    if found is None:
        raise Http404
    return found


def _title(draft: PackDraft | None, answer: Interpretation | None) -> str:
    if draft is not None:
        return f"试算：{draft.title}"
    return f"答复的影响：{answer}" if answer is not None else ""


def _answer(request: Any) -> Interpretation | None:
    given = request.POST.get("answer") or request.GET.get("answer") or ""
    if not given.isdigit():
        return None
    rows = visible_questions(request.access).filter(status=Interpretation.Status.ANSWERED)
    found: Interpretation | None = rows.exclude(reading="").filter(pk=given).first()
    if found is None:
        raise Http404
    return found


def _make(
    request: Any, form: StudyForm, draft: PackDraft | None, answer: Interpretation | None
) -> str:
    given = form.cleaned_data
    if answer is not None and (form.base is None or form.base.slug != answer.slug):
        raise JigaiError("other-document", "答复是对另一份文件作的", "政策文件选答复所说的那一份")

    def act() -> str:
        study = create_study(
            title=given["title"], year=given["year"], region_code=given["region"],
            population=given["population"], base=form.base, draft=draft, as_of=given["as_of"],
            deadline=given["deadline"], note=given["note"],
            files=form.stored(request.user, given["region"]),
            read=read_both_ways(answer) if answer else (), by=request.user, access=request.access,
        )  # fmt: skip
        messages.success(request, "沙盘已建好。先运行一次，得到现行规定的成本，再加情景比较")
        return reverse("sandbox-detail", args=[study.pk])

    nonce = request.POST.get("nonce", "")
    return send_once(user=request.user, nonce=nonce, path=request.path, act=act)


def usual_year(region: str) -> int:
    """The newest year that data came in for; else last year."""
    batches = ImportBatch.objects.filter(status="committed", region_code=region)
    newest = batches.order_by("-year", "-id").values_list("year", flat=True).first()
    return newest or timezone.localdate().year - 1


@requires(USE)
@require_GET
def detail(request: Any, pk: int) -> HttpResponse:
    """Scenarios, what they come to beside one another, figures, sharing, exports, archive."""
    study = study_of(request, pk)
    listed = standings(study)
    done = with_results(listed)
    context = {
        **frame(request, study, "detail"),
        "listed": listed,
        "done": done,
        "lines": comparison(done) if done else [],
        "figures": study_figures(done),
        "stale": [one for one in listed if not one.fresh and not one.problem],
        "full": len(listed) >= MOST_SCENARIOS,
        "most": MOST_SCENARIOS,
        "sources": _sources(request, listed),
        "counts": told_counts(study.taken.get("counts", {})),
        "found": study.taken.get("found", {}),
        "about": about(study, listed),
        "exports": exports_of(study)[:10],
        "colleagues": colleagues(study) if study.created_by_id == request.user.pk else [],
        "can_export": request.access.can("export.make"),
    }
    return render(request, "workbench/sandbox/detail.html", context)


def _sources(request: Any, listed: list[Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Where a further scenario may come from."""
    drafts = [
        (f"draft:{d.pk}", f"{d.title}（第 {d.version} 稿）")
        for d in drafts_for(request.access).exclude(state__in=["withdrawn", "issued"])[:50]
    ]
    found = [
        ("复制情景", [(f"copy:{s.scenario.pk}", s.scenario.name) for s in listed]),
        ("已安装的文件", [(f"base:{v.pk}", v.title) for v in current_versions()]),
        ("起草稿", drafts),
    ]
    return [(label, options) for label, options in found if options]


@requires(USE)
@require_POST
def run(request: Any, pk: int) -> HttpResponse:
    """Run the scenarios that are not up to date."""
    study = study_of(request, pk)

    def act() -> str:
        job = start_run(study=study, scenarios=[], by=request.user, access=request.access)
        return reverse("job-detail", args=[job.pk])

    return done_once(request, reverse("sandbox-detail", args=[pk]), act)


@requires(USE)
@require_POST
def share(request: Any, pk: int) -> HttpResponse:
    """Share with colleagues of the same reach, or no longer."""
    study_of(request, pk)
    tell = [int(n) for n in request.POST.getlist("tell") if n.isdigit()]
    shared = request.POST.get("shared") == "yes"

    def act() -> str:
        share_study(study=pk, shared=shared, tell=tell, by=request.user, access=request.access)
        messages.success(request, "已共享给同事" if shared else "已改为只有自己可看")
        return reverse("sandbox-detail", args=[pk])

    return done_once(request, reverse("sandbox-detail", args=[pk]), act)


@requires(USE)
@require_POST
def copy(request: Any, pk: int) -> HttpResponse:
    """One's own copy."""
    study_of(request, pk)

    def act() -> str:
        made: SandboxStudy = copy_study(study=pk, by=request.user, access=request.access)
        messages.success(request, "已另存一份，可以自己改")
        return reverse("sandbox-detail", args=[made.pk])

    return done_once(request, reverse("sandbox-detail", args=[pk]), act)


@requires(USE)
@require_POST
def retake(request: Any, pk: int) -> HttpResponse:
    """Take the population again at the next run."""
    study_of(request, pk)

    def act() -> str:
        retake_population(study=pk, access=request.access)
        messages.success(request, "下次运行时重新取数；以前的结果保留，标为需要重新运行")
        return reverse("sandbox-detail", args=[pk])

    return done_once(request, reverse("sandbox-detail", args=[pk]), act)


@requires(USE)
@require_POST
def export(request: Any, pk: int) -> HttpResponse:
    """Write the study as Word or Excel."""
    study = study_of(request, pk)
    form = request.POST.get("form", "")

    def act() -> str:
        job = start_export(study=study, form=form, by=request.user, access=request.access)
        return reverse("job-detail", args=[job.pk])

    return done_once(request, reverse("sandbox-detail", args=[pk]), act)


@requires(USE)
@require_GET
def file(request: Any, pk: int, number: int) -> HttpResponse:
    """An exported file, to those who see the study."""
    use = exports_of(study_of(request, pk)).filter(file_id=number).first()
    if use is None:
        raise Http404
    return serve_evidence(request, use.file)
