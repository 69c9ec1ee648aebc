"""Lists of a round: who may stand on them, what is chosen, what binds money and what does not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from jigai.errors import JigaiError
from jigai.funding.budgets.money import balances
from jigai.funding.decisions.candidates import candidates, left_out
from jigai.funding.decisions.diff import changes_of
from jigai.funding.decisions.services.approve_list import approve_list, refuse_list
from jigai.funding.decisions.services.next_list import next_list
from jigai.funding.decisions.services.record_meeting import record_meeting
from jigai.funding.decisions.services.submit_list import submit_list
from jigai.funding.models import Application, DecisionLine, DecisionList
from jigai.ledgers.models import Entry
from tests.funding.decisions.conftest import WAN, Person, Room
from tests.funding.making import make_application, make_measure, make_round

pytestmark = [pytest.mark.django_db, pytest.mark.system("budget-control")]
Rooms = Callable[..., Room]


def approve(room: Room, row: DecisionList, who: Person | None = None, **more: Any) -> DecisionList:
    person = who or room.leader
    return approve_list(
        decision_list=row.pk, by=person.user, access=person.access, **{"binding": True, **more}
    )


def states(rows: list[Application]) -> list[str]:
    found = Application.objects.in_bulk([row.pk for row in rows])
    return [found[row.pk].state for row in rows]


def decided(rows: list[Application]) -> list[int | None]:
    found = Application.objects.in_bulk([row.pk for row in rows])
    return [found[row.pk].decided_fen for row in rows]


def test_a_shortage_is_never_settled_by_default(rooms: Rooms) -> None:
    room = rooms(100 * WAN)
    room.reviewed(80 * WAN, 40 * WAN)
    with pytest.raises(JigaiError, match=r"差 200,000\.00 元"):
        room.draft("enough")
    with pytest.raises(JigaiError, match="要写理由"):
        room.draft("pro_rata", " ")
    assert not DecisionList.objects.exists()
    row = room.draft("pro_rata", "各家同比例")
    assert (row.asked_fen, row.budget_fen, row.total_fen) == (120 * WAN, 100 * WAN, 100 * WAN)
    assert set(row.effects) == {"pro_rata", "queue", "stop"}


def test_where_the_money_reaches_nothing_is_cut(rooms: Rooms) -> None:
    room = rooms(120 * WAN)
    room.reviewed(80 * WAN, 40 * WAN)
    with pytest.raises(JigaiError, match="资金足够"):
        room.draft("queue", "先来先得")
    assert room.draft().total_fen == 120 * WAN


def test_pro_rata_by_hand(rooms: Rooms) -> None:
    room = rooms(100 * WAN)
    rows = room.reviewed(70 * WAN, 50 * WAN, 30 * WAN)
    approve(room, room.submitted("pro_rata", "各家同比例"))
    # 70/150, 50/150 and 30/150 of 100 万元; the one fen left goes to the largest remainder.
    assert decided(rows) == [46_666_667, 33_333_333, 20_000_000]
    assert balances(room.programme).available == 0


def test_a_queue_goes_by_direction_then_time_and_the_rest_stay_reviewed(rooms: Rooms) -> None:
    room = rooms(100 * WAN, priorities=["intelligent-workshop"])
    late = timezone.now() + dt.timedelta(hours=1)
    first, second = room.reviewed(60 * WAN, 60 * WAN)
    [favoured] = room.reviewed(50 * WAN, directions=["intelligent-workshop"], submitted_at=late)
    approve(room, room.submitted("queue", "按优先方向和提交时间"))
    assert decided([favoured, first, second]) == [50 * WAN, 50 * WAN, None]
    assert states([favoured, first, second]) == ["decided", "decided", "reviewed"]
    told = second.steps.order_by("-id")[0].text
    assert "第 3 位，资金已排完，排队等待" in told


def test_stopping_pays_nobody_and_reserves_nothing(rooms: Rooms) -> None:
    room = rooms(10 * WAN)
    rows = room.reviewed(60 * WAN)
    approve(room, room.submitted("stop", "等追加预算"))
    assert states(rows) == ["reviewed"]
    assert balances(room.programme).available == 10 * WAN


def test_a_direction_is_an_order_and_no_condition(rooms: Rooms) -> None:
    room = rooms(200 * WAN, priorities=["intelligent-workshop"])
    room.reviewed(60 * WAN)
    assert len(candidates(room.round).wanted) == 1


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"state": "review", "fen": WAN}, "还在受理、补正或审核"),
        ({"state": "reviewed", "fen": WAN, "stale": "红字发票"}, "待重算"),
        ({"state": "reviewed", "fen": None}, "缺数据或未定，没有金额"),
        ({"state": "reviewed", "fen": 0}, "测算不符合或金额为零"),
    ],
)
def test_what_cannot_stand_on_a_list_is_counted_by_why(
    rooms: Rooms, fields: dict[str, Any], word: str
) -> None:
    room = rooms(100 * WAN)
    make_application(room.round, **fields)
    assert left_out(room.round) == [(word, 1)]
    with pytest.raises(JigaiError, match="没有可以列入名单的申报"):
        room.draft()


def test_places_of_a_competition_go_by_score(rooms: Rooms) -> None:
    room = rooms(500 * WAN, mode="compete")
    measure = make_measure(room.round, "robot", places=2)
    rows = [room.reviewed(WAN, measure=measure, score=score)[0] for score in (70, 90, 80)]
    found = candidates(room.round)
    assert [one.key for one in found.wanted] == [rows[1].pk, rows[2].pk]
    assert found.full == {rows[0].pk: "名额 2 个，排第 3 位"}


def test_only_approval_by_another_binds_money(rooms: Rooms) -> None:
    room = rooms(200 * WAN)
    rows = room.reviewed(60 * WAN, 40 * WAN)
    row = room.submitted()
    assert states(rows) == ["proposed", "proposed"]
    assert balances(room.programme).reserved == 0
    done = approve(room, row)
    assert (done.state, done.binding) == ("approved", True)
    assert states(rows) == ["decided", "decided"]
    found = balances(room.programme)
    assert (found.available, found.reserved) == (100 * WAN, 100 * WAN)
    room.round.refresh_from_db()
    assert room.round.state == "decided"


def test_whoever_drew_it_up_does_not_approve_it(rooms: Rooms) -> None:
    room = rooms(200 * WAN)
    room.reviewed(60 * WAN)
    row = room.submitted()
    DecisionList.objects.filter(pk=row.pk).update(made_by=room.leader.user)
    with pytest.raises(JigaiError, match="不能由您自己审定"):
        approve(room, row)
    with pytest.raises(IntegrityError, match="list_four_eyes"), transaction.atomic():
        DecisionList.objects.filter(pk=row.pk).update(decided_by=room.leader.user)


def test_without_a_meeting_nothing_is_approved(rooms: Rooms) -> None:
    room = rooms(200 * WAN)
    room.reviewed(60 * WAN)
    row = room.draft()
    submit_list(decision_list=row.pk, by=room.clerk.user, access=room.clerk.access)
    with pytest.raises(JigaiError, match="没有登记审定会议"):
        approve(room, row)
    with pytest.raises(JigaiError, match="会议日期还没有到"):
        record_meeting(
            decision_list=row.pk, meeting="会", attendees="", minutes="同意", by=room.clerk.user,
            met_on=timezone.localdate() + dt.timedelta(days=1), access=room.clerk.access,
        )  # fmt: skip


def test_approving_twice_reserves_once(rooms: Rooms) -> None:
    room = rooms(200 * WAN)
    room.reviewed(60 * WAN)
    row = room.submitted()
    approve(room, row)
    with pytest.raises(JigaiError, match="现在是“已通过”"):
        approve(room, row)
    assert Entry.objects.filter(book=room.programme.book, kind="reserve").count() == 1


def test_somebody_who_looked_at_an_older_page_is_told(rooms: Rooms) -> None:
    room = rooms(200 * WAN)
    room.reviewed(60 * WAN)
    row = room.submitted()
    with pytest.raises(JigaiError, match="打开之后被改过"):
        approve(room, row, seen=row.version - 1)


@pytest.mark.parametrize(
    "change", [{"reviewed_fen": 1}, {"stale": "红字发票"}, {"state": "withdrawn"}]
)
def test_a_list_that_changed_meanwhile_is_not_approved(
    rooms: Rooms, change: dict[str, Any]
) -> None:
    room = rooms(200 * WAN)
    rows = room.reviewed(60 * WAN, 40 * WAN)
    row = room.submitted()
    Application.objects.filter(pk=rows[1].pk).update(**change)
    with pytest.raises(JigaiError, match=rows[1].number):
        approve(room, row)
    assert balances(room.programme).reserved == 0


def test_a_budget_spent_meanwhile_stops_the_approval(rooms: Rooms) -> None:
    room = rooms(100 * WAN)
    rows = room.reviewed(60 * WAN)
    row = room.submitted()
    other = Room(room.programme, make_round(room.programme, state="closed"), room.clerk,
                 room.chief, room.leader)  # fmt: skip
    other.reviewed(70 * WAN)
    approve(room, other.submitted())
    with pytest.raises(JigaiError) as told:
        approve(room, row)
    assert told.value.code == "account-short"
    assert states(rows) == ["proposed"]
    row.refresh_from_db()
    assert row.state == "submitted"


def test_two_drafts_of_the_same_applications_only_one_is_proposed(rooms: Rooms) -> None:
    room = rooms(200 * WAN)
    room.reviewed(60 * WAN)
    one, other = room.draft(), room.draft()
    submit_list(decision_list=one.pk, by=room.clerk.user, access=room.clerk.access)
    with pytest.raises(JigaiError, match="拟订名单之后"):
        submit_list(decision_list=other.pk, by=room.clerk.user, access=room.clerk.access)


def test_a_refused_list_goes_back_with_the_reason(rooms: Rooms) -> None:
    room = rooms(200 * WAN)
    rows = room.reviewed(60 * WAN)
    row = room.submitted()
    with pytest.raises(JigaiError, match="不通过要写理由"):
        refuse_list(
            decision_list=row.pk, reason=" ", by=room.leader.user, access=room.leader.access
        )
    refuse_list(
        decision_list=row.pk, reason="补充依据", by=room.leader.user, access=room.leader.access
    )
    assert states(rows) == ["reviewed"]
    assert room.draft().number == 2


def test_three_meetings_each_with_a_version_of_its_own(rooms: Rooms) -> None:
    room = rooms(200 * WAN)
    rows = room.reviewed(60 * WAN, 40 * WAN, 20 * WAN)
    bureau = approve(room, room.submitted(), binding=False)
    assert balances(room.programme).reserved == 0
    joint = next_list(
        decision_list=bureau.pk, stage="joint", by=room.clerk.user, access=room.clerk.access,
        changes={rows[0].pk: (50 * WAN, "按会议意见核减"), rows[2].pk: (0, "下一批再议")},
    )  # fmt: skip
    with pytest.raises(JigaiError, match="已经有下一版"):
        next_list(decision_list=bureau.pk, stage="government", changes={}, by=room.clerk.user,
                  access=room.clerk.access)  # fmt: skip
    submit_list(decision_list=joint.pk, by=room.clerk.user, access=room.clerk.access)
    assert states(rows) == ["proposed", "proposed", "reviewed"]
    told = [(one.number, one.before, one.now, one.words) for one in changes_of(joint)]
    assert told == [
        (rows[0].number, 60 * WAN, 50 * WAN, "按会议意见核减"),
        (rows[2].number, 20 * WAN, 0, "下一批再议"),
    ]
    approve(room, room.met(joint))
    assert decided(rows) == [50 * WAN, 40 * WAN, None]
    assert balances(room.programme).reserved == 90 * WAN


@pytest.mark.parametrize(
    ("change", "said"),
    [((61 * WAN, "多给"), "零到审核金额之间"), ((50 * WAN, " "), "要写理由")],
)
def test_a_later_version_only_lowers_and_says_why(
    rooms: Rooms, change: tuple[int, str], said: str
) -> None:
    room = rooms(200 * WAN)
    rows = room.reviewed(60 * WAN)
    bureau = approve(room, room.submitted(), binding=False)
    with pytest.raises(JigaiError, match=said):
        next_list(decision_list=bureau.pk, stage="joint", changes={rows[0].pk: change},
                  by=room.clerk.user, access=room.clerk.access)  # fmt: skip


def test_the_stage_only_goes_forward_and_a_binding_version_goes_nowhere(rooms: Rooms) -> None:
    room = rooms(200 * WAN)
    room.reviewed(60 * WAN)
    bureau = approve(room, room.submitted(), binding=False)
    with pytest.raises(JigaiError, match="在这一版之后"):
        next_list(decision_list=bureau.pk, stage="bureau", changes={}, by=room.clerk.user,
                  access=room.clerk.access)  # fmt: skip
    room.reviewed(10 * WAN)
    binding = approve(room, room.submitted())
    with pytest.raises(JigaiError, match="已经生效"):
        next_list(decision_list=binding.pk, stage="joint", changes={}, by=room.clerk.user,
                  access=room.clerk.access)  # fmt: skip


def test_lines_of_a_version_never_change(rooms: Rooms) -> None:
    room = rooms(200 * WAN)
    room.reviewed(60 * WAN)
    row = room.draft()
    with pytest.raises(Exception, match=r"decision_lines_stay|append|不"), transaction.atomic():
        DecisionLine.objects.filter(decision_list=row).update(decided_fen=1)
    assert row.lines.get().decided_fen == 60 * WAN


def test_a_list_of_another_county_is_out_of_reach(rooms: Rooms) -> None:
    room = rooms(200 * WAN)
    room.reviewed(60 * WAN)
    row = room.submitted()
    from tests.factories import SIBLING, make_user

    stranger = Person(make_user("leader", region=SIBLING))
    with pytest.raises(JigaiError, match="不在您的数据权限之内"):
        approve(room, row, stranger)
