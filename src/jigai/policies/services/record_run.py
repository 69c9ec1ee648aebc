"""Writes a finished evaluation: the run, chained to the one before, and all its decisions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from typing import Any

from django.db import connection
from django.utils import timezone
from psycopg.types.json import Jsonb

from jigai.core.models import User
from jigai.policies.chain import chain_hash
from jigai.policies.fact_run import FactRun
from jigai.policies.models import Decision, EvaluationRun, PackVersion
from jigai.policies.providers import Label, Population
from jigai.policies.reasons import (
    Reason,
    best_track,
    consortium_reasons,
    member_reasons,
    project_reasons,
)
from jigai.policies.unverified import unverified_items
from jigai.rules.plan import PAY

Labels = dict[str, dict[Any, Label]]
_COLUMNS = (
    "run_id", "subject", "subject_key", "label", "source_row", "enterprise_id",
    "enterprise_name", "region_code", "verdict", "track", "measures", "amount_fen", "low_fen",
    "high_fen", "selected", "paid_fen", "reason_codes", "reasons",
)  # fmt: skip


def record_run(
    *,
    run: FactRun,
    pack: PackVersion,
    population: Population,
    labels: Labels,
    snapshot_file: str,
    by: User | None,
    chosen: PackVersion | None = None,
    purpose: Mapping[str, str] | None = None,
) -> EvaluationRun:
    """Store the run and its decisions, inside a transaction; runs queue up for the chain.

    ``chosen`` is the document asked for, where another one explains on the day; ``purpose`` what
    the run was made for where not the whole district was asked, kept beside its region.
    """
    assert connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('evaluation-chain'))")
    rows = list(decision_rows(run, labels, population.region_code))
    previous = EvaluationRun.objects.order_by("-id").first()
    stored = EvaluationRun(
        pack=pack,
        year=population.year,
        region_code=population.region_code,
        as_of=run.env.context["as_of"],
        deadline=run.choices.deadline,
        payment_date=run.choices.payment_date,
        known_at=population.known_at,
        readings=dict(run.env.readings),
        scenario=run.scenario,
        settled=run.choices.settled.kept(),
        population={**_population(population, pack, chosen), **(purpose or {})},
        snapshot=run.snapshot,
        snapshot_file=snapshot_file,
        root_hash=run.decision_hash,
        previous=previous,
        payable=run.payable,
        simulation=run.simulation,
        departures=run.departures,
        summary=summary_of(run, rows),
        unverified=[_unverified(item) for item in unverified_items(run)],
        engine=f"jigai {version('jigai')}",
        created_by=by,
        created_at=timezone.now(),
    )
    stored.chain_hash = chain_hash(stored, previous.chain_hash if previous else "")
    stored.save(force_insert=True)
    _copy(stored.pk, rows)
    return stored


def _population(
    population: Population, pack: PackVersion, chosen: PackVersion | None
) -> dict[str, str]:
    found = {"region": population.region_code}
    if chosen is not None and chosen.pk != pack.pk:
        found["chosen"] = chosen.slug
    return found


def _copy(run_id: int, rows: list[dict[str, Any]]) -> None:
    table = Decision._meta.db_table
    into = f"COPY {table} ({', '.join(_COLUMNS)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(into) as copy:
        for row in rows:
            reasons = [{"code": r.code, "text": r.text, "clause": r.clause} for r in row["why"]]
            values = {
                **row,
                "run_id": run_id,
                "reason_codes": [r.code for r in row["why"]],
                "reasons": Jsonb(reasons),
            }
            copy.write_row([values[name] for name in _COLUMNS])


def decision_rows(run: FactRun, labels: Labels, region: str) -> Iterator[dict[str, Any]]:
    """What is decided about every subject, by column of :class:`Decision`, with reasons (``why``).

    ``region`` stands in where a subject names none. Nothing is written.
    """
    for row in run.rows["project"]:
        yield _project(run, row, labels["project"].get(row["key"]), region)
    for measure in run.evaluator.plan.measures:
        if measure.subject == "consortium":
            for row in run.rows["consortium"]:
                yield from _consortium(run, row, measure, labels, region)


def _row(
    subject: str, key: Any, label: Label | None, region: str, verdict: int, why: list[Reason]
) -> dict[str, Any]:
    label = label or Label(str(key))
    return {
        "subject": subject,
        "subject_key": str(key),
        "label": label.name[:200],
        "source_row": label.source_row,
        "enterprise_id": label.enterprise_id,
        "enterprise_name": label.enterprise_name[:200],
        "region_code": label.region_code or region,
        "verdict": verdict,
        "track": None,
        "measures": [],
        "amount_fen": None,
        "low_fen": None,
        "high_fen": None,
        "selected": None,
        "paid_fen": None,
        "why": why,
    }


def _project(run: FactRun, row: dict[str, Any], label: Label | None, region: str) -> dict[str, Any]:
    found = _row(
        "project", row["key"], label, region, row["verdict"], list(project_reasons(run, row))
    )
    found.update(
        track=row["track"],
        measures=[measure.id for measure in best_track(run, row)],
        amount_fen=row["amount"],
        low_fen=row["low"],
        high_fen=row["high"],
        selected=row["selected"],
        paid_fen=row["paid"],
    )
    return found


def _consortium(
    run: FactRun, row: dict[str, Any], measure: Any, labels: Labels, region: str
) -> Iterator[dict[str, Any]]:
    verdict = row[measure.code]
    split = run.evaluator.plan.splits.get(measure.id)
    members: list[dict[str, Any]] = row["#member"] if split else []
    whys = [list(member_reasons(run, member, measure)) for member in members]
    flat = [reason for why in whys for reason in why]
    found = _row(
        "consortium", row["key"], labels["consortium"].get(row["key"]), region, verdict,
        list(consortium_reasons(run, row, measure, flat)),
    )  # fmt: skip
    amount = row[measure.effective]
    found.update(
        measures=[measure.id], amount_fen=amount, paid_fen=amount if verdict == PAY else None,
        low_fen=row[measure.low], high_fen=row[measure.high], selected=verdict == PAY,
    )  # fmt: skip
    yield found
    for member, why in zip(members, whys, strict=True):
        label = labels["member"].get(member["key"])
        share = _row("member", member["key"], label, region, verdict, why)
        counts = member[split.counts] if split else None
        share.update(measures=[measure.id], selected=counts, paid_fen=member["share"])
        yield share


def summary_of(run: FactRun, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Counts by verdict and money in fen; shares of consortia reconcile with their pools."""
    projects = [row for row in rows if row["subject"] == "project"]
    pools = [row for row in rows if row["subject"] == "consortium"]
    counts = Counter(str(row["verdict"]) for row in projects)
    names = {m.id: m.name for m in run.evaluator.plan.measures}
    by_measure: Counter[str] = Counter()
    heads: Counter[str] = Counter()
    for row in (*projects, *pools):
        if row["selected"] and row["paid_fen"]:
            label = "＋".join(names[m] for m in row["measures"])
            by_measure[label] += row["paid_fen"]
            heads[label] += 1
    individual = sum(row["paid_fen"] or 0 for row in projects if row["selected"])
    pooled = sum(row["paid_fen"] or 0 for row in pools)
    return {
        "projects": len(projects),
        "consortia": len(pools),
        "verdicts": dict(counts),
        "selected": sum(1 for row in projects if row["selected"]),
        "individual_fen": individual,
        "consortium_fen": pooled,
        "total_fen": individual + pooled,
        "open_high_fen": sum(row["high_fen"] or 0 for row in projects if row["amount_fen"] is None),
        "by_measure": [
            {"name": name, "count": heads[name], "fen": fen} for name, fen in by_measure.items()
        ],
    }


def _unverified(item: tuple[Any, ...]) -> dict[str, Any]:
    term, subject, count, assumed, source, definition, clauses = item
    return {
        "term": term, "subject": subject, "count": count, "assumed": assumed, "source": source,
        "definition": definition, "clauses": clauses,
    }  # fmt: skip
