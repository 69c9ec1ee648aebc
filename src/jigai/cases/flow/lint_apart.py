"""Checks of who must keep out of a step (双人), and of waits that end with a day."""

from __future__ import annotations

from collections.abc import Iterator

from jigai.cases.flow.graph import all_before
from jigai.cases.flow.problems import Problem, at_step
from jigai.cases.flow.shapes import STARTER, Procedure


def apart_problems(procedure: Procedure) -> Iterator[Problem]:
    """Somebody kept out for a step that has not been yet; for a sound order of steps."""
    before = all_before(procedure.steps)
    for step in procedure.steps:
        known = {STARTER, *before[step.id]}
        for unit in step.who:
            if unit.apart and unit.apart not in known:
                yield Problem(
                    "apart-unknown", at_step(step),
                    f"回避的“{unit.apart}”不是本步骤之前的步骤",
                    f"写 {STARTER}（发起人）或之前的步骤：{'、'.join(sorted(known))}",
                )  # fmt: skip


def until_problems(procedure: Procedure) -> Iterator[Problem]:
    """A day that ends a wait: of a wait only, not beside a number of days, from a date field."""
    dates = [item.id for item in procedure.fields if item.type == "date"]
    for step in procedure.steps:
        if not step.until:
            continue
        if step.deed != "wait":
            yield Problem(
                "until-deed", at_step(step), "只有等候的步骤才能等到某一天",
                "把性质改成等候，或去掉截止日字段",
            )  # fmt: skip
        elif step.days:
            yield Problem("until-days", at_step(step), "又写了天数又写了截止日字段", "两样只写一样")
        if step.until not in dates:
            yield Problem(
                "until-field", at_step(step), f"截止日字段“{step.until}”不是日期字段",
                f"可以写：{'、'.join(dates) or '先加一个日期字段'}",
            )  # fmt: skip
