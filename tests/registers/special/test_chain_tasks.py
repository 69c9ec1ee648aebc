"""Chains of tasks: dependencies decide, a late link warns the whole chain, circles are refused."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jigai.core.access import access_of
from jigai.errors import JigaiError
from jigai.registers.entry_values import prepare
from jigai.registers.models import Register
from jigai.registers.services.decide_proposal import decide_proposal
from jigai.registers.services.propose_entry import propose_event
from jigai.registers.special.chain_tasks import (
    DONE,
    LATE,
    ON_WAY,
    UNLINKED,
    UNSURE,
    Task,
    find_cycle,
    study,
)
from jigai.registers.special.stored_chain_tasks import chains_on
from tests.factories import CITY, COUNTY, SIBLING, make_regions, make_user
from tests.registers.content.shipped import put, ship

pytestmark = pytest.mark.system("chain-sync-one-dragon")
DAY = dt.date(2021, 4, 1)


def task(
    code: str, *needs: str, starts: str = "2021-01-01", due: str = "2021-12-31",
    done: str = "", kind: str = "part",
) -> Task:  # fmt: skip
    day = dt.date.fromisoformat
    return Task(
        1, "示例整机", code, f"任务{code}", kind, needs, day(starts), day(due),
        day(done) if done else None,
    )  # fmt: skip


# A → B (nine days to spare) → C, and E → C with nothing to do with A.
A = task("A", due="2021-03-01", kind="material")
B = task("B", "A", starts="2021-03-11", due="2021-06-01")
C = task("C", "B", "E", starts="2021-06-01", due="2021-09-01", kind="whole")
E = task("E", due="2021-05-31", kind="process")


def test_one_late_link_warns_the_whole_chain_with_the_way_it_takes() -> None:
    chain = study("示例整机", [C, B, A, E], DAY)
    assert chain.state == LATE and chain.look == "rejected"
    (warned,) = chain.warned
    assert warned.late.task.code == "A" and warned.late.delay == 31
    assert [t.code for t in warned.path] == ["A", "B", "C"]
    # Nine of the 31 days are taken up between A and B.
    assert (warned.moves, chain.moves) == (22, 22)
    ends = {e.task.code: (e.end.isoformat(), e.delay, e.look[0]) for e in chain.tasks}
    assert ends["B"] == ("2021-06-23", 22, "warning")
    assert ends["C"] == ("2021-09-23", 22, "warning")
    assert ends["E"] == ("2021-05-31", 0, "running")


@pytest.mark.parametrize(("starts", "moves"), [
    ("2021-03-01", 31), ("2021-03-02", 31), ("2021-03-03", 30), ("2021-02-01", 31),
    ("2021-04-02", 0), ("2021-04-01", 1),
])  # fmt: skip
def test_the_days_between_two_tasks_are_what_the_plan_can_take_up(starts: str, moves: int) -> None:
    chain = study("示例整机", [A, task("B", "A", starts=starts)], DAY)
    assert chain.moves == moves


def test_a_delay_that_the_plan_takes_up_still_warns() -> None:
    chain = study("示例整机", [A, task("B", "A", starts="2021-05-01")], DAY)
    assert chain.state == LATE and chain.moves == 0
    assert [t.code for t in chain.warned[0].path] == ["A", "B"]


def test_firms_without_dependencies_are_no_chain_on_its_way() -> None:
    """玩具实现会漏掉: 只登记企业不登记依赖."""
    alone = [task("A"), task("B"), task("C", kind="whole")]
    chain = study("示例整机", alone, DAY)
    assert chain.state == UNLINKED and chain.look == "undetermined"
    assert study("示例整机", [task("A"), task("B", "A")], DAY).state == ON_WAY
    loose = study("示例整机", [task("A"), task("B", "A"), task("X")], DAY)
    assert loose.state == UNSURE and [t.code for t in loose.loose] == ["X"]


def test_a_dependency_that_is_gone_and_kinds_without_a_task_are_told() -> None:
    chain = study("示例整机", [task("A"), task("B", "A", "Z", kind="whole")], DAY)
    assert chain.state == UNSURE
    assert [(t.code, code) for t, code in chain.dangling] == [("B", "Z")]
    assert chain.lacking == ("material", "process", "basis")


def test_what_was_done_late_hands_its_delay_on_and_what_is_done_takes_none() -> None:
    first = task("A", due="2021-03-01", done="2021-03-21")
    chain = study("示例整机", [first, task("B", "A", starts="2021-03-01", due="2021-06-01")], DAY)
    assert chain.state == ON_WAY
    assert {e.task.code: e.delay for e in chain.tasks} == {"A": 20, "B": 20}
    done = task("B", "A", due="2021-06-01", done="2021-03-30")
    assert study("示例整机", [first, done], DAY).state == DONE
    late = study("示例整机", [A, task("B", "A", done="2021-03-30")], DAY)
    assert late.state == LATE and [t.code for t in late.warned[0].path] == ["A"]


def test_the_term_itself_is_not_late_and_the_day_after_is() -> None:
    rows = [A, task("B", "A")]
    assert study("示例整机", rows, dt.date(2021, 3, 1)).state == ON_WAY
    assert study("示例整机", rows, dt.date(2021, 3, 2)).state == LATE


def test_a_circle_is_found_and_told_by_its_way() -> None:
    assert find_cycle({"A": ["B"], "B": ["C"], "C": []}) == []
    circle = find_cycle({"A": ["B"], "B": ["C"], "C": ["A"], "D": ["A"]})
    assert circle[0] == circle[-1] and set(circle) == {"A", "B", "C"}
    steps = set(pairwise(circle))
    assert steps == {("A", "B"), ("B", "C"), ("C", "A")}
    # Should one stand in the table all the same, nothing is computed from it.
    chain = study("示例整机", [task("A", "B", due="2021-03-01"), task("B", "A")], DAY)
    assert chain.state == LATE and chain.cycle and [w.moves for w in chain.warned] == [31]


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=2, max_size=7))
def test_the_end_moves_as_far_as_the_worst_way_says(plan: list[tuple[int, int]]) -> None:
    """A row of tasks one after the other: what each leaves to spare is taken off once."""
    start, rows, gaps = dt.date(2021, 1, 1), [], []
    for number, (gap, length) in enumerate(plan):
        begins = start + dt.timedelta(days=gap)
        ends = begins + dt.timedelta(days=length)
        before = (f"T{number - 1}",) if number else ()
        rows.append(Task(number, "x", f"T{number}", "x", "part", before, begins, ends))
        gaps.append(gap)
        start = ends
    late = 45
    day = rows[0].due + dt.timedelta(days=late)
    chain = study("x", rows, day)
    moved = {e.task.code: e.delay for e in chain.tasks}
    spare = sum(gaps[1:])
    own = max((max((day - r.due).days, 0) for r in rows if r.due < day), default=0)
    assert chain.state == LATE
    assert max(late - spare, 0) <= moved[rows[-1].code] <= max(late, own)
    assert chain.warned[0].path[-1].code == rows[-1].code


@pytest.fixture
def register(db: None) -> Register:
    """The register as shipped."""
    make_regions()
    return ship("chain-tasks")


def row(code: str, *needs: str, chain: str = "示例整机", **more: Any) -> dict[str, Any]:
    return {
        "chain": chain, "task": code, "name": f"任务{code}", "kind": "part",
        "needs": list(needs), "unit": "示例单位", "place": COUNTY, "starts": "2021-01-01",
        "due": "2021-12-31", **more,
    }  # fmt: skip


def problems(register: Register, *rows: dict[str, Any]) -> list[str]:
    return [p.message for found in prepare(register, rows) for p in found.problems]


def test_rows_name_tasks_of_their_chain_and_not_themselves(register: Register) -> None:
    assert problems(register, row("A"), row("B", "A")) == []
    assert problems(register, row("A", "Z")) == ["“示例整机”里没有任务 Z"]
    assert problems(register, row("A", "A")) == ["任务 A 依赖的是它自己"]
    put(register, row("A"))
    assert problems(register, row("B", "A")) == []
    assert problems(register, row("B", "A", chain="另一条")) == ["“另一条”里没有任务 A"]


def test_a_circle_is_refused_in_a_file_and_in_a_change(register: Register) -> None:
    told = problems(register, row("A", "B"), row("B", "A"))
    assert len(told) == 2 and all("依赖成了一圈" in one and "要等" in one for one in told)
    first, _ = put(register, row("A"), row("B", "A"))
    clerk, chief = make_user("section-clerk"), make_user("section-chief")
    with pytest.raises(JigaiError, match=r"依赖成了一圈：.*A 要等 B"):
        propose_event(
            entry=first, kind="change", effective=DAY, by=clerk, access=access_of(clerk),
            values=row("A", "B"),
        )  # fmt: skip
    # Two changes, each sound when it is proposed: the second one to be approved is refused.
    third, fourth = put(register, row("C"), row("D"))
    asked = [
        propose_event(entry=entry, kind="change", effective=DAY, by=clerk,
                      access=access_of(clerk), values=values)
        for entry, values in ((third, row("C", "D")), (fourth, row("D", "C")))
    ]  # fmt: skip
    decide_proposal(proposal=asked[0].pk, approve=True, by=chief, access=access_of(chief))
    with pytest.raises(JigaiError, match="依赖成了一圈"):
        decide_proposal(proposal=asked[1].pk, approve=True, by=chief, access=access_of(chief))


def test_a_completion_needs_a_proof_and_a_day_that_has_come(register: Register) -> None:
    assert problems(register, row("A", done="2021-03-01")) == ["写了完成日期，没有证明"]
    assert problems(register, row("A", done="2021-03-01", evidence_number="示例 1 号")) == []
    told = problems(register, row("A", done="2999-01-01", evidence_number="示例 1 号"))
    assert told == ["完成日期还没有到"]


def test_a_delay_beyond_one_s_reach_counts_but_is_not_named(register: Register) -> None:
    put(register, row("A", due="2021-03-01", place=SIBLING, unit="示例邻区厂"), row("B", "A"))
    put(register, row("X", chain="邻区的链", place=SIBLING))
    (mine,) = chains_on(access_of(make_user("section-clerk")), DAY)
    assert mine.name == "示例整机" and mine.state == LATE
    hidden = next(e.task for e in mine.tasks if e.task.code == "A")
    assert (hidden.name, hidden.holder, hidden.seen) == ("范围外的任务", "", False)
    above = chains_on(access_of(make_user("section-clerk", CITY)), DAY)
    assert [chain.name for chain in above] == ["示例整机", "邻区的链"]
    assert next(e.task for e in above[0].tasks if e.task.code == "A").holder == "示例邻区厂"


def test_a_completion_later_than_the_day_asked_for_has_not_happened(register: Register) -> None:
    put(register, row("A", due="2021-03-01", done="2021-05-01", evidence_number="示例 1 号"),
        row("B", "A"))  # fmt: skip
    access = access_of(make_user("section-clerk"))
    assert chains_on(access, DAY)[0].state == LATE
    assert chains_on(access, dt.date(2021, 6, 1))[0].state == ON_WAY
