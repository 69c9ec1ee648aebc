"""Long work of the policies room: evaluations, and checking one by doing it again."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jigai.core.jobs import JobContext, Outcome, job
from jigai.core.models import User
from jigai.core.screens import formats
from jigai.policies.chain import stored_root
from jigai.policies.evaluate_stored import (
    evaluate_again,
    evaluate_stored,
    governing_pack,
    parse_day,
)
from jigai.policies.fact_run import Choices
from jigai.policies.models import EvaluationRun, PackVersion
from jigai.policies.providers import Population
from jigai.policies.services.check_proposal import check_proposal
from jigai.policies.services.propose_pack import JOB
from jigai.policies.services.record_run import record_run
from jigai.policies.snapshots import keep_snapshot
from jigai.policies.words import VERDICT_WORDS

_CHECKED = {"snapshot": "事实快照", "recomputed": "重算的决定", "stored": "存档的决定"}


@job("evaluate")
def evaluate(context: JobContext) -> None:
    """Decide a population and store the run; the run and the job's end are one transaction."""
    given = context.params
    chosen = PackVersion.objects.get(pk=given["pack"])
    known_at = given.get("known_at")
    population = Population(
        given["region"],
        given["year"],
        dt.datetime.fromisoformat(known_at) if known_at else timezone.now(),
    )
    choices = Choices(
        parse_day(given.get("as_of")),
        parse_day(given.get("deadline")),
        parse_day(given.get("payment_date")),
        given.get("readings", {}),
        given.get("overrides", {}),
    )
    pack = chosen if given.get("exact") else governing_pack(chosen, choices, population.year)
    found = evaluate_stored(pack, population, choices, context.progress)
    context.progress("存档", 0.9)
    snapshot = keep_snapshot(found.run.facts)
    with transaction.atomic():
        stored = record_run(
            run=found.run,
            pack=pack,
            population=population,
            labels=found.collected.labels,
            snapshot_file=snapshot,
            by=User.objects.filter(pk=context.job.owner_id).first(),
            chosen=chosen,
        )
        url = reverse("run-detail", args=[stored.pk])
        context.finish(Outcome({"run": stored.pk}, url, _told(stored)))


def _told(run: EvaluationRun) -> list[tuple[str, str | int]]:
    summary, counts = run.summary, run.summary["verdicts"]
    return [
        ("用途", run.purpose),
        ("项目", summary["projects"]),
        *((word, counts[str(code)]) for code, word in VERDICT_WORDS.items() if str(code) in counts),
        ("拟支持", summary["selected"]),
        (f"{run.total_word}（元）", formats.yuan(summary["total_fen"])),
    ]


@job("verify-run")
def verify(context: JobContext) -> Outcome:
    """Do a run again from its pack and snapshot and compare; nothing is written but the outcome."""
    stored = EvaluationRun.objects.select_related("pack").get(pk=context.params["run"])
    again = evaluate_again(stored, context.progress)
    same = {
        "snapshot": again.snapshot == stored.snapshot,
        "recomputed": again.decision_hash == stored.root_hash,
        "stored": stored_root(stored) == stored.root_hash,
    }
    return Outcome(
        {"run": stored.pk, "same": all(same.values()), **same},
        reverse("run-detail", args=[stored.pk]),
        [(label, "一致" if same[name] else "不一致") for name, label in _CHECKED.items()],
    )


job(JOB, cancel="停止后没有检查结果，可以重新比较或放弃。")(check_proposal)
