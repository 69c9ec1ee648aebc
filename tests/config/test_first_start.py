"""The first start beside a worker that is already running."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jigai.config import first_start
from jigai.core.models import Enterprise, ImportBatch, Job
from jigai.core.services.install_demo_people import install_demo_people
from jigai.core.services.install_reference import install_reference
from jigai.errors import JigaiError
from tests.config.running import worker


@pytest.fixture
def begun(
    own_database: str, samples: Path, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> str:
    """A platform whose first start gave up while the samples were still being read."""
    settings.DATA_DIR = tmp_path
    install_reference()
    install_demo_people(password="shili-0000", enterprise=None)
    with monkeypatch.context() as hasty:
        # Nothing is left for the start itself to do, as when a worker is quicker every time.
        hasty.setattr(first_start, "drain", lambda: None)
        hasty.setattr(first_start, "PATIENCE", 0.1)
        with pytest.raises(JigaiError) as slow:
            first_start.load_samples(samples, lambda text: None)
    assert slow.value.code == "samples-slow" and "再启动一次" in slow.value.hint
    assert not Enterprise.objects.exists()
    return own_database


def is_complete(told: list[str]) -> bool:
    """Everything is in the tables, and the second start went on instead of beginning again."""
    done = list(ImportBatch.objects.values_list("status", flat=True))
    return done == ["committed"] * len(first_start.SAMPLES) and told == []


def test_samples_that_another_worker_reads_are_waited_for(
    begun: str, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_start, "drain", lambda: None)
    told: list[str] = []
    with worker(begun):
        first_start.load_samples(samples, told.append)
    assert is_complete(told)


def test_what_a_killed_start_had_begun_is_done_by_the_next(begun: str, samples: Path) -> None:
    Job.objects.update(status=Job.Status.RUNNING, attempts=1)
    told: list[str] = []
    first_start.load_samples(samples, told.append)
    assert is_complete(told)
