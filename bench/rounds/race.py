"""Fifty people approve at once on one fund that is enough for twenty of them."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

from bench.rounds.clock import Clock
from bench.rounds.fill import REGION, YEAR, make_programme, make_round

LISTS, EACH, ENOUGH_FOR = 50, 10_000_000, 20


def race(clock: Clock, people: dict[str, Any]) -> None:
    """Count who gets through, and look at the book afterwards."""
    from jigai.funding.budgets.money import balances

    programme = make_programme("race", EACH * ENOUGH_FOR)
    lists = [_submitted(programme, people["clerk"], number) for number in range(LISTS)]
    told = clock.step(f"{LISTS} 人同时审定，预算够 {ENOUGH_FOR} 份",
                      lambda: _at_once(lists, people["leader"]), counted_here=False)  # fmt: skip
    done, short = told.count("done"), told.count("account-short")
    assert (done, short) == (ENOUGH_FOR, LISTS - ENOUGH_FOR), told
    stands = balances(programme)
    assert (stands.available, stands.reserved) == (0, EACH * ENOUGH_FOR)
    clock.note(f"通过 {done}，预算不足被拒 {short}，占用 {stands.reserved / 100:,.2f} 元，余额 0")


def _submitted(programme: Any, clerk: Any, number: int) -> int:
    from django.utils import timezone

    from jigai.core.access import access_of
    from jigai.core.models import Enterprise
    from jigai.funding.decisions.services.make_list import make_list
    from jigai.funding.decisions.services.record_meeting import record_meeting
    from jigai.funding.decisions.services.submit_list import submit_list
    from jigai.funding.models import Application

    round_ = make_round(programme, clerk, f"PC-{REGION}-{YEAR}-{number + 100:05d}")
    Application.objects.create(
        number=f"SB-{REGION}-{YEAR}-R{number:05d}", round=round_, measure=round_.measures.get(),
        region_code=REGION, enterprise=Enterprise.objects.order_by("id")[number],
        title="示例申报", reviewed_fen=EACH, state="reviewed", submitted_at=timezone.now(),
    )  # fmt: skip
    mine: dict[str, Any] = {"by": clerk, "access": access_of(clerk)}
    row = make_list(round_=round_.pk, stage="bureau", rule="enough", reason="", **mine)
    submit_list(decision_list=row.pk, **mine)
    record_meeting(
        decision_list=row.pk, meeting="示例审定会", met_on=dt.date(2021, 12, 20),
        attendees="示例单位", minutes="同意。", **mine,
    )  # fmt: skip
    return row.pk


def _at_once(lists: list[int], leader: Any) -> list[str]:
    """What became of each: ``done`` or the code of the refusal."""
    from django.db import connection

    from jigai.core.access import access_of
    from jigai.errors import JigaiError
    from jigai.funding.decisions.services.approve_list import approve_list

    ready, told, access = threading.Barrier(len(lists)), [""] * len(lists), access_of(leader)

    def run(place: int) -> None:
        try:
            ready.wait(60)
            approve_list(decision_list=lists[place], binding=True, by=leader, access=access)
            told[place] = "done"
        except JigaiError as error:
            told[place] = error.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(lists))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told
