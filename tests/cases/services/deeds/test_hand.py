"""领办、转办、委托: who has a task, and what the others are told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from jigai.cases.models import Case, Task
from jigai.cases.services.give_tasks import people_of
from jigai.core.access import access_of
from jigai.core.models import Delegation, Notice, User
from jigai.core.services.delegate_duties import delegate_duties, revoke_delegation
from jigai.errors import JigaiError
from tests.cases.conftest import Do, People
from tests.cases.time_travel import Clock
from tests.cases.time_travel import clock as clock
from tests.factories import CITY, SIBLING, make_department, make_user

DAY = dt.timedelta(days=1)


def task_of(case: Case, code: str) -> Task:
    return Task.objects.get(case=case, step__code=code, state="open")


def test_a_task_that_was_taken_is_its_takers(opened: Case, do: Do, people: People) -> None:
    do(opened, "claim", "ecology")
    assert task_of(opened, "ecology").person == people["ecology"]
    record = opened.records.get(verb="claim")
    assert (record.by, record.unit) == (people["ecology"], str(make_department(line="ecology")))
    with pytest.raises(JigaiError, match="这项待办已由示例ecology领办") as refused:
        do(opened, "claim", "ecology-2")
    assert refused.value.hint == "需要您办理的请其转办"
    with pytest.raises(JigaiError, match="已由示例ecology领办"):
        do(opened, "agree", "ecology-2", task=task_of(opened, "ecology").pk)
    with pytest.raises(JigaiError, match="已由您领办"):
        do(opened, "claim", "ecology")


def test_handing_on_keeps_the_chain(opened: Case, do: Do, people: People) -> None:
    first = task_of(opened, "ecology")
    do(opened, "transfer", "ecology", reason="出差", to=people["ecology-2"].pk)
    second = task_of(opened, "ecology")
    first.refresh_from_db()
    assert (first.state, second.person) == ("cancelled", people["ecology-2"])
    data = opened.records.get(verb="transfer").data
    assert data["into"] == second.pk and data["to"].endswith("示例ecology-2")
    do(opened, "agree", "ecology-2")
    assert opened.steps.get(code="ecology").state == "done"


@pytest.mark.parametrize("who", ["land", "ecology"])
def test_a_task_goes_to_nobody_who_cannot_do_it(
    opened: Case, do: Do, people: People, who: str
) -> None:
    said = "不能交给自己" if who == "ecology" else "不能办理"
    with pytest.raises(JigaiError, match=said):
        do(opened, "transfer", "ecology", reason="示例", to=people[who].pk)
    assert task_of(opened, "ecology").person is None


def test_a_closed_account_gets_nothing(opened: Case, do: Do, people: People) -> None:
    person = people["ecology-2"]
    User.objects.filter(pk=person.pk).update(is_active=False)
    with pytest.raises(JigaiError, match="账号已停用"):
        do(opened, "transfer", "ecology", reason="示例", to=person.pk)


def test_the_line_above_may_take_it_and_a_neighbour_may_not(opened: Case, do: Do) -> None:
    above, beside = make_department(CITY, "ecology"), make_department(SIBLING, "ecology")
    with pytest.raises(JigaiError, match="不能转办到这个部门"):
        do(opened, "transfer", "ecology", reason="示例", department=beside.pk)
    do(opened, "transfer", "ecology", reason="市级权限", department=above.pk)
    assert task_of(opened, "ecology").department == above


def test_only_a_supervisor_hands_on_across_departments(
    opened: Case, do: Do, people: People
) -> None:
    land, task = make_department(line="land"), task_of(opened, "ecology")
    with pytest.raises(JigaiError, match=r"请督办人办理|不能转办"):
        do(opened, "transfer", "ecology", reason="示例", department=land.pk)
    do(opened, "transfer", "chief", reason="职责调整", task=task.pk, department=land.pk)
    assert task_of(opened, "ecology").department == land


def test_nobody_decides_twice_in_one_step(opened: Case, do: Do, people: People) -> None:
    for who in ("ecology", "land"):
        do(opened, "agree", who)
    do(opened, "agree", "market")
    task = Task.objects.get(case=opened, step__code="joint", state="open")
    with pytest.raises(JigaiError, match="示例market在这一步已办理过"):
        do(opened, "transfer", "chief", reason="示例", task=task.pk, to=people["market"].pk)


def test_a_deputy_acts_in_the_name_of_the_principal(
    opened: Case, do: Do, people: People, clock: Clock
) -> None:
    do(opened, "delegate", "ecology", reason="休假", to=people["ecology-2"].pk,
       until=clock.day + DAY)  # fmt: skip
    do(opened, "agree", "ecology-2")
    task = opened.tasks.get(step__code="ecology")
    assert (task.acted_by, task.on_behalf) == (people["ecology-2"], "示例ecology")
    assert opened.records.get(verb="agree").on_behalf == "示例ecology"


def test_a_form_sent_after_the_delegation_ended_is_refused_with_the_day(
    opened: Case, do: Do, people: People, clock: Clock
) -> None:
    do(opened, "delegate", "ecology", reason="休假", to=people["ecology-2"].pk, until="2026-03-03")
    task = task_of(opened, "ecology").pk
    clock.at(3, 4)
    with pytest.raises(JigaiError, match="委托已于 2026-03-03 结束") as refused:
        do(opened, "agree", "ecology-2", task=task)
    assert "示例ecology" in refused.value.hint
    do(opened, "agree", "ecology", task=task)
    assert opened.tasks.get(pk=task).on_behalf == ""


def test_a_delegation_taken_back_is_over_at_once(
    opened: Case, do: Do, people: People, clock: Clock
) -> None:
    do(opened, "delegate", "ecology", reason="休假", to=people["ecology-2"].pk, until="2026-03-09")
    do(opened, "delegate", "ecology", reason="提前回来", end=True)
    with pytest.raises(JigaiError, match=r"委托已于 .* 结束"):
        do(opened, "disagree", "ecology-2", reason="示例", task=task_of(opened, "ecology").pk)
    with pytest.raises(JigaiError, match="没有在委托中"):
        do(opened, "delegate", "ecology", reason="再收一次", end=True)


def test_principal_first_then_the_deputy_hears_of_it(
    opened: Case, do: Do, people: People, clock: Clock
) -> None:
    do(opened, "delegate", "ecology", reason="休假", to=people["ecology-2"].pk, until="2026-03-09")
    task = task_of(opened, "ecology").pk
    do(opened, "agree", "ecology", task=task)
    with pytest.raises(JigaiError, match="刚由示例ecology办理"):
        do(opened, "disagree", "ecology-2", task=task, reason="示例")


def test_a_deputy_does_not_delegate(opened: Case, do: Do, people: People, clock: Clock) -> None:
    do(opened, "delegate", "ecology", reason="休假", to=people["ecology-2"].pk, until="2026-03-09")
    with pytest.raises(JigaiError, match="只有办理人可以委托"):
        do(opened, "delegate", "ecology-2", reason="也休假", to=people["ecology-3"].pk,
           until="2026-03-09")  # fmt: skip
    with pytest.raises(JigaiError, match="已经过去"):
        do(opened, "delegate", "ecology", reason="休假", to=people["ecology-3"].pk,
           until="2026-03-01")  # fmt: skip


def stand_in(people: People) -> tuple[User, Delegation]:
    """Somebody of another office who stands in for the clerk with everything, for a week."""
    taker = make_user("approval", department=make_department(line="market"), name="示例代班")
    now = timezone.now()
    row = delegate_duties(
        by=access_of(people["ecology"]), taker=taker, starts=now - DAY, ends=now + 7 * DAY,
        reason="示例休假",
    )  # fmt: skip
    people.known["stand-in"] = taker
    return taker, row


def test_duties_revoked_while_the_form_was_open(opened: Case, do: Do, people: People) -> None:
    _taker, row = stand_in(people)
    task = task_of(opened, "ecology").pk
    revoke_delegation(by=access_of(people["ecology"]), delegation=row)
    with pytest.raises(JigaiError, match=r"委托已于 20.* 结束，不能再代办"):
        do(opened, "agree", "stand-in", task=task)
    assert task_of(opened, "ecology").pk == task


def test_a_task_taken_in_anothers_name_stays_with_the_other(
    opened: Case, do: Do, people: People
) -> None:
    _taker, row = stand_in(people)
    do(opened, "claim", "stand-in")
    assert task_of(opened, "ecology").person == people["ecology"]
    revoke_delegation(by=access_of(people["ecology"]), delegation=row)
    with pytest.raises(JigaiError, match="委托已于"):
        do(opened, "agree", "stand-in")
    do(opened, "agree", "ecology")


def test_the_new_handler_hears_of_it(
    opened: Case, do: Do, people: People, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        do(opened, "transfer", "ecology", reason="出差", to=people["ecology-2"].pk)
    told = Notice.objects.get(user=people["ecology-2"])
    assert told.title.startswith("转办给您的待办：环评审查") and opened.number in told.url


def test_a_deputy_hears_of_it_only_while_the_delegation_lasts(
    opened: Case, do: Do, people: People, clock: Clock
) -> None:
    do(opened, "delegate", "ecology", reason="休假", to=people["ecology-2"].pk, until="2026-03-03")
    task = task_of(opened, "ecology")
    assert set(people_of(task)) == {people["ecology"], people["ecology-2"]}
    clock.at(3, 4)
    assert people_of(task) == [people["ecology"]]
