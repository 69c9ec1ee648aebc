"""Checks of who fills in what: unknown fields, fields nobody can fill, two pens at once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from jigai.cases.flow.graph import all_before
from jigai.cases.flow.problems import Problem, at_field, at_step
from jigai.cases.flow.shapes import Procedure, Step


def writers(procedure: Procedure) -> dict[str, list[Step]]:
    """The steps that fill in a field, by its id; fields not in it are the applicant's."""
    found: dict[str, list[Step]] = {}
    for step in procedure.steps:
        for name in dict.fromkeys(step.write):
            found.setdefault(name, []).append(step)
    return found


def write_problems(procedure: Procedure) -> Iterator[Problem]:
    """Fields of steps that do not exist, are hidden where written, or that nobody can fill in."""
    known = {item.id: item for item in procedure.fields}
    for step in procedure.steps:
        for code, names, word in (
            ("write-unknown", step.write, "填写"), ("hide-unknown", step.hide, "隐藏"),
        ):  # fmt: skip
            for name in names:
                if name not in known:
                    yield Problem(
                        code, at_step(step), f"要{word}的字段“{name}”不存在",
                        "把字段加回去，或从步骤里去掉",
                    )  # fmt: skip
        for name in step.write:
            if name in known and name in step.hide:
                yield Problem(
                    "write-hidden", at_step(step),
                    f"字段“{known[name].label}”既要填写又不显示", "从填写或隐藏里去掉一个",
                )  # fmt: skip
    for name, steps in writers(procedure).items():
        if name in known and known[name].required and not any(_can(step, name) for step in steps):
            places = "、".join(at_step(step) for step in steps)
            yield Problem(
                "nobody-writes", at_field(known[name]), f"必填，但{places}没有人能填它",
                "改由有办理人的步骤填写；从各步骤去掉就由申请人填写",
            )  # fmt: skip


def _can(step: Step, name: str) -> bool:
    # That a step has nobody at all is told by itself.
    return step.deed != "wait" and name not in step.hide


def conflict_problems(procedure: Procedure) -> Iterator[Problem]:
    """Fields that two steps may fill in at the same time."""
    before = all_before(procedure.steps)
    labels = {item.id: item.label for item in procedure.fields}
    for name, steps in writers(procedure).items():
        for one, other in combinations(steps, 2):
            if one.id not in before[other.id] and other.id not in before[one.id]:
                yield Problem(
                    "conflict", f"字段“{labels.get(name, name)}”",
                    f"“{one.name}”和“{other.name}”可能同时办理，都要填写它，后写的会盖掉先写的",
                    "各用一个字段，或让其中一个步骤排在另一个之后",
                )  # fmt: skip
