"""Many people approve at once on one special fund: the floor of its book is the ceiling.

The control takes the floor away and looks before it writes, as a spreadsheet would.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from jigai.errors import JigaiError
from jigai.funding.budgets.money import balances
from jigai.funding.decisions.services import approve_list as approving
from jigai.funding.models import Application, DecisionList
from tests.factories import make_user
from tests.funding.decisions.conftest import WAN, Person, Room, make_room
from tests.funding.making import make_round

pytestmark = pytest.mark.system("budget-control")
LISTS, EACH, BUDGET = 50, 10 * WAN, 200 * WAN


@pytest.fixture
def lists(own_database: str) -> tuple[Room, list[DecisionList]]:
    """Fifty lists of 10 万元 on a fund of 200 万元, each waiting for approval."""
    room = make_room(BUDGET)
    made = []
    for _ in range(LISTS):
        one = Room(room.programme, make_round(room.programme, pack=room.round.pack,
                   created_by=room.clerk.user, state="closed"),
                   room.clerk, room.chief, room.leader)  # fmt: skip
        one.reviewed(EACH)
        made.append(one.submitted())
    return room, made


def at_once(jobs: list[Callable[[], Any]]) -> list[str]:
    """What became of each: ``done`` or the code of the refusal."""
    ready, told = threading.Barrier(len(jobs)), [""] * len(jobs)

    def run(place: int) -> None:
        try:
            ready.wait(30)
            jobs[place]()
            told[place] = "done"
        except JigaiError as error:
            told[place] = error.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)


def approvals(room: Room, rows: list[DecisionList]) -> list[Callable[[], Any]]:
    access = room.leader.access
    return [
        lambda pk=row.pk: approving.approve_list(
            decision_list=pk, binding=True, by=room.leader.user, access=access
        )
        for row in rows
    ]


def decided() -> int:
    rows = Application.objects.filter(state="decided").values_list("decided_fen", flat=True)
    return sum(fen or 0 for fen in rows)


def test_fifty_approvals_at_once_never_decide_more_than_there_is(
    lists: tuple[Room, list[DecisionList]],
) -> None:
    room, rows = lists
    told = at_once(approvals(room, rows))
    assert told == ["account-short"] * 30 + ["done"] * 20
    assert decided() == BUDGET
    found = balances(room.programme)
    assert (found.available, found.reserved) == (0, BUDGET)


def test_without_the_ledger_the_same_race_overspends(
    lists: tuple[Room, list[DecisionList]], monkeypatch: pytest.MonkeyPatch
) -> None:
    room, rows = lists
    ready = threading.Barrier(LISTS)

    def look_then_write(*, programme: Any, amounts: dict[int, int], **_more: Any) -> None:
        left = BUDGET - decided()
        ready.wait(60)
        if left < sum(amounts.values()):
            raise JigaiError("account-short", "不够")

    monkeypatch.setattr(approving, "reserve", look_then_write)
    assert at_once(approvals(room, rows)) == ["done"] * LISTS
    assert decided() == LISTS * EACH > BUDGET


def test_two_leaders_at_once_on_one_list_reserve_once(
    lists: tuple[Room, list[DecisionList]],
) -> None:
    room, rows = lists
    other = Person(make_user("leader", name="示例另一位"))
    jobs = [
        lambda person=person: approving.approve_list(
            decision_list=rows[0].pk, binding=True, by=person.user, access=person.access
        )
        for person in (room.leader, other)
    ]
    assert at_once(jobs) == ["done", "list-state"]
    assert balances(room.programme).reserved == EACH
