"""Where boxes stand and how arrows run between them: columns, free tracks, right angles.

An arrow over several layers gets a thin slot of its own in each column it passes, so it never runs
through a box; arrows leaving one box share their slots (Sugiyama, Tagawa and Toda 1981, cut down).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from jigai.cases.flow.graph import all_before, direct
from jigai.cases.flow.shapes import Step

Point = tuple[int, int]
# A step in its own column, or the slot of its arrows in a column behind: (step, layer).
Slot = tuple[str, int]
SLOT_HEIGHT, LEAST_GAP, TRACK, LEAD = 10, 40, 9, 14


@dataclass(slots=True)
class Plan:
    """Left edges of the columns, corners of the boxes by step, middles of slots, tracks of gaps."""

    box_width: int
    box_height: int
    lefts: list[int] = field(default_factory=list)
    boxes: dict[str, Point] = field(default_factory=dict)
    middles: dict[Slot, int] = field(default_factory=dict)
    tracks: dict[Slot, int] = field(default_factory=dict)
    depth: dict[str, int] = field(default_factory=dict)
    edges: list[tuple[str, str]] = field(default_factory=list)
    width: int = 0
    height: int = 0


def columns(
    steps: Sequence[Step], ranks: list[list[str]], *, width: int, height: int, gap: int,
    margin: int, top: int,
) -> Plan:  # fmt: skip
    """A place for every step and every slot of the arrows between them."""
    plan = Plan(width, height)
    plan.depth = {name: at for at, rank in enumerate(ranks) for name in rank}
    plan.edges = needed_edges(steps)
    stacks = _stacks(plan, ranks)
    heights = [_stack_height(plan, stack, layer, gap) for layer, stack in enumerate(stacks)]
    tallest = max(heights, default=0)
    left = margin
    for layer, stack in enumerate(stacks):
        plan.lefts.append(left)
        y = top + (tallest - heights[layer]) // 2
        for name in stack:
            tall = _slot_height(plan, name, layer)
            plan.middles[name, layer] = y + tall // 2
            if plan.depth[name] == layer:
                plan.boxes[name] = (left, y)
            y += tall + gap
        left += width + LEAST_GAP
    _tracks(plan)
    plan.width = (plan.lefts[-1] + width if plan.lefts else margin) + margin
    plan.height = top + tallest + margin
    return plan


def needed_edges(steps: Sequence[Step]) -> list[tuple[str, str]]:
    """The pairs to draw: without those that follow from others (a waits for b and c, b for c)."""
    before = all_before(steps)
    return [
        (source, name)
        for name, sources in direct(steps).items()
        for source in sources
        if not any(source in before[other] for other in sources)
    ]


def routes(plan: Plan) -> dict[tuple[str, str], tuple[Point, ...]]:
    """The corners of every arrow, from the right edge of its source to the left edge of its
    target."""
    found = {}
    for source, target in plan.edges:
        first, last = plan.depth[source], plan.depth[target]
        points = [(plan.lefts[first] + plan.box_width, plan.middles[source, first])]
        for layer in range(first, last):
            following = (source, layer + 1) if layer + 1 < last else (target, last)
            x = plan.tracks[source, layer]
            points += [(x, plan.middles[source, layer]), (x, plan.middles[following])]
        points.append((plan.lefts[last], plan.middles[target, last]))
        found[source, target] = _straightened(points)
    return found


def _stacks(plan: Plan, ranks: list[list[str]]) -> list[list[str]]:
    """What stands in each column from top to bottom: near what it comes from, to cross less."""
    stacks: list[list[str]] = []
    for layer, rank in enumerate(ranks):
        passing = {s for s, t in plan.edges if plan.depth[s] < layer < plan.depth[t]}
        names = rank + [name for name in plan.depth if name in passing]
        if layer:
            sources: dict[str, list[str]] = {name: [name] for name in passing}
            for source, target in plan.edges:
                if plan.depth[target] == layer:
                    sources.setdefault(target, []).append(source)
            share = {name: (2 * at + 1) / len(stacks[-1]) for at, name in enumerate(stacks[-1])}
            wanted = {
                name: sum(share[one] for one in sources[name]) / len(sources[name])
                for name in names
            }
            names.sort(key=wanted.__getitem__)
        stacks.append(names)
    return stacks


def _slot_height(plan: Plan, name: str, layer: int) -> int:
    return plan.box_height if plan.depth[name] == layer else SLOT_HEIGHT


def _stack_height(plan: Plan, stack: list[str], layer: int, gap: int) -> int:
    return sum(_slot_height(plan, name, layer) for name in stack) + gap * (len(stack) - 1)


def _tracks(plan: Plan) -> None:
    """A track for each source in each gap; a gap with many tracks pushes all behind it right."""
    moves = _moves(plan)
    pushed = 0
    for layer in range(len(plan.lefts)):
        plan.lefts[layer] += pushed
        bending = _in_turn([one for one in moves.get(layer, []) if one[1] != {one[2]}])
        at = plan.lefts[layer] + plan.box_width + LEAD
        for source, _ends, _start in moves.get(layer, []):
            plan.tracks[source, layer] = at
        for number, source in enumerate(bending):
            plan.tracks[source, layer] = at + TRACK * number
        # The last stretch must be long enough for the head of the arrow.
        pushed += max(0, LEAD + TRACK * len(bending) + LEAD - LEAST_GAP)
    plan.boxes = {name: (plan.lefts[plan.depth[name]], y) for name, (_x, y) in plan.boxes.items()}


# A source in a gap: its name, the heights it goes to, the height it comes from.
Move = tuple[str, set[int], int]


def _moves(plan: Plan) -> dict[int, list[Move]]:
    found: dict[int, dict[str, set[int]]] = {}
    for source, target in plan.edges:
        last = plan.depth[target]
        for layer in range(plan.depth[source], last):
            following = (source, layer + 1) if layer + 1 < last else (target, last)
            found.setdefault(layer, {}).setdefault(source, set()).add(plan.middles[following])
    return {
        layer: [(name, ends, plan.middles[name, layer]) for name, ends in moves.items()]
        for layer, moves in found.items()
    }


def _in_turn(moves: list[Move]) -> list[str]:
    """Sources so that one leaves its height before another's arrow comes in at it, if it can be."""
    rest = list(moves)
    turn: list[str] = []
    while rest:
        free = next(
            (one for one in rest
             if not any(other[2] in one[1] for other in rest if other is not one)), rest[0],
        )  # fmt: skip
        rest.remove(free)
        turn.append(free[0])
    return turn


def _straightened(points: list[Point]) -> tuple[Point, ...]:
    """Without doubled points and without those in the middle of a straight line."""
    found: list[Point] = []
    for point in points:
        if found and point == found[-1]:
            continue
        if len(found) > 1 and (
            found[-2][0] == found[-1][0] == point[0] or found[-2][1] == found[-1][1] == point[1]
        ):
            found.pop()
        found.append(point)
    return tuple(found)
