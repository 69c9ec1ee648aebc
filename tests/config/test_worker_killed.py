"""A worker killed in the middle of an evaluation: the job is done once, by the next worker."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from typing import Any

import pytest

from jigai.core.jobs import start_job
from jigai.core.jobs.rescue import rescue_stalled
from jigai.core.jobs.run import MAX_ATTEMPTS
from jigai.core.models import Job, Notice
from jigai.paths import packs_dir
from jigai.policies.chain import verify_chain
from jigai.policies.models import Decision, EvaluationRun
from jigai.policies.services.install_pack import install_pack
from tests.config.running import worker
from tests.factories import (
    COUNTY,
    make_enterprise,
    make_line,
    make_project,
    make_regions,
    make_user,
)


def until(true: Callable[[], bool], limit: float = 40) -> None:
    """Wait, but not for ever."""
    end = time.monotonic() + limit
    while not true():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.01)


@pytest.fixture
def job(own_database: str) -> Job:
    """An evaluation that waits for a worker."""
    make_regions()
    clerk = make_user("section-clerk")
    pack = install_pack(folder=packs_dir() / "yanzhou-2020", check=False)
    for number in range(40):
        enterprise = make_enterprise(f"兖州示例{number}号机械有限公司", registered_region=COUNTY)
        make_line(make_project(enterprise), amount_fen=600_000_000)
    params: dict[str, Any] = {"pack": pack.pk, "year": 2021, "region": COUNTY}
    return start_job(kind="evaluate", title="测算", owner=clerk, params=params)


def state(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def kill_in_the_middle(job: Job, address: str) -> None:
    """Start a worker and kill it while it works on the job."""
    with worker(address) as process:
        until(lambda: state(job).status == "running" and state(job).progress >= 100)
        process.send_signal(signal.SIGKILL)
        process.wait(10)


def test_no_loss_and_no_duplicate(job: Job, own_database: str) -> None:
    kill_in_the_middle(job, own_database)
    assert state(job).status == "running" and not EvaluationRun.objects.exists()
    assert rescue_stalled(0) == 1
    assert rescue_stalled(0) == 0  # already waiting again
    with worker(own_database):
        until(lambda: state(job).is_over)
    done = state(job)
    assert (done.status, done.attempts) == ("done", 2), done.error
    run = EvaluationRun.objects.get()
    assert Decision.objects.filter(run=run).count() == 40
    assert verify_chain() == (1, [])
    assert Notice.objects.filter(event="job-done").count() == 1


def test_a_job_that_always_dies_ends_with_its_reason(job: Job, own_database: str) -> None:
    Job.objects.filter(pk=job.pk).update(attempts=MAX_ATTEMPTS - 1)
    kill_in_the_middle(job, own_database)
    assert rescue_stalled(0) == 1
    with worker(own_database):
        until(lambda: state(job).is_over)
    assert (state(job).status, state(job).error_code) == ("failed", "gave-up")
    assert "重新提交" in state(job).hint
    assert not EvaluationRun.objects.exists()
