"""Evaluations on screen: start one, read its summary, check its archive."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from jigai.core.access import requires
from jigai.core.jobs import start_job
from jigai.core.models import ImportBatch, Job
from jigai.core.screens.context import region_name
from jigai.core.services.send_once import send_once
from jigai.policies.fact_run import Settled
from jigai.policies.forms import EvaluationForm, ReadingsForm, ScenarioForm, pack_of
from jigai.policies.models import PackVersion
from jigai.policies.selectors import nearest_pack, visible_runs
from jigai.policies.standing import settled_on
from jigai.policies.words import VERDICT_CODES, VERDICT_WORDS
from jigai.rules.environment import all_parameters, all_readings, default_as_of
from jigai.rules.loader import Pack


@requires("evaluation.run")
@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    """Choose pack, year, dates, readings and population; a job does the rest."""
    version = _chosen(request)
    if version is None:
        return render(request, "policies/run_new.html", {"no_pack": True})
    pack = pack_of(version)
    data = request.POST if request.method == "POST" else None
    initial = {"pack": version.pk, "year": _usual_year(version), "region": version.region_code}
    form = EvaluationForm(data, access=request.access, initial=initial)
    readings = ReadingsForm(data, pack=pack, settled=_settled(form, pack, initial["year"]))
    scenario = ScenarioForm(data, pack=pack)
    if data is not None and all([form.is_valid(), readings.is_valid(), scenario.is_valid()]):
        return _start(request, form, readings, scenario)
    context = {"form": form, "readings": readings, "scenario": scenario, "version": version}
    status = 422 if data is not None else 200
    return render(request, "policies/run_new.html", context, status=status)


def _settled(form: EvaluationForm, pack: Pack, usual: int) -> Settled:
    """What had been settled on the day chosen, or on that of the year proposed."""
    given = form.cleaned_data if form.is_bound and form.is_valid() else {}
    year, deadline, as_of = given.get("year") or usual, given.get("deadline"), given.get("as_of")
    return settled_on(pack, default_as_of(pack.identity, year, deadline, as_of))


def _chosen(request: Any) -> PackVersion | None:
    given = request.POST.get("pack") or request.GET.get("pack")
    packs = PackVersion.objects.filter(is_current=True).exclude(status="standard")
    found = packs.filter(pk=given).first() if given and given.isdigit() else None
    return found or nearest_pack(request.access)


def _usual_year(version: PackVersion) -> int:
    """The newest year that data came in for; else the last whole year of the document."""
    batches = ImportBatch.objects.filter(status="committed", region_code=version.region_code)
    newest = batches.order_by("-year", "-id").values_list("year", flat=True).first()
    last = timezone.localdate().year - 1
    return newest or (min(last, version.valid_to.year - 1) if version.valid_to else last)


def _start(
    request: Any, form: EvaluationForm, readings: ReadingsForm, scenario: ScenarioForm
) -> HttpResponse:
    version = form.cleaned_data["pack"]
    params = {
        **form.params(),
        "readings": readings.changed(),
        "overrides": scenario.cleaned_data["overrides"],
    }

    def act() -> str:
        title = f"测算：{version.title}（{params['year']} 年）"
        job = start_job(kind="evaluate", title=title[:200], owner=request.user, params=params)
        return reverse("job-detail", args=[job.pk])

    nonce = request.POST.get("nonce", "")
    return redirect(send_once(user=request.user, nonce=nonce, path=request.path, act=act))


@requires("evaluation.view")
def detail(request: Any, pk: int) -> HttpResponse:
    """One evaluation: figures that open their rows, assumptions, readings, archive."""
    run = get_object_or_404(visible_runs(request.access), pk=pk)
    listed = reverse("decision-list") + f"?run={run.pk}"
    verdicts = [
        (look, VERDICT_WORDS[code], run.summary["verdicts"].get(str(code), 0),
         f"{listed}&subject=project&verdict={code}")
        for code, look in VERDICT_CODES.items()
    ]  # fmt: skip
    checks = Job.objects.filter(kind="verify-run", params__run=run.pk).order_by("-id")[:1]
    context = {
        "run": run,
        "place": region_name(run.region_code) or run.region_code,
        "listed": listed,
        "verdicts": verdicts,
        "readings": _readings_of(run),
        "decided": _decided_of(run),
        "chosen": _chosen_for(run),
        "check": checks[0] if checks else None,
        "can_verify": request.access.can("evaluation.verify"),
        "bureau": any(not g.enterprise_id for g in request.access.granting("evaluation.view")),
    }
    return render(request, "policies/run.html", context)


def _chosen_for(run: Any) -> PackVersion | None:
    """The document asked for, where another one explained on the day."""
    slug = run.population.get("chosen", "")
    packs = PackVersion.objects.filter(slug=slug, is_current=True)
    return packs.defer("files").first() if slug else None


def _readings_of(run: Any) -> list[tuple[Any, str, bool, Any]]:
    """Reading, option taken in words, whether it is the default, the answer it was taken by."""
    pack = pack_of(PackVersion.objects.get(pk=run.pack_id))
    answers = Settled.read(run.settled).readings
    found = []
    for key, reading in all_readings(pack).items():
        option = run.readings.get(key, reading.default)
        answer = answers.get(key)
        by = answer if answer and answer["option"] == option else None
        found.append((reading, reading.options[option].word, option == reading.default, by))
    return sorted(found, key=lambda item: (item[2], item[3] is None))


def _decided_of(run: Any) -> list[tuple[str, str, Any]]:
    """Id and name of every parameter that was open, and the approved value the run took."""
    decided = Settled.read(run.settled).parameters
    if not decided:
        return []
    declared = all_parameters(pack_of(PackVersion.objects.get(pk=run.pack_id)))
    return [(key, declared[key].name, words) for key, words in decided.items()]


@requires("evaluation.verify")
@require_POST
def verify(request: Any, pk: int) -> HttpResponse:
    """Have the run done again from its archive and compared."""
    run = get_object_or_404(visible_runs(request.access), pk=pk)

    def act() -> str:
        job = start_job(
            kind="verify-run", title=f"核对存档：第 {run.pk} 次测算", owner=request.user,
            params={"run": run.pk},
        )  # fmt: skip
        return reverse("job-detail", args=[job.pk])

    nonce = request.POST.get("nonce", "")
    return redirect(send_once(user=request.user, nonce=nonce, path=request.path, act=act))
