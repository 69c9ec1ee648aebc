"""An answer about one measure in words: verdict, amount, what is not met and how far it is off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jigai.core.screens import formats
from jigai.rules import schema
from jigai.rules.bounds import UNBOUNDED
from jigai.rules.explanation import Entry, MeasureExplanation
from jigai.rules.model import Model
from jigai.rules.plan import CheckPlan, MeasurePlan

# Verdicts in the order in which they are listed, with the code of the house style and the word.
CONFIRM = "confirm"
VERDICTS = {
    "pay": ("eligible", "符合"),
    CONFIRM: ("pending", "需人工确认"),
    "missing": ("missing", "缺数据"),
    "undetermined": ("undetermined", "未定"),
    "excluded": ("ineligible", "不符合"),
    "below-threshold": ("below", "不符合"),
}
# 1000亿元: beyond what any measure gives. A bound above it only says that a figure is not known.
_BEYOND = 10**13
_UNMET = {"不满足": True, "缺数据": False, "未定": False}
_ASKED = ("起点", "核对")


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that is not met (``known``) or cannot be told, with how far it is off."""

    name: str
    clause: str
    known: bool
    gap: str = ""
    formula: str = ""
    duty: str = ""


def conditions_of(
    model: Model, plan: MeasurePlan | CheckPlan, told: MeasureExplanation
) -> Iterator[Condition]:
    """What is not met or not known, in the order of the engine; nothing for what fits."""
    if told.verdict_code == "pay":
        return
    gates = {f"gate_{gate.replace('-', '_')}": model.gates[gate] for gate in plan.gates}
    for entry in told.entries:
        gate = gates.get(entry.column)
        if entry.result not in _UNMET or not (gate or (entry.stage in _ASKED and _is_asked(entry))):
            continue
        duty = (gate.duty or "有职责的部门") if gate and gate.manual else ""
        yield Condition(_name(entry, gate), entry.clause or told.clause, _UNMET[entry.result],
                        entry.gap, entry.formula, duty)  # fmt: skip


def _is_asked(entry: Entry) -> bool:
    """Whether an entry is a check itself, not a fact that went into it."""
    return entry.stage != "核对" or "_check" in entry.column


def _name(entry: Entry, gate: schema.Gate | None) -> str:
    if gate is not None:
        return gate.name
    return entry.formula if entry.label == "起点" and entry.formula else entry.label


def ends_in_number(text: str) -> bool:
    """Whether 元 is to follow what :func:`amount_text` says."""
    return text[-1].isdigit()


def amount_text(code: str, amount: int | None, low: int, high: int) -> str:
    """The amount in 元, its range, or why there is none; never a zero for what is not known."""
    if amount is not None:
        return formats.yuan(amount)
    endless = high >= min(UNBOUNDED, _BEYOND)
    if code == "undetermined" and endless:
        return "未定" if not low else f"未定，不少于 {formats.yuan(low)}"
    if endless:
        return f"不少于 {formats.yuan(low)} 元，没有上限" if low else "还算不出"
    span = f"{formats.yuan(low)} 至 {formats.yuan(high)}"
    return f"未定（{span} 元）" if code == "undetermined" else span
