"""Checks of limits: what they rest on, and whether the steps can be done within them."""

from __future__ import annotations

from collections.abc import Iterator

from jigai.cases.flow.graph import counted_path
from jigai.cases.flow.problems import WARNING, Problem, at_step
from jigai.cases.flow.shapes import Procedure

_BASIS_FIX = "写明法规条款或文件依据"


def limit_problems(procedure: Procedure) -> Iterator[Problem]:
    """Limits and extensions without basis, and a promise that promises nothing."""
    limit, promise, extension = procedure.limit, procedure.promise, procedure.extension
    for step in procedure.steps:
        if step.days and not step.basis:
            yield Problem(
                "step-basis", at_step(step), f"时限 {step.days} 个工作日没有依据",
                _BASIS_FIX, WARNING,
            )  # fmt: skip
    if limit and not limit.basis:
        yield Problem(
            "limit-basis", "总时限", f"{limit.days} 个工作日没有依据", _BASIS_FIX, WARNING
        )
    if limit and promise and promise.days > limit.days:
        yield Problem(
            "promise-longer", "承诺时限",
            f"承诺 {promise.days} 个工作日，比法定的 {limit.days} 个工作日还长",
            f"改成 {limit.days} 个工作日以内",
        )  # fmt: skip
    if bool(extension.days) != bool(extension.times):
        yield Problem(
            "extension-half", "延期", "天数和次数只写了一样，延不了", "两样都写，或都不写"
        )
    if (extension.days or extension.times) and not extension.basis:
        yield Problem("extension-basis", "延期", "可以延期却没有依据", _BASIS_FIX)


def path_problems(procedure: Procedure) -> Iterator[Problem]:
    """Limits shorter than the longest way through the steps; their sum does not matter."""
    path = counted_path(procedure)
    names = {step.id: step for step in procedure.steps}
    way = "→".join(f"{names[one].name} {names[one].days}" for one in path.steps if names[one].days)
    since = "受理之后" if procedure.acceptance else ""
    for code, where, given in (
        ("limit-short", "总时限", procedure.limit),
        ("promise-short", "承诺时限", procedure.promise),
    ):
        if given and path.days > given.days:
            yield Problem(
                code, where,
                f"{given.days} 个工作日不够：{since}关键路径要 {path.days} 个工作日（{way}）",
                f"缩短这些步骤或改成并行，或把{where}改成不少于 {path.days} 个工作日",
            )  # fmt: skip
