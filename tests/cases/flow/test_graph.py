"""The order of steps: layers, cycles, the critical path and what it is not."""

from __future__ import annotations

from itertools import pairwise

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jigai.cases.flow import graph
from jigai.cases.flow.shapes import Procedure, Step, read_procedure
from jigai.errors import JigaiError
from tests.cases.flow.strategies import procedures


def steps(*given: tuple[str, str, int]) -> tuple[Step, ...]:
    """Steps from (id, ids it waits for with blanks between, days)."""
    return tuple(Step(name, name, after=tuple(after.split()), days=d) for name, after, d in given)


# 受理 2 → 用地 10 ∥ 环评 15 ∥ 能评 8 → 会审 5
PARALLEL = steps(
    ("accept", "", 2), ("land", "accept", 10), ("environment", "accept", 15),
    ("energy", "accept", 8), ("meeting", "land environment energy", 5),
)  # fmt: skip


def as_networkx(procedure: Procedure, skipped: frozenset[str] = frozenset()) -> networkx.DiGraph:
    """A node between two ends, the days on the edge: the oracle weighs edges, not nodes."""
    found = networkx.DiGraph()
    for step in procedure.steps:
        found.add_edge((step.id, 0), (step.id, 1), days=0 if step.id in skipped else step.days)
        for name in step.after:
            found.add_edge((name, 1), (step.id, 0), days=0)
    return found


@pytest.mark.system("parallel-approval")
def test_the_whole_takes_the_critical_path_and_not_the_sum() -> None:
    path = graph.critical_path(PARALLEL)
    assert path == graph.CriticalPath(22, ("accept", "environment", "meeting"))
    assert graph.sum_of_days(PARALLEL) == 40


@settings(max_examples=1000, deadline=None)
@given(procedures(), st.data())
def test_the_critical_path_is_the_one_networkx_finds(procedure: Procedure, data: st.DataObject):
    names = [step.id for step in procedure.steps]
    skipped = data.draw(st.frozensets(st.sampled_from(names), max_size=3))
    path = graph.critical_path(procedure.steps, skipped)
    oracle = as_networkx(procedure, skipped)
    assert path.days == networkx.dag_longest_path_length(oracle, weight="days")
    # The named steps are a way through, and their days are its length.
    assert sum(procedure.step(name).days for name in path.steps) == path.days
    assert not skipped & set(path.steps)
    for one, other in pairwise(path.steps):
        assert networkx.has_path(oracle, (one, 1), (other, 0))
    if not skipped:
        assert all(one in procedure.step(other).after for one, other in pairwise(path.steps))


@settings(max_examples=100, deadline=None)
@given(procedures())
def test_slack_is_how_long_a_step_may_slip(procedure: Procedure) -> None:
    plan = graph.schedule(procedure.steps)
    whole = graph.critical_path(procedure.steps)
    assert max(one.ends for one in plan.values()) == whole.days
    assert all(plan[name].slack == 0 for name in whole.steps)
    for step in procedure.steps:
        mine = plan[step.id]
        assert mine.ends - mine.starts == step.days and mine.slack >= 0
        assert mine.starts == max((plan[name].ends for name in step.after), default=0)
        longer = [
            Step(one.id, one.name, one.after, days=one.days + mine.slack * (one.id == step.id))
            for one in procedure.steps
        ]
        assert graph.critical_path(longer).days == whole.days
        longer[procedure.steps.index(step)] = Step(
            step.id, step.name, step.after, days=step.days + mine.slack + 1
        )
        assert graph.critical_path(longer).days == whole.days + 1


def test_equally_long_ways_go_by_the_order_written() -> None:
    both = steps(("a", "", 1), ("b", "a", 3), ("c", "a", 3), ("d", "c b", 1))
    assert graph.critical_path(both).steps == ("a", "b", "d")
    turned = (both[0], both[2], both[1], both[3])
    assert graph.critical_path(turned).steps == ("a", "c", "d")
    ends = steps(("a", "", 2), ("b", "", 2))
    assert graph.critical_path(ends).steps == ("a",)


def test_a_step_of_no_days_stays_on_the_way() -> None:
    found = graph.critical_path(steps(("a", "", 3), ("b", "a", 0), ("c", "a b", 2)))
    assert found == graph.CriticalPath(5, ("a", "b", "c"))


def test_skipped_steps_take_no_days_but_keep_the_order() -> None:
    path = graph.critical_path(PARALLEL, {"environment"})
    assert path == graph.CriticalPath(17, ("accept", "land", "meeting"))
    row = steps(("a", "", 3), ("b", "a", 9), ("c", "b", 2))
    assert graph.critical_path(row, ["b"]) == graph.CriticalPath(5, ("a", "c"))
    assert graph.schedule(row, ["b"])["c"] == graph.Planned(3, 5, 0)
    assert graph.sum_of_days(row, ["b"]) == 5


def test_the_limit_counts_from_acceptance() -> None:
    content = {
        "steps": [
            {"id": "preview", "name": "预审", "days": 3},
            {"id": "accept", "name": "受理", "days": 5, "accepts": True},
            {"id": "review", "name": "审查", "days": 10},
        ]
    }
    procedure = read_procedure(content)
    assert graph.counted_path(procedure) == graph.CriticalPath(10, ("review",))
    assert graph.uncounted(procedure) == {"preview", "accept"}
    assert graph.critical_path(procedure.steps).days == 18
    content["steps"][1]["accepts"] = False
    assert graph.counted_path(read_procedure(content)).days == 18
    assert graph.uncounted(read_procedure(content)) == set()


def test_a_parallel_plan_with_its_slack() -> None:
    plan = graph.schedule(PARALLEL)
    assert plan["accept"] == graph.Planned(0, 2, 0)
    assert plan["land"] == graph.Planned(2, 12, 5)
    assert plan["energy"] == graph.Planned(2, 10, 7)
    assert plan["meeting"] == graph.Planned(17, 22, 0)


def test_layers_as_written() -> None:
    procedure = Procedure(steps=(*PARALLEL[:1], *PARALLEL[:0:-1]))
    assert graph.layers(procedure) == [["accept"], ["energy", "environment", "land"], ["meeting"]]
    assert graph.layers(Procedure()) == []


@pytest.mark.parametrize(
    ("given", "ring"),
    [
        (steps(("a", "", 1), ("b", "a", 1)), None),
        (steps(("a", "a", 1)), ["a"]),
        (steps(("a", "c", 1), ("b", "a", 1), ("c", "b", 1), ("d", "c", 1)), ["a", "b", "c"]),
        (steps(("x", "", 1), ("c", "b x", 1), ("b", "a", 1), ("a", "c", 1)), ["c", "a", "b"]),
    ],
)
def test_a_ring_is_told_in_the_order_of_the_work(
    given: tuple[Step, ...], ring: list[str] | None
) -> None:
    assert graph.cycle(given) == ring
    if ring:
        with pytest.raises(JigaiError) as caught:
            graph.critical_path(given)
        assert caught.value.code == "procedure-cycle" and "→".join(ring) in caught.value.message


def test_a_ring_is_really_one() -> None:
    given = steps(("a", "b", 1), ("b", "c d", 1), ("c", "a", 1), ("d", "e", 1), ("e", "b", 1))
    ring = graph.cycle(given) or []
    waits = {step.id: step.after for step in given}
    assert len(ring) > 1 and all(one in waits[nxt] for one, nxt in pairwise([*ring, ring[0]]))


def test_near_and_far() -> None:
    assert graph.predecessors(PARALLEL, "meeting") == {"accept", "land", "environment", "energy"}
    assert graph.descendants(PARALLEL, "accept") == {"land", "environment", "energy", "meeting"}
    assert graph.predecessors(PARALLEL, "accept") == graph.descendants(PARALLEL, "meeting") == set()
    assert graph.all_before(PARALLEL)["energy"] == {"accept"}
    assert graph.followers(PARALLEL)["land"] == ("meeting",)


@settings(max_examples=100, deadline=None)
@given(procedures())
def test_before_and_behind_agree_with_networkx(procedure: Procedure) -> None:
    oracle = networkx.DiGraph()
    for step in procedure.steps:
        oracle.add_node(step.id)
        oracle.add_edges_from((name, step.id) for name in step.after)
    every = graph.all_before(procedure.steps)
    for step in procedure.steps:
        assert every[step.id] == graph.predecessors(procedure.steps, step.id)
        assert every[step.id] == networkx.ancestors(oracle, step.id)
        assert graph.descendants(procedure.steps, step.id) == networkx.descendants(oracle, step.id)
    generations = [sorted(rank) for rank in networkx.topological_generations(oracle)]
    assert [sorted(rank) for rank in graph.layers(procedure)] == generations


def test_names_that_are_no_step_are_passed_over() -> None:
    assert graph.critical_path(steps(("a", "gone", 2), ("b", "a a", 1))).days == 3
    assert graph.direct(steps(("a", "", 1), ("b", "a gone a", 1)))["b"] == ("a",)


def test_no_steps_take_no_time() -> None:
    assert graph.critical_path(()) == graph.CriticalPath(0, ())
    assert graph.schedule(()) == {} and graph.cycle(()) is None and graph.sum_of_days(()) == 0


def test_a_thousand_steps_in_a_row_and_side_by_side() -> None:
    row = tuple(
        Step(f"s{at}", f"第{at}步", after=(f"s{at - 1}",) if at else (), days=1)
        for at in range(1000)
    )
    assert graph.critical_path(row).days == 1000
    assert graph.schedule(row)["s999"] == graph.Planned(999, 1000, 0)
    assert len(graph.predecessors(row, "s999")) == 999
    wide = (*row[:1], *(Step(f"w{at}", "并行", after=("s0",), days=at) for at in range(999)))
    assert graph.critical_path(wide) == graph.CriticalPath(999, ("s0", "w998"))
    ring = (Step("s0", "首", after=("s999",)), *row[1:])
    assert graph.cycle(ring) == [f"s{at}" for at in range(1000)]
