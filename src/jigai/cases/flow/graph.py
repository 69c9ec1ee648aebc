"""The order of the steps: layers, cycles, what comes before what, and the critical path.

Everything here is iterative: a procedure of a thousand steps in a row is as good as one of three.
Names in ``after`` that are no step are passed over; :mod:`jigai.cases.flow.lint` reports them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from jigai.cases.flow.shapes import Procedure, Step
from jigai.errors import JigaiError


@dataclass(frozen=True, slots=True)
class CriticalPath:
    """The longest way through: its working days and the ids of its steps, first to last."""

    days: int
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """Earliest start and end of a step in working days from the start of the case (0), and by how
    many working days it may slip before the whole takes longer."""

    starts: int
    ends: int
    slack: int


def direct(steps: Sequence[Step]) -> dict[str, tuple[str, ...]]:
    """The steps each step waits for, by id, in the order as written, each once."""
    known = {step.id for step in steps}
    return {
        step.id: tuple(dict.fromkeys(name for name in step.after if name in known))
        for step in steps
    }


def followers(steps: Sequence[Step]) -> dict[str, tuple[str, ...]]:
    """The steps that wait for each step, by id, in the order as written."""
    found: dict[str, list[str]] = {step.id: [] for step in steps}
    for name, before in direct(steps).items():
        for one in before:
            found[one].append(name)
    return {name: tuple(after) for name, after in found.items()}


def cycle(steps: Sequence[Step]) -> list[str] | None:
    """The ids of one ring of steps that wait for each other, in the order of the work and from the
    one written first; ``None`` where there is none."""
    try:
        TopologicalSorter(direct(steps)).prepare()
    except CycleError as error:
        ring: list[str] = list(error.args[1][:-1])
        places = _places(steps)
        first = min(range(len(ring)), key=lambda at: places[ring[at]])
        return ring[first:] + ring[:first]
    return None


def order(steps: Sequence[Step]) -> list[str]:
    """The ids so that each comes after all it waits for.

    Raises :class:`JigaiError` (``procedure-cycle``) where steps wait for each other.
    """
    try:
        return list(TopologicalSorter(direct(steps)).static_order())
    except CycleError:
        names = "→".join(cycle(steps) or ())
        raise JigaiError(
            "procedure-cycle", f"步骤互相等候：{names}", "去掉其中一个前置步骤"
        ) from None


def layers(procedure: Procedure) -> list[list[str]]:
    """The ids in layers: each step one layer behind the last it waits for, as written within one.

    Raises as :func:`order` does.
    """
    before = direct(procedure.steps)
    depth: dict[str, int] = {}
    for name in order(procedure.steps):
        depth[name] = max((depth[one] + 1 for one in before[name]), default=0)
    found: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for name in _places(procedure.steps):
        found[depth[name]].append(name)
    return found


def all_before(steps: Sequence[Step]) -> dict[str, frozenset[str]]:
    """Everything that is surely over when a step begins, by id. Raises as :func:`order` does."""
    before = direct(steps)
    found: dict[str, frozenset[str]] = {}
    for name in order(steps):
        found[name] = frozenset(before[name]).union(*(found[one] for one in before[name]))
    return found


def predecessors(steps: Sequence[Step], name: str) -> frozenset[str]:
    """All steps before one, near and far."""
    return _reach(direct(steps), name)


def descendants(steps: Sequence[Step], name: str) -> frozenset[str]:
    """All steps behind one, near and far."""
    return _reach(followers(steps), name)


def critical_path(steps: Sequence[Step], skipped: Collection[str] = ()) -> CriticalPath:
    """The longest way through by working days.

    ``skipped`` steps take no days and are not named, but what is behind them still waits for what
    is before them. Of equally long ways the one whose steps were written first, looking from the
    end; a step of no days on the way is not left out. Raises as :func:`order` does.
    """
    places, before, ends = _places(steps), direct(steps), _earliest_ends(steps, skipped)
    behind = followers(steps)
    name = max(
        (name for name in places if not behind[name]),
        key=lambda name: (ends[name], -places[name]), default="",
    )  # fmt: skip
    days, way = ends.get(name, 0), []
    while name:
        way.append(name)
        latest = max((ends[one] for one in before[name]), default=0)
        tied = [one for one in before[name] if ends[one] == latest]
        passed = frozenset().union(*(_reach(before, one) for one in tied if len(tied) > 1))
        name = min((one for one in tied if one not in passed), key=places.__getitem__, default="")
    return CriticalPath(days, tuple(name for name in reversed(way) if name not in skipped))


def uncounted(procedure: Procedure) -> frozenset[str]:
    """The steps that take nothing of the limit of the whole: acceptance and what is before it.

    A limit runs from the day of acceptance (行政许可法第四十二条); without a step that accepts it
    runs from handing in and every step counts.
    """
    acceptance = procedure.acceptance
    if acceptance is None:
        return frozenset()
    return predecessors(procedure.steps, acceptance.id) | {acceptance.id}


def counted_path(procedure: Procedure, skipped: Collection[str] = ()) -> CriticalPath:
    """The critical path as far as the limit of the whole counts it."""
    return critical_path(procedure.steps, uncounted(procedure).union(skipped))


def schedule(steps: Sequence[Step], skipped: Collection[str] = ()) -> dict[str, Planned]:
    """When each step can begin and end at the earliest, and its slack; by id, as written.

    Raises as :func:`order` does.
    """
    days, behind, ends = _days(steps, skipped), followers(steps), _earliest_ends(steps, skipped)
    whole = max(ends.values(), default=0)
    latest: dict[str, int] = {}
    for name in reversed(order(steps)):
        latest[name] = min((latest[one] - days[one] for one in behind[name]), default=whole)
    return {
        name: Planned(ends[name] - days[name], ends[name], latest[name] - ends[name])
        for name in _places(steps)
    }


def sum_of_days(steps: Sequence[Step], skipped: Collection[str] = ()) -> int:
    """Working days if the steps were done one after another: what the whole does *not* take."""
    return sum(_days(steps, skipped).values())


def _earliest_ends(steps: Sequence[Step], skipped: Collection[str]) -> dict[str, int]:
    before, days = direct(steps), _days(steps, skipped)
    ends: dict[str, int] = {}
    for name in order(steps):
        ends[name] = days[name] + max((ends[one] for one in before[name]), default=0)
    return ends


def _days(steps: Sequence[Step], skipped: Collection[str]) -> dict[str, int]:
    return {step.id: 0 if step.id in skipped else step.days for step in steps}


def _places(steps: Sequence[Step]) -> dict[str, int]:
    return {step.id: place for place, step in enumerate(steps)}


def _reach(edges: dict[str, tuple[str, ...]], name: str) -> frozenset[str]:
    found: set[str] = set()
    waiting = list(edges[name])
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting.extend(edges[one])
    return frozenset(found)
