"""The step machine: which steps open, which are passed over, when all is done, what goes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jigai.cases.flow.graph import descendants, predecessors
from jigai.cases.flow.shapes import Procedure, Step, Vote

FINISHED = frozenset({"done", "skipped"})


@dataclass(frozen=True, slots=True)
class Standing:
    """How a step stands in its latest round."""

    round: int
    state: str
    result: str = ""


@dataclass(frozen=True, slots=True)
class Moves:
    """Steps to start and steps to pass over, in the order of the procedure."""

    start: tuple[Step, ...] = ()
    skip: tuple[Step, ...] = ()


def openings(
    procedure: Procedure, standing: Mapping[str, Standing], holds: Callable[[Step], Any]
) -> Moves:
    """What opens now. ``holds`` says whether a step's condition is true, false or unknown.

    A step whose condition is unknown is needed: unknown is not false. Passing over one step may
    open the next, so the answer is complete.
    """
    state = {name: one.state for name, one in standing.items()}
    start: list[Step] = []
    skip: list[Step] = []
    moved = True
    while moved:
        moved = False
        for step in procedure.steps:
            waiting = state.get(step.id, "waiting") in ("waiting", "returned")
            if not waiting or any(state.get(name) not in FINISHED for name in step.after):
                continue
            needed = not step.when or holds(step) is not False
            (start if needed else skip).append(step)
            state[step.id] = "active" if needed else "skipped"
            moved = True
    return Moves(tuple(start), tuple(skip))


def is_finished(procedure: Procedure, standing: Mapping[str, Standing]) -> bool:
    """Whether every step is done or passed over."""
    return all(
        step.id in standing and standing[step.id].state in FINISHED for step in procedure.steps
    )


def again(procedure: Procedure, name: str) -> tuple[str, ...]:
    """A step and everything that waits for it, however far: what is done again after 退回."""
    found = descendants(procedure.steps, name) | {name}
    return tuple(step.id for step in procedure.steps if step.id in found)


def before(procedure: Procedure, name: str) -> tuple[str, ...]:
    """The steps that lead to one, in order: where it may be sent back to."""
    found = predecessors(procedure.steps, name)
    return tuple(step.id for step in procedure.steps if step.id in found)


def verdict(step: Step, decisions: Iterable[str]) -> str:
    """What the decisions so far make of a step: ``agree``, ``disagree``, or still open (``""``).

    ``decisions`` holds one entry a task, empty where it is not decided. 或签 ends with the first;
    会签 needs all and one refusal ends it (an opinion waits for all the same); a vote ends once the
    outcome cannot change or all have voted, and fails without its quorum.
    """
    given = list(decisions)
    cast = [one for one in given if one]
    if step.mode == "vote":
        return _counted(step.vote, cast, len(given))
    if step.mode == "any" or (step.mode == "one" and len(given) == 1):
        return cast[0] if cast else ""
    if "disagree" in cast and step.deed == "decision":
        return "disagree"
    if len(cast) < len(given) or not given:
        return ""
    return "disagree" if "disagree" in cast else "agree"


def _counted(vote: Vote, cast: list[str], people: int) -> str:
    # Nobody learns the outcome before the last vote, and a late vote still counts.
    if len(cast) < people or not people:
        return ""
    valid = [one for one in cast if one != "abstain"]
    if len(cast) < vote.quorum or not valid:
        return "disagree"
    share, needed = valid.count("agree") * vote.denominator, len(valid) * vote.numerator
    passed = share > needed if vote.more_than else share >= needed
    return "agree" if passed else "disagree"
