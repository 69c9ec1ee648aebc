"""Two clerks decide one entry, or close one year, at the same moment: the lock lets in one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.db.utils import IntegrityError

from jigai.core.access import access_of
from jigai.errors import JigaiError
from jigai.projects.library.services import decide_entries as deciding
from jigai.projects.library.services import roll_over as rolling
from jigai.projects.models import LibraryEntry, Project, RollOver
from tests.factories import make_project, make_user
from tests.projects.library.conftest import CITY, COUNTY, DAY, in_library


def at_once(act: Callable[[int], str]) -> list[str]:
    """Two people at the same moment; what each is told."""
    told: list[str] = []

    def run(place: int) -> None:
        try:
            told.append(act(place))
        except JigaiError as problem:
            told.append(problem.code)
        except IntegrityError:
            told.append("constraint")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)


def _meet(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    """Neither writes before the other has looked, unless it is made to wait."""
    ready, own = threading.Barrier(2), getattr(module, name)

    def wait(*args: Any, **given: Any) -> Any:
        with suppress(threading.BrokenBarrierError):
            ready.wait(1)
        return own(*args, **given)

    monkeypatch.setattr(module, name, wait)


@pytest.mark.system("three-level-dynamic-library")
@pytest.mark.parametrize("locked", [True, False])
def test_one_entry_is_decided_once(
    own_database: str, locked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = make_user("section-chief", COUNTY)
    project = make_project(region=COUNTY)
    entry = in_library(project, status="reported", admitted_on=None)
    _meet(monkeypatch, deciding, "_save")
    if not locked:
        monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **options: rows)

    def act(place: int) -> str:
        given: dict[str, Any] = {
            "entries": [entry.pk], "by": keeper, "reason": "核过", "access": access_of(keeper),
            "versions": {entry.pk: 1},
        }  # fmt: skip
        done = (
            deciding.return_entries(**given) if place else deciding.admit_entries(day=DAY, **given)
        )
        return "done" if done.count else "told"

    assert at_once(act) == (["done", "told"] if locked else ["done", "done"])
    assert LibraryEntry.objects.get().status in ("in", "returned")


@pytest.mark.system("rolling-three-year-library")
def test_one_year_is_closed_once(own_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper = make_user("section-chief", CITY)
    project = make_project(region=COUNTY, state="building")
    in_library(project, "city")
    _meet(monkeypatch, rolling, "_give_years")

    def act(place: int) -> str:
        rolling.roll_over(
            region=CITY, level="city", year=2021, day=DAY, by=keeper, access=access_of(keeper)
        )
        return "done"

    assert at_once(act) == ["done", "rolled-over"]
    assert RollOver.objects.count() == 1
    assert Project.objects.get().ledger_years == [2021, 2022]
