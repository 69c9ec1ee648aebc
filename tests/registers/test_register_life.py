"""An entry from proposal to re-admission: who may, what stands in the way, what counts when."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jigai.core.access import Denied, access_of
from jigai.core.models import Notice, User
from jigai.errors import JigaiError
from jigai.registers.models import Entry, EntrySpan, LifeEvent, Proposal, Register
from jigai.registers.selectors import entries_on, problems_of_entries
from jigai.registers.services.decide_proposal import decide_proposal
from jigai.registers.services.expire_entries import expire_entries
from jigai.registers.services.note_enterprise_change import note_enterprise_change
from jigai.registers.services.propose_entry import (
    propose_entry,
    propose_event,
    state_on,
    withdraw_proposal,
)
from tests.factories import CITY, SIBLING, make_enterprise, make_user
from tests.registers.conftest import START, List, Make

pytestmark = [pytest.mark.django_db, pytest.mark.system("recognition-roster")]
JUNE, SEPTEMBER = dt.date(2024, 6, 1), dt.date(2024, 9, 1)
DAY = dt.timedelta(days=1)


def happen(entry: Entry, kind: str, effective: dt.date, clerk: User, chief: User,
           **more: Any) -> Entry:  # fmt: skip
    made = propose_event(
        entry=entry, kind=kind, effective=effective, by=clerk, access=access_of(clerk),
        reason=more.pop("reason", "按文件"), **more,
    )  # fmt: skip
    decide_proposal(proposal=made.pk, approve=True, by=chief, access=access_of(chief))
    return Entry.objects.select_related("register__current").get(pk=entry.pk)


def is_in(entry: Entry, day: dt.date) -> bool:
    return entries_on(entry.register, day).filter(entry=entry).exists()


def test_nothing_counts_before_somebody_else_approves(
    register: Register, clerk: User, chief: User, django_capture_on_commit_callbacks: Any
) -> None:
    firm = make_enterprise()
    with django_capture_on_commit_callbacks(execute=True):
        entry = propose_entry(
            register=register, by=clerk, access=access_of(clerk), effective=START,
            values={"firm": {"id": firm.pk, "name": firm.name}, "level": "市级",
                    "revenue": "2000万元"},
        )  # fmt: skip
    assert entry.state == "proposed" and not is_in(entry, START)
    assert Notice.objects.get(event="case-task").user == chief
    proposal = entry.proposals.get()
    with pytest.raises(Denied):
        decide_proposal(proposal=proposal.pk, approve=True, by=clerk, access=access_of(clerk))
    boss = make_user("section-chief")
    proposal.proposed_by = boss
    proposal.save()
    with pytest.raises(Denied, match="自己提出"):
        decide_proposal(proposal=proposal.pk, approve=True, by=boss, access=access_of(boss))
    decide_proposal(proposal=proposal.pk, approve=True, by=chief, access=access_of(chief))
    assert is_in(entry, START) and not is_in(entry, START - DAY)


def test_look_ups_before_on_and_after_each_date(
    register: Register, clerk: User, chief: User, listed: List
) -> None:
    entry = listed(register, valid_to="2025-12-31")
    entry = happen(entry, "revoke", JUNE, clerk, chief)
    entry = happen(entry, "readmit", SEPTEMBER, clerk, chief)
    expected = {
        START - DAY: False, START: True, JUNE - DAY: True, JUNE: False, SEPTEMBER - DAY: False,
        SEPTEMBER: True, dt.date(2025, 12, 31): True, dt.date(2026, 1, 1): False,
    }  # fmt: skip
    assert {day: is_in(entry, day) for day in expected} == expected
    assert [state_on(entry, day) for day in (START - DAY, JUNE, dt.date(2026, 1, 1))] == [
        "upcoming", "revoked", "expired",
    ]  # fmt: skip


def test_a_title_revoked_today_was_still_held_before(
    register: Register, clerk: User, chief: User, listed: List
) -> None:
    """玩具实现会漏掉: a list without its history. What was decided before is not rewritten."""
    entry = listed(register)
    happen(entry, "revoke", JUNE, clerk, chief, reason="弄虚作假", document="示例〔2024〕1号")
    assert is_in(entry, JUNE - DAY)
    kinds = list(entry.life.order_by("pk").values_list("kind", "document"))
    assert kinds == [("apply", ""), ("admit", ""), ("revoke", "示例〔2024〕1号")]


def test_a_change_of_level_counts_from_its_day(
    register: Register, clerk: User, chief: User, listed: List
) -> None:
    entry = listed(register)
    entry = happen(
        entry, "change", JUNE, clerk, chief, values={**entry.values, "level": "province"}
    )
    levels = [entries_on(register, day).get().values["level"] for day in (JUNE - DAY, JUNE)]
    assert levels == ["city", "province"]
    with pytest.raises(JigaiError) as error:
        propose_event(entry=entry, kind="change", effective=START, by=clerk, reason="更早",
                      access=access_of(clerk),
                      values={**entry.values, "level": "city"})  # fmt: skip
    assert error.value.code == "later-change"


def test_a_refusal_says_why_and_frees_the_key(register: Register, clerk: User, chief: User) -> None:
    firm = make_enterprise()
    values = {"firm": {"id": firm.pk, "name": firm.name}, "level": "市级", "revenue": "2000万元"}
    entry = propose_entry(register=register, values=values, by=clerk, access=access_of(clerk))
    proposal = entry.proposals.get()
    with pytest.raises(JigaiError) as error:
        decide_proposal(proposal=proposal.pk, approve=False, by=chief, access=access_of(chief))
    assert error.value.code == "no-reason"
    with pytest.raises(JigaiError) as twice:
        propose_entry(register=register, values=values, by=clerk, access=access_of(clerk))
    assert twice.value.code == "entry-twice"
    decide_proposal(proposal=proposal.pk, approve=False, answer="材料不全", by=chief,
                    access=access_of(chief))  # fmt: skip
    entry.refresh_from_db()
    assert (entry.state, entry.reason) == ("refused", "材料不全")
    again = propose_entry(register=register, values=values, by=clerk, access=access_of(clerk))
    withdraw_proposal(proposal=again.proposals.get().pk, by=clerk)
    again.refresh_from_db()
    assert again.state == "withdrawn"
    assert not EntrySpan.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"revenue": "999万元"}, "不符合准入规则"),
        ({"revenue": None}, "缺“营业收入”"),
        ({"level": "国家级"}, "不在可选范围内"),
        ({"level": None}, "“级别”没有填写"),
        ({"revenue": "5000"}, "没有单位"),
        ({"since": "2024-05-01", "valid_to": "2024-04-30"}, "有效期至早于认定日期"),
        ({"valid_to": "2024-02-30"}, "不是日期"),
        ({"colour": "红"}, "没有“colour”这些字段"),
    ],
)
def test_values_that_do_not_fit(
    register: Register, clerk: User, changes: dict[str, Any], words: str
) -> None:
    firm = make_enterprise()
    values = {"firm": {"id": firm.pk, "name": firm.name}, "level": "市级", "revenue": "2000万元"}
    with pytest.raises(JigaiError, match=words) as error:
        propose_entry(register=register, values={**values, **changes}, by=clerk,
                      access=access_of(clerk))  # fmt: skip
    assert error.value.hint and not Entry.objects.exists()


@pytest.mark.parametrize(
    ("kind", "effective", "reason", "code"),
    [
        ("readmit", JUNE, "x", "not-possible"),
        ("remove", START - DAY, "x", None),
        ("remove", JUNE, " ", "no-reason"),
        ("review", START - DAY, "x", "not-possible"),
        ("admit", JUNE, "x", "not-possible"),
    ],
)
def test_what_cannot_happen_to_a_listed_entry(
    register: Register, clerk: User, listed: List, kind: str, effective: dt.date, reason: str,
    code: str | None,
) -> None:  # fmt: skip
    entry = listed(register)
    given = {"entry": entry, "kind": kind, "effective": effective, "reason": reason, "by": clerk,
             "access": access_of(clerk)}  # fmt: skip
    if code is None:
        assert propose_event(**given).state == "pending"
        return
    with pytest.raises(JigaiError) as error:
        propose_event(**given)
    assert error.value.code == code


def test_one_proposal_at_a_time_and_on_what_was_seen(
    register: Register, clerk: User, chief: User, listed: List
) -> None:
    entry = listed(register)
    first = propose_event(entry=entry, kind="remove", effective=JUNE, by=clerk, reason="停产",
                          access=access_of(clerk))  # fmt: skip
    with pytest.raises(JigaiError) as error:
        propose_event(entry=entry, kind="revoke", effective=JUNE, by=clerk, reason="作假",
                      access=access_of(clerk))  # fmt: skip
    assert error.value.code == "already-pending"
    Entry.objects.filter(pk=entry.pk).update(version=99)
    with pytest.raises(JigaiError) as stale:
        decide_proposal(proposal=first.pk, approve=True, by=chief, access=access_of(chief))
    assert stale.value.code == "entry-changed"
    assert Proposal.objects.get(pk=first.pk).state == "pending" and is_in(entry, JUNE)


def test_out_of_reach(register: Register, clerk: User, chief: User, listed: List) -> None:
    entry = listed(register)
    other = make_user("section-clerk", SIBLING)
    with pytest.raises(Denied):
        propose_event(entry=entry, kind="remove", effective=JUNE, by=other, reason="x",
                      access=access_of(other))  # fmt: skip
    made = propose_event(entry=entry, kind="remove", effective=JUNE, by=clerk, reason="x",
                         access=access_of(clerk))  # fmt: skip
    stranger = make_user("section-chief", SIBLING)
    with pytest.raises(Denied):
        decide_proposal(proposal=made.pk, approve=True, by=stranger, access=access_of(stranger))
    city = make_user("section-chief", CITY)
    decide_proposal(proposal=made.pk, approve=True, by=city, access=access_of(city))
    assert not is_in(entry, JUNE)


def test_an_enterprise_applies_for_itself_only(
    register: Register, make_register: Make, clerk: User
) -> None:
    mine, other = make_enterprise(), make_enterprise()
    person = make_user("enterprise-handler", enterprise=mine)
    values = {"level": "市级", "revenue": "2000万元"}

    def apply(register: Register, firm: Any) -> Entry:
        return propose_entry(
            register=register, by=person, access=access_of(person),
            values={**values, "firm": {"id": firm.pk, "name": firm.name}},
        )  # fmt: skip

    assert apply(register, mine).state == "proposed"
    with pytest.raises(Denied):
        apply(register, other)
    closed = make_register("closed", apply=False)
    with pytest.raises(JigaiError) as error:
        apply(closed, mine)
    assert error.value.code == "no-applications"


def test_events_cannot_be_rewritten_or_dropped(register: Register, listed: List) -> None:
    event = listed(register).life.get(kind="admit")
    for act in (
        lambda: LifeEvent.objects.filter(pk=event.pk).update(effective=JUNE),
        lambda: LifeEvent.objects.filter(pk=event.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_expiry_is_recorded_once_and_reminded_of_once(
    register: Register, clerk: User, listed: List, django_capture_on_commit_callbacks: Any
) -> None:
    entry = listed(register, valid_to="2024-12-31")
    firm_user = make_user("enterprise-handler", enterprise=entry.enterprise)
    remind, ended = dt.date(2024, 12, 1), dt.date(2025, 1, 1)
    before = is_in(entry, ended)
    assert expire_entries(remind) == 0
    told = Notice.objects.filter(event="register-expiring")
    assert {n.user_id for n in told} == {clerk.pk, firm_user.pk, *_editors(clerk)}
    count = told.count()
    expire_entries(remind)
    assert told.count() == count
    assert expire_entries(ended) == 1 and expire_entries(ended + DAY) == 0
    assert entry.life.get(kind="expire").effective == ended
    # The record changes nothing: the date alone had ended it.
    assert before is is_in(entry, ended) is False


def _editors(clerk: User) -> set[int]:
    return set(User.objects.filter(assignments__role__capabilities__contains=["register.edit"])
               .values_list("pk", flat=True))  # fmt: skip


def test_reminders_of_days_the_platform_was_down_are_made_up(
    register: Register, listed: List
) -> None:
    listed(register, valid_to="2024-12-31")
    expire_entries(dt.date(2024, 11, 28))
    expire_entries(dt.date(2024, 12, 5))
    assert Notice.objects.filter(event="register-expiring").exists()


def test_an_entry_readmitted_and_run_out_again_is_recorded_again(
    register: Register, clerk: User, chief: User, listed: List
) -> None:
    entry = listed(register, valid_to="2024-03-31")
    expire_entries(dt.date(2024, 4, 1))
    entry = happen(entry, "change", dt.date(2024, 4, 10), clerk, chief,
                   values={**entry.values, "valid_to": "2024-07-31"})  # fmt: skip
    entry = happen(entry, "readmit", dt.date(2024, 5, 1), clerk, chief)
    assert is_in(entry, dt.date(2024, 7, 31)) and not is_in(entry, dt.date(2024, 4, 20))
    assert expire_entries(dt.date(2024, 8, 1)) == 1
    assert entry.life.filter(kind="expire").count() == 2


def test_an_enterprise_that_merged_or_was_renamed_is_a_problem_with_a_fix(
    register: Register, clerk: User, listed: List
) -> None:
    entry, same = listed(register), listed(register)
    assert problems_of_entries([entry, same]) == {}
    heir = make_enterprise("示例承继有限公司")
    note_enterprise_change(
        enterprise=entry.enterprise, kind="merged", effective=JUNE, document="示例登记〔2024〕2号",
        by=clerk, access=access_of(clerk), successor=heir.name,
    )  # fmt: skip
    same.enterprise.name = "示例更名有限公司"
    same.enterprise.save()
    found = problems_of_entries([entry, same])
    assert "并入“示例承继有限公司”" in found[entry.pk] and "变更" in found[entry.pk]
    assert "示例更名有限公司" in found[same.pk]
    with pytest.raises(JigaiError) as error:
        note_enterprise_change(enterprise=entry.enterprise, kind="closed", effective=JUNE,
                               document="x", by=clerk, access=access_of(clerk))  # fmt: skip
    assert error.value.code == "change-twice"


kinds = st.sampled_from(["review", "remove", "revoke", "readmit", "change"])
steps = st.lists(st.tuples(kinds, st.integers(0, 30)), max_size=6)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_stored_spans_answer_as_a_diary_would(
    register: Register, clerk: User, chief: User, steps: list[tuple[str, int]]
) -> None:
    """Random events through the services; a plain diary of days is the oracle."""
    with transaction.atomic():
        firm = make_enterprise()
        values = {"firm": {"id": firm.pk, "name": firm.name}, "level": "市级",
                  "revenue": "2000万元", "valid_to": "2024-01-20"}  # fmt: skip
        entry = propose_entry(register=register, values=values, by=clerk,
                              access=access_of(clerk), effective=START)  # fmt: skip
        decide_proposal(proposal=entry.proposals.get().pk, approve=True, by=chief,
                        access=access_of(chief))  # fmt: skip
        accepted = [("admit", 0, "city")]
        for number, (kind, offset) in enumerate(steps):
            level = "province" if number % 2 else "city"
            more = {"values": {**entry.values, "level": level}} if kind == "change" else {}
            try:
                happen(entry, kind, START + offset * DAY, clerk, chief, **more)
            except JigaiError:
                continue
            accepted.append((kind, offset, level))
        for offset in range(-1, 33):
            found = entries_on(register, START + offset * DAY).filter(entry=entry).first()
            assert (found.values["level"] if found else None) == diary(accepted, offset)
        transaction.set_rollback(True)


def diary(events: list[tuple[str, int, str]], wanted: int) -> str | None:
    """Every admission and review here runs to the twentieth of January (offset 19)."""
    inside, level = False, "city"
    for day in range(wanted + 1):
        for kind, offset, value in events:
            if offset != day:
                continue
            if kind in ("admit", "readmit"):
                inside = True
            if kind in ("remove", "revoke"):
                inside = False
            level = value if kind == "change" else level
        if day > 19:
            inside = False
    return level if inside else None
