"""Long work of the sandbox as jobs."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jigai.core.jobs import JobContext, Outcome, job
from jigai.core.models import User
from jigai.core.screens import formats
from jigai.errors import JigaiError
from jigai.workbench.models import (
    SandboxAnalysis,
    SandboxResult,
    SandboxScenario,
    SandboxStudy,
)
from jigai.workbench.sandbox.asking import heat, marginal, solved
from jigai.workbench.sandbox.exporting import write_export
from jigai.workbench.sandbox.population import Taken, keep, kept, take
from jigai.workbench.sandbox.running import Ran, fingerprint, pricing, run_scenario
from jigai.workbench.sandbox.services.start_work import ASK, EXPORT, RUN
from jigai.workbench.sandbox.standing import home_of, scenarios_of

_STOPS = "停止后，已经算完的情景保留，没有算完的不保留。"


@job(RUN, cancel=_STOPS)
def run(context: JobContext) -> Outcome:
    """Take the population if it was not, then run each scenario that has no result of its own."""
    study = SandboxStudy.objects.get(pk=context.params["study"])
    study, taken = _population(study, context)
    wanted = set(context.params.get("scenarios", ()))
    rows = [s for s in scenarios_of(study) if not wanted or s.pk in wanted]
    told: list[tuple[str, str | int]] = []
    for place, scenario in enumerate(rows):
        result = _result(scenario, study, taken, context, (0.2 + 0.8 * place / len(rows)))
        told.append((scenario.name, f"{formats.wan(result.summary['total'])} 万元（模拟）"))
    return Outcome({"study": study.pk}, reverse("sandbox-detail", args=[study.pk]), told)


def _population(study: SandboxStudy, context: JobContext) -> tuple[SandboxStudy, Taken]:
    """The frozen population, taken now if it was not."""
    if study.facts_file:
        context.progress("读取快照", 0.05)
        return study, kept(study)
    if study.known_at is None:
        study.known_at = timezone.now()
    taken = take(study, home_of(study), lambda step, share: context.progress(step, share * 0.2))
    facts, people = keep(taken)
    with transaction.atomic():
        held = SandboxStudy.objects.select_for_update().get(pk=study.pk)
        held.facts_file, held.people_file, held.known_at = facts, people, study.known_at
        held.taken = {"counts": taken.counts(), "found": taken.found}
        held.save(update_fields=["facts_file", "people_file", "known_at", "taken"])
    return held, taken


def _result(
    scenario: SandboxScenario, study: SandboxStudy, taken: Taken, context: JobContext, start: float
) -> SandboxResult:
    mark = fingerprint(scenario, study)
    before: SandboxResult | None = scenario.results.filter(fingerprint=mark).first()
    if before is not None:
        return before
    ran = run_scenario(
        scenario, study, taken,
        lambda step, share: context.progress(f"{scenario.name}：{step}", start + share * 0.1),
    )  # fmt: skip
    return _stored(scenario, study, ran, context)


def _stored(
    scenario: SandboxScenario, study: SandboxStudy, ran: Ran, context: JobContext
) -> SandboxResult:
    assert context.job.owner_id is not None
    found: SandboxResult = SandboxResult.objects.create(
        study=study, scenario=scenario, fingerprint=ran.fingerprint, pack_hash=ran.pack_hash,
        snapshot=ran.snapshot, as_of=ran.as_of, overrides=scenario.overrides,
        readings=ran.readings, settled=ran.settled, root_hash=ran.root_hash, file=ran.file,
        summary=ran.summary, engine=f"jigai {version('jigai')}",
        created_by_id=context.job.owner_id,
    )  # fmt: skip
    return found


@job(ASK)
def ask(context: JobContext) -> None:
    """Answer a question and keep the answer."""
    given = context.params
    scenario = SandboxScenario.objects.select_related("study", "base", "draft").get(
        pk=given["scenario"]
    )
    study = scenario.study
    context.progress("读取快照", 0.1)
    taken = kept(study)
    context.progress("编译规则", 0.3)
    with pricing(scenario, study, taken) as prices:
        context.progress("测算", 0.4)
        found = _answer(prices, given["kind"], given["asked"])
    with transaction.atomic():
        row = SandboxAnalysis.objects.create(
            study=study, scenario=scenario, kind=given["kind"], asked=given["asked"], found=found,
            fingerprint=fingerprint(scenario, study), created_by=_owner(context),
        )  # fmt: skip
        url = reverse("sandbox-analysis", args=[row.pk])
        context.finish(Outcome({"analysis": row.pk}, url, [("情景", scenario.name)]))


def _answer(prices: Any, kind: str, asked: dict[str, Any]) -> dict[str, Any]:
    if kind == "solve":
        return solved(prices, asked["parameter"], int(asked["budget"]))
    if kind == "marginal":
        return marginal(prices)
    if kind == "heat":
        return heat(prices, asked["x"], asked["y"])
    raise JigaiError("bad-question", f"没有“{kind}”这种分析")


@job(EXPORT, cancel="不会留下文件，以后可以再导出。")
def export(context: JobContext) -> Outcome:
    """Write the paper or the workbook and put it into the evidence store."""
    study = SandboxStudy.objects.get(pk=context.params["study"])
    context.progress("整理", 0.2)
    file = write_export(study, context.params["form"], _owner(context), context.progress)
    url = reverse("sandbox-detail", args=[study.pk]) + "#exports"
    return Outcome({"file": file.pk}, url, [("文件", file.name)])


def _owner(context: JobContext) -> User:
    owner: User | None = context.job.owner
    if owner is None:
        raise JigaiError("no-owner", "任务的提交人已不存在")
    return owner
