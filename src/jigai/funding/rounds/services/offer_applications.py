"""免申即享: the platform works out who qualifies and prepares what each may confirm."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.funding.applications.pool import left_of, refusal_of
from jigai.funding.compute.run_round import choices_of_round
from jigai.funding.invoices.items import ensure_items
from jigai.funding.models import Application, ApplicationLine, InvoiceLine, Round
from jigai.funding.numbers import next_numbers
from jigai.policies.evaluate_stored import evaluate_stored
from jigai.policies.fact_run import Progress
from jigai.policies.models import Decision, EvaluationRun
from jigai.policies.providers import Population
from jigai.policies.services.record_run import record_run
from jigai.policies.snapshots import keep_snapshot
from jigai.rules.plan import PAY

_BATCH = 2000


def offer_applications(*, round_: Round, by: User | None, progress: Progress) -> int:
    """Drafts for every project that qualifies and has none yet; how many.

    The evaluation is stored, so that each offer shows its steps. A draft nobody confirms stays a
    draft: it was never applied for and nothing of it is ever paid. Raises :class:`JigaiError` for a
    round of another kind or one that is not open.
    """
    if round_.mode != Round.Mode.CONFIRM or round_.state != Round.State.OPEN:
        raise JigaiError(
            "no-offers", "只有开放中的免申即享批次才算应享名单", "核对批次的方式和状态"
        )
    run = _evaluated(round_, by, progress)
    progress("生成待确认的申报", 0.9)
    with transaction.atomic():
        Round.objects.select_for_update().get(pk=round_.pk)
        return _prepare(round_, run, by)


def _evaluated(round_: Round, by: User | None, progress: Progress) -> EvaluationRun:
    population = Population(round_.region_code, round_.year, timezone.now())
    found = evaluate_stored(round_.pack, population, choices_of_round(round_), progress)
    snapshot = keep_snapshot(found.run.facts)
    with transaction.atomic():
        return record_run(
            run=found.run, pack=round_.pack, population=population,
            labels=found.collected.labels, snapshot_file=snapshot, by=by,
            purpose={"round": str(round_.pk), "basis": "应享名单"},
        )  # fmt: skip


def _prepare(round_: Round, run: EvaluationRun, by: User | None) -> int:
    measures = {row.code: row for row in round_.measures.all()}
    held = round_.applications.exclude(state__in=("withdrawn", "refused"))
    known = set(held.values_list("project_id", flat=True))
    rows = [
        (decision, measure)
        for decision in _qualified(run)
        if int(decision.subject_key) not in known
        and (measure := next((measures[c] for c in decision.measures if c in measures), None))
    ]  # fmt: skip
    if not rows:
        return 0
    numbers = next_numbers("SB", round_.region_code, round_.year, len(rows))
    drafts = [
        Application(
            number=number, round=round_, measure=measure, region_code=decision.region_code,
            enterprise_id=decision.enterprise_id, project_id=int(decision.subject_key),
            subject_key=decision.subject_key, title=decision.label, decision=decision,
            estimate_fen=decision.paid_fen, created_by=by,
        )
        for number, (decision, measure) in zip(numbers, rows, strict=True)
    ]  # fmt: skip
    Application.objects.bulk_create(drafts, batch_size=_BATCH)
    _count_lines(drafts)
    return len(drafts)


def _qualified(run: EvaluationRun) -> Iterable[Decision]:
    return Decision.objects.filter(
        run=run, subject=Decision.Subject.PROJECT, verdict=PAY, selected=True, paid_fen__gt=0,
        enterprise__isnull=False,
    ).order_by("id").iterator()  # fmt: skip


def _count_lines(drafts: list[Application]) -> None:
    """What is left of every valid line of the projects, as when an enterprise begins itself."""
    by_project = {draft.project_id: draft for draft in drafts}
    lines = InvoiceLine.objects.filter(project__in=list(by_project), duplicate_of__isnull=True)
    ensure_items(lines)
    found, claimed = [], dict.fromkeys(by_project, 0)
    for line in lines.select_related("same").order_by("id").iterator(chunk_size=_BATCH):
        draft, left = by_project[line.project_id], left_of(line)
        if refusal_of(line, {draft.enterprise_id}, left):
            continue
        claimed[line.project_id] += left
        found.append(ApplicationLine(application=draft, line=line, share_fen=left))
    ApplicationLine.objects.bulk_create(found, batch_size=_BATCH)
    for draft in drafts:
        draft.claimed_fen = claimed[draft.project_id] or None
    Application.objects.bulk_update(drafts, ["claimed_fen"], batch_size=_BATCH)
