"""From the reviewed applications to the list that binds the money."""

from __future__ import annotations

import datetime as dt
from typing import Any

from bench.rounds.clock import Clock


def decide(clock: Clock, scene: dict[str, Any]) -> None:
    """Draft in proportion, propose, record the meeting, approve by another person."""
    from jigai.core.access import access_of
    from jigai.funding.decisions.services.approve_list import approve_list
    from jigai.funding.decisions.services.make_list import make_list
    from jigai.funding.decisions.services.record_meeting import record_meeting
    from jigai.funding.decisions.services.submit_list import submit_list

    clerk, leader = scene["people"]["clerk"], scene["people"]["leader"]
    mine: dict[str, Any] = {"by": clerk, "access": access_of(clerk)}
    row = clock.step("拟订名单，按比例削减", lambda: make_list(
        round_=scene["round"].pk, stage="bureau", rule="pro_rata", reason="示例：预算不足", **mine,
    ), clerk)  # fmt: skip
    _in_proportion(row, scene)
    clock.step("提请审定", lambda: submit_list(decision_list=row.pk, **mine), clerk)
    clock.step("登记审定会议", lambda: record_meeting(
        decision_list=row.pk, meeting="示例审定会", met_on=dt.date(2021, 12, 20),
        attendees="示例单位", minutes="同意。", **mine,
    ), clerk)  # fmt: skip
    clock.step("审定通过，占用预算", lambda: approve_list(
        decision_list=row.pk, binding=True, by=leader, access=access_of(leader),
    ), leader)  # fmt: skip
    _bound(scene)
    scene["list"] = row


def _in_proportion(row: Any, scene: dict[str, Any]) -> None:
    """Each has its exact share rounded down or up by one fen; together they have everything."""
    asked, budget = scene["asked"], scene["budget"]
    lines = list(row.lines.values_list("reviewed_fen", "decided_fen"))
    assert len(lines) == scene["count"]
    assert (row.asked_fen, row.total_fen) == (asked, budget)
    assert sum(one for one, _ in lines) == asked and sum(one for _, one in lines) == budget
    assert all(0 <= given - wanted * budget // asked <= 1 for wanted, given in lines)


def _bound(scene: dict[str, Any]) -> None:
    from django.db.models import Count, Sum

    from jigai.funding.budgets.money import balances
    from jigai.funding.models import Application

    told = Application.objects.filter(round=scene["round"], state="decided").aggregate(
        n=Count("pk"), fen=Sum("decided_fen")
    )
    assert (told["n"], told["fen"]) == (scene["count"], scene["budget"])
    stands = balances(scene["programme"])
    assert (stands.available, stands.reserved) == (0, scene["budget"])
