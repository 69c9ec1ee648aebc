"""Two clerks record the start at the same moment: the lock lets in one; without it both get in."""

from __future__ import annotations

import datetime as dt
import threading
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from jigai.core.access import access_of
from jigai.errors import JigaiError
from jigai.projects.lifecycle.services import record_step as service
from jigai.projects.models import ProjectStep
from jigai.projects.states import State
from tests.factories import make_project, make_user

pytestmark = pytest.mark.system("project-lifecycle")


@pytest.mark.parametrize("locked", [True, False])
def test_two_at_the_same_moment(
    own_database: str, locked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk, project = make_user("section-clerk"), make_project(state=State.PLANNED)
    ready, told = threading.Barrier(2), []
    settle = service._settle

    def wait(*args: Any) -> None:
        # Neither writes before the other has looked, unless it is made to wait.
        with suppress(threading.BrokenBarrierError):
            ready.wait(1)
        settle(*args)

    monkeypatch.setattr(service, "_settle", wait)
    if not locked:
        monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **options: rows)

    def act() -> None:
        try:
            service.record_step(
                project=project.pk, to=State.STARTED, happened_on=dt.date(2021, 3, 1),
                duty="设备处", seen=1, proven=True, by=clerk, access=access_of(clerk),
            )  # fmt: skip
            told.append("done")
        except JigaiError as problem:
            told.append(problem.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=act) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == (["changed", "done"] if locked else ["done", "done"])
    assert ProjectStep.objects.count() == (1 if locked else 2)
