"""Checks of formulas: that they are conditions and use only what is known by then."""

from __future__ import annotations

from collections.abc import Iterator

from jigai.cases.flow.graph import all_before
from jigai.cases.flow.lint_writing import writers
from jigai.cases.flow.problems import Problem, at_evidence, at_step, quoted
from jigai.cases.flow.shapes import Procedure
from jigai.core.fields.formulas import compiled
from jigai.errors import JigaiError


def formula_problems(procedure: Procedure, *, ordered: bool) -> Iterator[Problem]:
    """Problems of all formulas; when a field is filled in is asked only where steps are ordered."""
    pens = writers(procedure)
    late = {name: {step.id for step in steps} for name, steps in pens.items()}
    for number, condition in enumerate(procedure.conditions, 1):
        where = f"申请条件 {number}"
        if not condition.say:
            yield Problem("condition-say", where, "没有写不符合时的提示", "写一句话说明哪里不符合")
        yield from _at_hand_in(procedure, where, condition.rule, late)
    for item in procedure.evidence:
        if item.when:
            yield from _at_hand_in(procedure, at_evidence(item), item.when, late)
    before = all_before(procedure.steps) if ordered else {}
    for step in procedure.steps:
        if not step.when:
            continue
        where = f"{at_step(step)}的条件"
        used, problem = _read(procedure, where, step.when)
        if problem:
            yield problem
        early = before.get(step.id, frozenset())
        unknown = [name for name in used if name in late and not late[name] & early]
        if ordered and unknown:
            yield Problem(
                "when-later", where,
                f"用到{_labels(procedure, unknown)}，那时还没有人填",
                f"把填写它的步骤（{_pens(procedure, unknown, late)}）排到前面，或改由申请人填写",
            )  # fmt: skip


def _at_hand_in(
    procedure: Procedure, where: str, formula: str, late: dict[str, set[str]]
) -> Iterator[Problem]:
    used, problem = _read(procedure, where, formula)
    if problem:
        yield problem
    unknown = [name for name in used if name in late]
    if unknown:
        yield Problem(
            "hand-in-later", where,
            f"用到{_labels(procedure, unknown)}，申请时还没有人填",
            f"改由申请人填写（从{_pens(procedure, unknown, late)}去掉），或换一个字段",
        )  # fmt: skip


def _read(procedure: Procedure, where: str, formula: str) -> tuple[tuple[str, ...], Problem | None]:
    """The ids of the fields a condition uses, and what is wrong with it."""
    try:
        rule = compiled(
            procedure.fields, formula, procedure.constants, where=where, code="procedure-formula"
        )
    except JigaiError as error:
        message = error.message.removeprefix(f"{where}：")
        return (), Problem("formula", where, message, error.hint)
    return rule.fields, None


def _labels(procedure: Procedure, names: list[str]) -> str:
    return quoted([item.label for item in procedure.fields if item.id in names])


def _pens(procedure: Procedure, names: list[str], late: dict[str, set[str]]) -> str:
    pens = set().union(*(late[name] for name in names))
    return quoted([step.name for step in procedure.steps if step.id in pens])
