"""Works out a round: one evaluation over everything applied for, and the amounts it gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from jigai.core.enterprise_facts import enterprise_key
from jigai.core.models import User
from jigai.core.stored_register import stored_register
from jigai.errors import JigaiError
from jigai.funding.compute.claimed_facts import keep_claimed
from jigai.funding.compute.claims import AUDITED, BASES, CLAIMED, Claims, read_claims
from jigai.funding.models import Application, Round
from jigai.funding.round_facts import add_round_facts
from jigai.policies.evaluate_stored import StoredRun, evaluate_collected
from jigai.policies.fact_run import Choices, FactRows, Progress
from jigai.policies.models import EvaluationRun
from jigai.policies.providers import Collected, Population, collect
from jigai.policies.services.record_run import record_run
from jigai.policies.snapshots import keep_snapshot
from jigai.rules.plan import PAY

# What is no longer asked for, or not yet handed in, is not worked out.
_OUT = ("draft", "signing", "withdrawn", "refused")
_COLUMN = {CLAIMED: "computed_fen", AUDITED: "reviewed_fen"}
# Amounts of all applications of a run in one statement. An open amount stays open (NULL), so does
# what the facts do not know; a project that the quota left out gets nothing, as its decision says.
_AMOUNTS = """
    UPDATE funding_application a SET {column} = CASE
        WHEN d.verdict = {pay} AND d.selected THEN d.paid_fen
        WHEN d.amount_fen IS NULL OR d.selected IS NULL THEN NULL ELSE 0 END,
      decision_id = d.id, stale = '', version = a.version + 1
    FROM funding_application mine
    JOIN funding_roundmeasure m ON m.id = mine.measure_id
    LEFT JOIN policies_decision d
      ON d.run_id = %s AND d.subject = m.subject AND d.subject_key = mine.subject_key
    WHERE mine.id = ANY(%s) AND a.id = mine.id
"""


def live_applications(round_: Round) -> QuerySet[Application]:
    """The applications of a round that are asked for."""
    return Application.objects.filter(round=round_).exclude(state__in=_OUT).exclude(subject_key="")


def choices_of_round(round_: Round) -> Choices:
    """As of which day and under which readings a round decides; sealed when it opened."""
    closes = timezone.localdate(round_.closes_at)
    return Choices(as_of=round_.as_of, deadline=closes, readings=round_.readings)


def evaluate_round(
    round_: Round, claims: Claims, progress: Progress,
    adjust: Callable[[FactRows], None] | None = None,
) -> tuple[StoredRun, Population]:  # fmt: skip
    """Decide everything claimed under the round's document; nothing is written.

    ``adjust`` changes the claimed facts last. Raises :class:`JigaiError` where nothing is claimed
    or the document is not in force.
    """
    if not claims.claims:
        raise JigaiError("nothing-applied", "本批次没有可以测算的申报", "等有申报提交之后再测算")
    population = Population(round_.region_code, round_.year, timezone.now())
    progress("读取数据", 0.05)
    collected = collect(population)
    codes = {
        item.row: enterprise_key(item)
        for item in stored_register(round_.region_code, round_.year, population.known_at)
    }

    def cut(facts: FactRows) -> None:
        add_round_facts(facts, round_)
        keep_claimed(facts, claims, codes)
        if adjust is not None:
            adjust(facts)

    found = evaluate_collected(
        round_.pack, population, collected, choices_of_round(round_), progress, cut
    )
    return StoredRun(found.run, Collected(found.run.facts, collected.labels)), population


def run_round(
    *, round_: Round, basis: str, by: User | None, progress: Progress, only: Q | None = None
) -> EvaluationRun:
    """Evaluate, store the run in the chain and write what it gives to every application.

    The run names the round and the basis; the decision of each application opens its trace.
    """
    rows = live_applications(round_)
    rows = rows.filter(only) if only is not None else rows
    claims = read_claims(rows, basis, year=round_.year, batch=round_.batch)
    found, population = evaluate_round(round_, claims, progress)
    progress("存档", 0.9)
    snapshot = keep_snapshot(found.run.facts)
    with transaction.atomic():
        Round.objects.select_for_update().get(pk=round_.pk)
        stored = record_run(
            run=found.run, pack=round_.pack, population=population,
            labels=found.collected.labels, snapshot_file=snapshot, by=by,
            purpose={"round": str(round_.pk), "basis": BASES[basis]},
        )  # fmt: skip
        write_amounts(stored, basis, [claim.application for claim in claims.claims])
        Round.objects.filter(pk=round_.pk).update(run=stored)
    return stored


def write_amounts(stored: EvaluationRun, basis: str, applications: list[Any]) -> None:
    """Give the applications what a run decided; set-based, whatever their number."""
    with connection.cursor() as cursor:
        cursor.execute(_AMOUNTS.format(column=_COLUMN[basis], pay=PAY), [stored.pk, applications])
