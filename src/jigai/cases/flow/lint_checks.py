"""Checks of what is looked at after the conclusion: ids, names, days and what they rest on."""

from __future__ import annotations

from collections.abc import Iterator

from jigai.cases.flow.lint_steps import ID_FIX
from jigai.cases.flow.problems import WARNING, Problem
from jigai.cases.flow.shapes import Procedure
from jigai.core.fields.shapes import IDENTIFIER


def check_problems(procedure: Procedure) -> Iterator[Problem]:
    """Looks that nobody could tell apart or would be due at once, and a promise nobody looks at."""
    seen: set[str] = set()
    for one in procedure.checks:
        where = f"事后核查“{one.name or one.id}”"
        if not IDENTIFIER.fullmatch(one.id):
            yield Problem("check-id", where, f"代号“{one.id}”不能用", ID_FIX)
        if one.id in seen:
            yield Problem("check-twice", where, f"代号“{one.id}”前面已经用过", "换一个代号")
        seen.add(one.id)
        if not one.name:
            yield Problem("check-name", where, "没有名称", "填写核查什么")
        if one.days < 1:
            yield Problem("check-days", where, "没有写几天以后核查", "填写办结后几个工作日")
        elif not one.basis:
            yield Problem(
                "check-basis",
                where,
                f"{one.days} 个工作日没有依据",
                "写明法规条款或文件依据",
                WARNING,
            )
    if procedure.commitment and not procedure.checks:
        yield Problem(
            "promise-unchecked", "承诺书", "签了承诺书，办结以后没有排核查",
            "在文本里加 checks，写明办结后几个工作日核查", WARNING,
        )  # fmt: skip
