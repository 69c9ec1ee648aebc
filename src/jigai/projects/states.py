"""The life of a project: states, and which may follow which.

Stages are named by 粤工信技改函〔2019〕1316号 四.五, 六安 三.一, 三.四 and 济兖政字〔2020〕14号
六.2. None says that one may not be skipped: a later one may be recorded, with its evidence.
"""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a project stands."""

    PLANNED = "planned"
    FILED = "filed"
    ADMITTED = "admitted"
    STARTED = "started"
    BUILDING = "building"
    COMPLETED = "completed"
    ACCEPTED = "accepted"
    PRODUCING = "producing"
    EVALUATED = "evaluated"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """As it is shown."""
        return STATES[self.value]


STATES = {
    "planned": "谋划",
    "filed": "已备案核准",
    "admitted": "已入库",
    "started": "已开工",
    "building": "在建",
    "completed": "已竣工",
    "accepted": "已验收",
    "producing": "已投产",
    "evaluated": "已评价",
    "stopped": "停建",
    "withdrawn": "已退出",
}


# In the order of a project's life.
LIFE = (
    State.PLANNED, State.FILED, State.ADMITTED, State.STARTED, State.BUILDING, State.COMPLETED,
    State.ACCEPTED, State.PRODUCING, State.EVALUATED,
)  # fmt: skip
# Work is going on, or not yet, or over: what counters and nudges ask.
NOT_STARTED = frozenset({State.PLANNED, State.FILED, State.ADMITTED})
UNDER_WAY = frozenset({State.STARTED, State.BUILDING})
FINISHED = frozenset({State.COMPLETED, State.ACCEPTED, State.PRODUCING, State.EVALUATED})
ENDED = frozenset({State.STOPPED, State.WITHDRAWN})
# Steps that need a reason, and those that need evidence (a file) beside the day.
WITH_REASON = frozenset({State.STOPPED, State.WITHDRAWN})
WITH_EVIDENCE = frozenset(
    {State.FILED, State.STARTED, State.COMPLETED, State.ACCEPTED, State.PRODUCING, State.EVALUATED}
)


def may_follow(before: str) -> tuple[State, ...]:
    """States a project may be brought to from ``before``, in the order of life.

    Forward by any number of stages; a stopped project goes on where building goes on or leaves; a
    withdrawn one does not come back (it is a new project).
    """
    state = State(before)
    if state is State.WITHDRAWN:
        return ()
    if state is State.STOPPED:
        return (State.STARTED, State.BUILDING, State.WITHDRAWN)
    later = LIFE[LIFE.index(state) + 1 :]
    ends = () if state in FINISHED else (State.STOPPED, State.WITHDRAWN)
    return (*later, *ends)


def later_of(stored: str, told: State) -> str:
    """The stage after a ledger tells one: a project never goes back by a word in a table."""
    if not stored:
        return told
    return told if told in may_follow(stored) and told not in ENDED else stored
