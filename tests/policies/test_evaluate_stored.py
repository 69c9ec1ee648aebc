"""An evaluation of stored data: what is decided, kept, chained, and done again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from jigai.core.jobs import run_job, start_job
from jigai.core.models import EnterpriseFigure, Job, User
from jigai.policies.chain import stored_root, verify_chain
from jigai.policies.evaluate_stored import evaluate_again
from jigai.policies.models import Decision, EvaluationRun, PackVersion
from jigai.policies.snapshots import read_snapshot, snapshot_path
from jigai.rules.plan import BELOW, MISSING, PAY
from tests.factories import COUNTY, make_figure
from tests.policies.conftest import Evaluate

pytestmark = pytest.mark.django_db


def of(run: EvaluationRun, project: Any) -> Decision:
    return Decision.objects.get(run=run, subject="project", subject_key=str(project.pk))


def test_pays_refuses_and_waits(county: dict[str, Any], evaluate: Evaluate) -> None:
    run = evaluate()
    paid, below, open_ = (of(run, county[key]) for key in ("paid", "below", "open"))
    # 1,000万元 × 3% = 30万元
    assert (paid.verdict, paid.amount_fen, paid.paid_fen, paid.selected) == (
        PAY,
        30_000_000,
        30_000_000,
        True,
    )
    assert (below.verdict, below.amount_fen) == (BELOW, 0)
    assert below.reason_codes == ["below_threshold"]
    assert (open_.verdict, open_.amount_fen) == (MISSING, None)
    assert (open_.low_fen, open_.high_fen) == (0, 40_000_000)
    assert run.summary["verdicts"] == {"1": 1, "2": 1, "4": 1}
    assert run.summary["total_fen"] == 30_000_000
    assert sum(item["fen"] for item in run.summary["by_measure"]) == run.summary["total_fen"]
    assert run.payable and run.previous is None


@pytest.mark.system("as-of-replay")
def test_a_run_is_done_again_exactly_after_everything_changed(
    county: dict[str, Any], evaluate: Evaluate
) -> None:
    run = evaluate()
    make_figure(county["paid"].enterprise, "grade", 2021, "D")
    county["paid"].lines.update(amount_fen=1)
    again = evaluate_again(run)
    assert (again.snapshot, again.decision_hash) == (run.snapshot, run.root_hash)
    fresh = evaluate()
    assert fresh.root_hash != run.root_hash
    assert of(fresh, county["paid"]).paid_fen in (0, None)


@pytest.mark.system("as-of-replay")
def test_data_recorded_later_is_not_seen(county: dict[str, Any], evaluate: Evaluate) -> None:
    before = timezone.now()
    first = evaluate()
    make_figure(county["paid"].enterprise, "grade", 2021, "D", recorded_at=timezone.now())
    back_then = evaluate(known_at=before.isoformat())
    now = evaluate()
    assert back_then.root_hash == first.root_hash
    assert of(now, county["paid"]).verdict != PAY
    assert back_then.snapshot_file == first.snapshot_file


@pytest.mark.system("as-of-replay")
def test_the_policy_of_another_day_only_simulates(
    county: dict[str, Any], evaluate: Evaluate
) -> None:
    run = evaluate(as_of="2024-12-31", deadline="2024-12-31")
    assert not run.payable
    assert "已过期" in run.simulation


def test_a_scenario_only_simulates(county: dict[str, Any], evaluate: Evaluate) -> None:
    run = evaluate(overrides={"equipment_rate": "5%"})
    assert not run.payable and "情景" in run.simulation
    assert of(run, county["paid"]).amount_fen == 50_000_000


def test_runs_are_chained_and_decisions_stay(county: dict[str, Any], evaluate: Evaluate) -> None:
    first, second = evaluate(), evaluate()
    assert second.previous == first and second.chain_hash != first.chain_hash
    assert verify_chain() == (2, [])
    for write in (
        lambda: Decision.objects.filter(run=first).update(paid_fen=1),
        lambda: Decision.objects.filter(run=first).delete(),
        lambda: EvaluationRun.objects.filter(pk=second.pk).update(payable=False),
        lambda: connection.cursor().execute("TRUNCATE policies_decision"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()


def force(table: str, sql: str, *values: Any) -> None:
    """What the owner of the tables might do."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql.replace("TABLE", table), values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_verify_finds_what_was_forged(county: dict[str, Any], evaluate: Evaluate) -> None:
    first, second = evaluate(), evaluate()
    force(
        "policies_decision", "UPDATE TABLE SET paid_fen = paid_fen + 1 WHERE run_id = %s", first.pk
    )
    assert [(f.run, "根散列" in f.what) for f in verify_chain()[1]] == [(first.pk, True)]
    force(
        "policies_decision", "UPDATE TABLE SET paid_fen = paid_fen - 1 WHERE run_id = %s", first.pk
    )
    force("policies_evaluationrun", "UPDATE TABLE SET payable = false WHERE id = %s", second.pk)
    assert [f.run for f in verify_chain()[1]] == [second.pk]
    force("policies_evaluationrun", "UPDATE TABLE SET payable = true WHERE id = %s", second.pk)
    force("policies_decision", "DELETE FROM TABLE WHERE run_id = %s", first.pk)
    assert stored_root(first) != first.root_hash


def test_a_dropped_run_breaks_the_chain(county: dict[str, Any], evaluate: Evaluate) -> None:
    _first, second, third = evaluate(), evaluate(), evaluate()
    runs = "policies_evaluationrun"
    force("policies_decision", "DELETE FROM TABLE WHERE run_id = %s", second.pk)
    # Whoever drops a run has to make the next one point past it.
    force(runs, "UPDATE TABLE SET previous_id = NULL WHERE id = %s", third.pk)
    force(runs, "DELETE FROM TABLE WHERE id = %s", second.pk)
    found = verify_chain()[1]
    assert {finding.run for finding in found} == {third.pk} and len(found) == 2


def test_a_changed_snapshot_is_refused(county: dict[str, Any], evaluate: Evaluate) -> None:
    run = evaluate()
    path = snapshot_path(run.snapshot_file)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(Exception, match="与散列不符"):
        read_snapshot(run.snapshot_file)


def test_a_job_run_twice_writes_one_run(
    county: dict[str, Any], evaluate: Evaluate, pack: PackVersion, clerk: User
) -> None:
    params = {"pack": pack.pk, "year": 2021, "region": COUNTY}
    job = start_job(kind="evaluate", title="测算", owner=clerk, params=params)
    run_job(job.pk)
    run_job(job.pk)
    assert EvaluationRun.objects.count() == 1


def test_nothing_to_decide_is_said(evaluate: Evaluate, pack: PackVersion, clerk: User) -> None:
    params = {"pack": pack.pk, "year": 2019, "region": COUNTY}
    job = start_job(kind="evaluate", title="测算", owner=clerk, params=params)
    run_job(job.pk)
    job = Job.objects.get(pk=job.pk)
    assert (job.status, job.error_code) == ("failed", "nothing-to-decide")
    assert "导入" in job.hint


def test_figures_are_never_overwritten(county: dict[str, Any]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        EnterpriseFigure.objects.filter(term="grade").update(text="A")
    day = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    assert EnterpriseFigure.objects.filter(term="grade").update(withdrawn_at=day)
