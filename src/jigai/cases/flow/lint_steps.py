"""Checks of the steps: ids, what they wait for, where they join, where a refusal goes."""

from __future__ import annotations

from collections.abc import Iterator

from jigai.cases.flow.graph import all_before, cycle, followers
from jigai.cases.flow.problems import Problem, at_step, quoted
from jigai.cases.flow.shapes import Procedure
from jigai.core.fields.shapes import IDENTIFIER

ID_FIX = "用小写字母开头，只含小写字母、数字和下划线，最多四十个"
RETURN = "return:"


def shape_problems(procedure: Procedure) -> Iterator[Problem]:
    """No steps, ids that cannot be used, steps without names."""
    if not procedure.steps:
        yield Problem("no-steps", "步骤", "还没有步骤", "至少加一个步骤")
    seen: set[str] = set()
    for number, step in enumerate(procedure.steps, 1):
        where = at_step(step)
        if not IDENTIFIER.fullmatch(step.id):
            yield Problem("step-id", where, f"代号“{step.id}”不能用", ID_FIX)
        if step.id in seen:
            yield Problem("step-twice", where, f"代号“{step.id}”前面已经用过", "换一个代号")
        seen.add(step.id)
        if not step.name:
            yield Problem("step-name", f"第 {number} 个步骤", "没有名称", "填写中文名称")


def order_problems(procedure: Procedure) -> Iterator[Problem]:
    """Steps that wait for what is not there or for each other, and branches that never join."""
    steps = procedure.steps
    known = {step.id: step for step in steps}
    for step in steps:
        for name in step.after:
            if name not in known:
                yield Problem(
                    "unknown-after", at_step(step), f"前置步骤“{name}”不存在",
                    f"可以写：{'、'.join(one for one in known if one != step.id) or '不写前置'}",
                )  # fmt: skip
    ring = cycle(steps)
    if ring:
        names = "→".join(f"“{known[name].name}”" for name in [*ring, ring[0]])
        yield Problem(
            "cycle", at_step(known[ring[0]]), f"步骤互相等候，谁也开始不了：{names}",
            f"从“{known[ring[0]].name}”的前置步骤里去掉“{known[ring[-1]].name}”，或断开其中另一处",
        )  # fmt: skip
        return
    loose = [name for name, after in followers(steps).items() if not after]
    if len(loose) > 1:
        yield Problem(
            "loose-ends", "步骤",
            f"有 {len(loose)} 个步骤后面没有步骤：{quoted([known[name].name for name in loose])}，"
            "几条线没有汇合，说不清何时办结",
            f"加一个收尾的步骤，写 after: [{', '.join(loose)}]；或把多出的线接到后面的步骤上",
        )  # fmt: skip


def return_problems(procedure: Procedure) -> Iterator[Problem]:
    """Refusals that lead nowhere, or to a step that has not been yet."""
    before = all_before(procedure.steps)
    known = {step.id: step.name for step in procedure.steps}
    for step in procedure.steps:
        if step.refuse in ("end", "record"):
            continue
        target = step.refuse.removeprefix(RETURN).strip()
        earlier = [name for name in known if name in before[step.id]]
        fix = f"可以写：{'、'.join(['end', 'record', *(RETURN + name for name in earlier)])}"
        if not step.refuse.startswith(RETURN):
            yield Problem("refuse-word", at_step(step), f"不同意之后写的“{step.refuse}”不认识", fix)
        elif target not in known:
            yield Problem(
                "refuse-unknown", at_step(step), f"不同意时退回的步骤“{target}”不存在", fix
            )
        elif target not in before[step.id]:
            yield Problem(
                "refuse-later", at_step(step),
                f"不同意时退回“{known[target]}”，但它不在本步骤之前", fix,
            )  # fmt: skip
