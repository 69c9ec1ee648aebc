"""A chain of tasks with what each waits for; one late task warns the whole chain. Pure.

粤工信技改函〔2019〕1316号 三.三: the machine and its four bases are developed together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

KINDS = ("whole", "part", "material", "process", "basis")
LATE, UNLINKED, UNSURE, ON_WAY, DONE = "late", "unlinked", "unsure", "on_way", "done"
WORDS = {
    LATE: "有环节滞后，整链有风险", UNLINKED: "没有登记依赖，整链无法判断",
    UNSURE: "链不完整，整链无法判断", ON_WAY: "按期推进", DONE: "全部完成",
}  # fmt: skip
LOOKS = {
    LATE: "rejected", UNLINKED: "undetermined", UNSURE: "undetermined", ON_WAY: "running",
    DONE: "done",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Task:
    """One task: ``code`` within its chain, ``needs`` codes of the tasks it waits for; ``seen`` is
    false for one out of the reader's reach."""

    entry: int
    chain: str
    code: str
    name: str
    kind: str
    needs: tuple[str, ...]
    starts: dt.date
    due: dt.date
    done: dt.date | None = None
    holder: str = ""
    project: str = ""
    seen: bool = True
    region: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """When a task ends, as far as the tasks before it tell: ``end`` its real or expected day,
    ``delay`` days after the term, ``late`` past its own term and not done."""

    task: Task
    end: dt.date
    delay: int
    late: bool

    @property
    def look(self) -> tuple[str, str]:
        """Badge and words."""
        if self.task.done:
            return "done", f"已完成，晚 {self.delay} 天" if self.delay else "已完成"
        if self.late:
            return "rejected", f"滞后 {self.delay} 天"
        return ("warning", f"受前项影响，晚 {self.delay} 天") if self.delay else ("running", "按期")


@dataclass(frozen=True, slots=True)
class Warned:
    """A late task, the way from it to the end that leaves the least time, and the days by which
    the last task of that way moves."""

    late: Expected
    path: tuple[Task, ...]
    moves: int


@dataclass(frozen=True, slots=True)
class Chain:
    """One chain on a day. ``loose`` are tasks that nothing ties to the rest, ``dangling`` tasks
    with the codes they name that are not there, ``lacking`` kinds without a task."""

    name: str
    tasks: tuple[Expected, ...]
    warned: tuple[Warned, ...]
    loose: tuple[Task, ...] = ()
    dangling: tuple[tuple[Task, str], ...] = ()
    lacking: tuple[str, ...] = ()
    linked: bool = True
    cycle: tuple[str, ...] = field(default=())

    @property
    def state(self) -> str:
        """A late task first; a chain is on its way only where every task is tied in."""
        if self.warned:
            return LATE
        if self.tasks and all(one.task.done for one in self.tasks):
            return DONE
        if not self.linked:
            return UNLINKED
        return UNSURE if self.loose or self.dangling or self.cycle else ON_WAY

    @property
    def word(self) -> str:
        """The state in words."""
        return WORDS[self.state]

    @property
    def look(self) -> str:
        """Its badge."""
        return LOOKS[self.state]

    @property
    def moves(self) -> int:
        """Days by which the end of the chain moves at least."""
        return max((one.moves for one in self.warned), default=0)


def find_cycle(needs: Mapping[str, Sequence[str]]) -> list[str]:
    """Codes that wait for each other, the first again at the end; empty where there are none."""
    try:
        tuple(TopologicalSorter(needs).static_order())
    except CycleError as error:
        # The library tells the way from what is needed to what needs it.
        return list(reversed(error.args[1]))
    return []


def study(name: str, tasks: Iterable[Task], day: dt.date) -> Chain:
    """How a chain stands on a day."""
    known = {task.code: task for task in sorted(tasks, key=lambda task: task.code)}
    needs = {task.code: [c for c in task.needs if c in known] for task in known.values()}
    needed = {code for codes in needs.values() for code in codes}
    loose = tuple(
        t for t in known.values() if len(known) > 1 and not needs[t.code] and t.code not in needed
    )
    kinds = {task.kind for task in known.values()}
    dangling = tuple((t, c) for t in known.values() for c in t.needs if c not in known)
    lacking = tuple(kind for kind in KINDS if kind not in kinds)
    cycle = tuple(find_cycle(needs))
    ends = {} if cycle else _expected(known, needs, day)
    shown = ends or {code: _alone(task, day) for code, task in known.items()}
    warned = tuple(_warn(one, shown, needs, bool(cycle)) for one in shown.values() if one.late)
    return Chain(
        name, tuple(shown.values()), tuple(sorted(warned, key=lambda w: -w.moves)), loose, dangling,
        lacking, linked=bool(needed), cycle=cycle,
    )  # fmt: skip


def _expected(
    known: Mapping[str, Task], needs: Mapping[str, Sequence[str]], day: dt.date
) -> dict[str, Expected]:
    """Delays handed on along the chain, less the time that the plan leaves between two tasks."""
    found: dict[str, Expected] = {}
    for code in TopologicalSorter(needs).static_order():
        task = known[code]
        handed = max(
            (found[need].delay - slack(known[need], task) for need in needs[code]), default=0
        )
        found[code] = _alone(task, day, max(handed, 0))
    return found


def _alone(task: Task, day: dt.date, handed: int = 0) -> Expected:
    late = task.done is None and task.due < day
    end = task.done or max(task.due + dt.timedelta(days=handed), day if late else dt.date.min)
    return Expected(task, end, max((end - task.due).days, 0), late)


def slack(before: Task, after: Task) -> int:
    """Whole days that the plan leaves between the term of one task and the start of the next."""
    return max((after.starts - before.due).days - 1, 0)


def _warn(
    late: Expected, ends: Mapping[str, Expected], needs: Mapping[str, Sequence[str]], alone: bool
) -> Warned:
    if alone:
        return Warned(late, (late.task,), late.delay)
    gap, path = _tightest(ends, needs)[late.task.code]
    return Warned(late, path, max(late.delay - gap, 0))


def _tightest(
    ends: Mapping[str, Expected], needs: Mapping[str, Sequence[str]]
) -> dict[str, tuple[int, tuple[Task, ...]]]:
    """From every task the way to an end with the least time to spare, and that time in days.

    A task that is done takes no delay on; of equal ways the longer one, then by code.
    """
    after: dict[str, list[str]] = {code: [] for code in needs}
    for code, before in needs.items():
        for need in before:
            after[need].append(code)
    found: dict[str, tuple[int, tuple[Task, ...]]] = {}
    for code in reversed(tuple(TopologicalSorter(needs).static_order())):
        task = ends[code].task
        ways = [
            (slack(task, ends[next_].task) + found[next_][0], (task, *found[next_][1]))
            for next_ in after[code] if not ends[next_].task.done
        ]  # fmt: skip
        found[code] = min(
            ways, key=lambda way: (way[0], -len(way[1]), [t.code for t in way[1]]),
            default=(0, (task,)),
        )  # fmt: skip
    return found
