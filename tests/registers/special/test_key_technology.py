"""A breakthrough stands on declared criteria and on people; no figure makes it by itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from jigai.core.access import access_of
from jigai.errors import JigaiError
from jigai.registers.entry_values import prepare
from jigai.registers.models import Entry, Register
from jigai.registers.services.decide_proposal import decide_proposal
from jigai.registers.services.propose_entry import propose_event
from jigai.registers.special.key_technology import (
    MISSED,
    OVERDUE,
    REACHED,
    RUNNING,
    TO_JUDGE,
    UNJUDGEABLE,
    WORDS,
    state_of,
)
from jigai.registers.special.stored_technologies import directions_on, technologies_on
from tests.factories import COUNTY, make_regions, make_user
from tests.registers.content.shipped import put, ship

pytestmark = pytest.mark.system("key-tech-breakthrough")
DAY = dt.date(2021, 7, 1)
CRITERIA = {"indicator": "平均无故障时间", "benchmark": "不低于2000小时", "way": "test",
            "declared": "2021-01-05"}  # fmt: skip
ACCEPTED = {"accepted": "2021-06-01"}
VERDICT = {"verdict": "reached", "judge": "示例专家组", "judged": "2021-06-20",
           "proof_number": "示例检字〔2021〕1号"}  # fmt: skip
BASE = {"name": "示例攻关", "place": COUNTY, "units": ["示例院", "示例厂"],
        "started": "2021-01-01", "due": "2021-12-31",
        "direction": {"name": "石墨烯等先进碳材料"}}  # fmt: skip


@pytest.mark.parametrize("lost", [*CRITERIA])
def test_without_criteria_nothing_can_be_judged(lost: str) -> None:
    """玩具实现会漏掉: 突破与否没有判据."""
    whole = {**BASE, **CRITERIA, **ACCEPTED, **VERDICT}
    assert state_of(whole, DAY) == REACHED
    assert state_of({**whole, lost: None}, DAY) == UNJUDGEABLE
    assert WORDS[UNJUDGEABLE] == "无法认定"


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({}, RUNNING),
        ({"due": "2021-06-30"}, OVERDUE),
        ({"due": "2021-07-01"}, RUNNING),
        (ACCEPTED, TO_JUDGE),
        # However good the figure: a person decides.
        ({**ACCEPTED, "measured": "9999小时", "proof_number": "示例"}, TO_JUDGE),
        ({**ACCEPTED, **VERDICT}, REACHED),
        ({**ACCEPTED, **VERDICT, "verdict": "missed"}, MISSED),
        ({**ACCEPTED, **VERDICT, "proof_number": None}, TO_JUDGE),
        ({**ACCEPTED, **VERDICT, "judge": None}, TO_JUDGE),
        (VERDICT, RUNNING),
    ],
)
def test_states(more: dict[str, Any], state: str) -> None:
    assert state_of({**BASE, **CRITERIA, **more}, DAY) == state


@pytest.fixture
def register(db: None) -> Register:
    """Directions and projects as shipped."""
    make_regions()
    ship("key-technology-directions")
    return ship("key-technologies")


def told(register: Register, *parts: dict[str, Any]) -> str:
    values: dict[str, Any] = dict(BASE)
    for part in parts:
        values |= part
    (row,) = prepare(register, [values])
    return "；".join(problem.message for problem in row.problems)


def test_rows_without_what_a_verdict_needs_are_refused(register: Register) -> None:
    assert told(register) == told(register, CRITERIA, ACCEPTED) == ""
    assert told(register, CRITERIA, ACCEPTED, VERDICT) == ""
    assert "没有认定判据，无法认定" in told(register, ACCEPTED, VERDICT)
    assert "判据不全，缺对标值" in told(register, CRITERIA, {"benchmark": ""})
    assert "没有验收，不能认定" in told(register, CRITERIA, VERDICT)
    assert "认定没有证据" in told(register, CRITERIA, ACCEPTED, VERDICT, {"proof_number": ""})
    assert "缺认定人" in told(register, CRITERIA, ACCEPTED, VERDICT, {"judge": ""})
    assert "缺认定结论、认定日期" in told(register, CRITERIA, ACCEPTED, {"judge": "示例专家组"})
    late = {"declared": "2021-06-02"}
    assert "判据在验收以后才定" in told(register, CRITERIA, ACCEPTED, late)
    early = {"judged": "2021-05-01"}
    assert "认定日期早于验收日期" in told(register, CRITERIA, ACCEPTED, VERDICT, early)


def change(entry: Entry, **more: Any) -> None:
    """Two people change an entry."""
    clerk, chief = make_user("section-clerk"), make_user("section-chief")
    found = propose_event(
        entry=entry, kind="change", effective=DAY, by=clerk, access=access_of(clerk),
        values={**Entry.objects.get(pk=entry.pk).values, **more},
    )  # fmt: skip
    decide_proposal(proposal=found.pk, approve=True, by=chief, access=access_of(chief))
    entry.refresh_from_db()


def test_criteria_come_before_the_verdict_and_stay(register: Register) -> None:
    (entry,) = put(register, BASE)
    with pytest.raises(JigaiError, match="判据和认定结论不能同一次填"):
        change(entry, **CRITERIA, **ACCEPTED, **VERDICT)
    change(entry, **CRITERIA)
    change(entry, **ACCEPTED)
    with pytest.raises(JigaiError, match="验收以后不能再改判据"):
        change(entry, benchmark="不低于1000小时")
    assert technologies_on(access_of(make_user("section-clerk")), DAY)[0].state == TO_JUDGE
    change(entry, **VERDICT)
    (found,) = technologies_on(access_of(make_user("section-clerk")), DAY)
    assert (found.state, found.look) == (REACHED, ("done", "已突破"))


def test_milestones_need_a_day_that_has_come_and_a_proof(register: Register) -> None:
    (entry,) = put(register, {**BASE, **CRITERIA})
    steps = ship("key-technology-milestones")
    at = {"technology": {"id": entry.pk, "name": "示例攻关"}, "place": COUNTY}
    (row,) = prepare(steps, [{**at, "name": "试制", "due": "2021-03-01", "done": "2021-03-01"}])
    assert [p.message for p in row.problems] == ["写了完成日期，没有证明"]
    (row,) = prepare(steps, [{**at, "name": "试制", "due": "2021-03-01", "done": "2999-03-01",
                              "evidence_number": "示例"}])  # fmt: skip
    assert [p.message for p in row.problems] == ["完成日期还没有到"]
    put(steps, {**at, "name": "试制", "due": "2021-03-01", "done": "2021-04-01",
                "evidence_number": "示例"},
        {**at, "name": "验证", "due": "2021-06-30"},
        {**at, "name": "定型", "due": "2021-07-01"})  # fmt: skip
    (found,) = technologies_on(access_of(make_user("section-clerk")), DAY)
    assert [(s.name, look) for s, look, _ in found.steps] == [
        ("试制", "done"), ("验证", "rejected"), ("定型", "running"),
    ]  # fmt: skip
    assert found.late == 1


def test_the_division_between_cities_ships_with_its_clauses(register: Register) -> None:
    put(register, BASE)
    access = access_of(make_user("section-clerk"))
    found = directions_on(access, DAY, technologies_on(access, DAY))
    cities = {one.city for one in found if one.city}
    # 苏南 2017 四.一.2 and 四.一.3.
    assert cities == {"320100", "320200", "320400", "320500", "321100"}
    assert sum(bool(one.city) for one in found) == 7
    assert all(one.shown["clause"] for one in found)
    counted = {one.shown["name"]: one.projects for one in found if one.projects}
    assert counted == {"石墨烯等先进碳材料": 1}
