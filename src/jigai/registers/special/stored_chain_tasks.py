"""Chains of tasks as stored, and the check that keeps dependencies whole and without circles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable, Sequence
from itertools import pairwise
from typing import Any

from django.utils import timezone

from jigai.core.access import Access
from jigai.registers.access import visible_entries
from jigai.registers.entry_values import Prepared, ValueProblem
from jigai.registers.models import Entry, EntrySpan, Register
from jigai.registers.selectors import on_day
from jigai.registers.special.chain_tasks import Chain, Task, find_cycle, study
from jigai.registers.special.ledger import find_register

TASKS = "chain-tasks"


def chains_on(access: Access, day: dt.date, name: str = "") -> list[Chain]:
    """Every chain with a task in reach, the most urgent first.

    Tasks out of reach count, for a delay comes over borders; who carries them out is not told.
    """
    register = find_register(TASKS)
    if register is None:
        return []
    seen = set(visible_entries(access, register).values_list("pk", flat=True))
    chains = _tasks(register, day, seen, name)
    found = [
        study(chain, tasks, day) for chain, tasks in chains.items() if any(t.seen for t in tasks)
    ]
    return sorted(found, key=lambda chain: (-bool(chain.warned), -chain.moves, chain.name))


def late_chains(day: dt.date) -> list[tuple[Chain, set[str]]]:
    """Chains with a late task, whoever may see them, and the regions that work on each: for the
    daily round, which tells none of what its readers may not see."""
    register = find_register(TASKS)
    found = []
    for chain, tasks in _tasks(register, day, None).items() if register else ():
        studied = study(chain, tasks, day)
        if studied.warned:
            found.append((studied, {task.region for task in tasks}))
    return found


def _tasks(
    register: Register, day: dt.date, seen: Container[int] | None, name: str = ""
) -> dict[str, list[Task]]:
    rows = EntrySpan.objects.filter(on_day(day), register=register).order_by("entry_id", "starts")
    if name:
        rows = rows.filter(values__chain=name)
    chains: dict[str, list[Task]] = {}
    for span in rows:
        task = _task(span.entry_id, span.values, seen is None or span.entry_id in seen, day)
        chains.setdefault(task.chain, []).append(task)
    return chains


def _task(entry: int, values: dict[str, Any], seen: bool, day: dt.date) -> Task:
    done = _day(values["done"]) if values.get("done") else None
    firm = (values.get("enterprise") or {}).get("name", "")
    return Task(
        entry, str(values["chain"]), str(values["task"]),
        str(values["name"]) if seen else "范围外的任务", str(values["kind"]),
        tuple(values.get("needs") or ()), _day(values["starts"]), _day(values["due"]),
        done if done and done <= day else None,
        (firm or str(values.get("unit") or "")) if seen else "",
        str(values.get("project") or "") if seen else "", seen, str(values["place"]),
    )  # fmt: skip


def _day(text: Any) -> dt.date:
    return dt.date.fromisoformat(str(text))


def check_tasks(register: Register, rows: Sequence[Prepared]) -> None:
    """Refuse a task that waits for itself, for one that is not there or for one that waits for it,
    and a completion that nothing proves."""
    names = {str(row.values["chain"]) for row in rows}
    changed = {row.entry_id for row in rows if row.entry_id is not None}
    stored = Entry.objects.filter(register=register, state=Entry.State.LISTED)
    kept = stored.filter(values__chain__in=names).exclude(pk__in=changed)
    needs: dict[str, dict[str, list[str]]] = {name: {} for name in names}
    for values in [*kept.values_list("values", flat=True), *(row.values for row in rows)]:
        needs[str(values["chain"])][str(values["task"])] = list(values.get("needs") or ())
    for row in rows:
        row.problems += _broken(row.values, needs[str(row.values["chain"])])
    _refuse_circles(rows, needs)


def _broken(values: dict[str, Any], chain: dict[str, list[str]]) -> Iterable[ValueProblem]:
    code = str(values["task"])
    for need in values.get("needs") or ():
        if need == code:
            yield ValueProblem("needs", f"任务 {code} 依赖的是它自己", "去掉自己的编号")
        elif need not in chain:
            yield ValueProblem(
                "needs", f"“{values['chain']}”里没有任务 {need}", "先登记那项任务，再写依赖"
            )
    yield from _unproven(values)


def _unproven(values: dict[str, Any]) -> Iterable[ValueProblem]:
    done = values.get("done")
    if done and _day(done) > timezone.localdate():
        yield ValueProblem("done", "完成日期还没有到", "完成以后再填")
    if done and not (values.get("evidence") or values.get("evidence_number")):
        yield ValueProblem("done", "写了完成日期，没有证明", "附上完成证明，或写证明编号")


def _refuse_circles(rows: Sequence[Prepared], needs: dict[str, dict[str, list[str]]]) -> None:
    for name, chain in needs.items():
        circle = find_cycle(
            {code: [n for n in wants if n != code] for code, wants in chain.items()}
        )
        if not circle:
            continue
        way = "，".join(f"{one} 要等 {next_}" for one, next_ in pairwise(circle))
        for row in rows:
            if str(row.values["chain"]) == name and str(row.values["task"]) in circle:
                row.problems.append(
                    ValueProblem("needs", f"依赖成了一圈：{way}", "去掉其中一个依赖")
                )
