"""Levels of risk before and after a retrofit; what nobody assessed is not an improvement. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jigai.registers.entry_values import Prepared, ValueProblem
from jigai.registers.models import Register

# From the gravest down.
LEVELS = {"grave": "重大", "major": "较大", "common": "一般", "low": "低"}
LOWER, SAME, HIGHER, UNKNOWN = "lower", "same", "higher", "unknown"
WORDS = {LOWER: "降低", SAME: "没有变化", HIGHER: "升高", UNKNOWN: "没有评"}
LOOKS = {LOWER: "done", SAME: "inactive", HIGHER: "rejected", UNKNOWN: "undetermined"}
_SIDES = {"before": "改造前", "after": "改造后"}


def moved(values: Mapping[str, Any]) -> str:
    """What became of the level; unknown unless both sides are assessed."""
    order = list(LEVELS)
    before, after = values.get("before"), values.get("after")
    if before not in LEVELS or after not in LEVELS:
        return UNKNOWN
    step = order.index(after) - order.index(before)
    return LOWER if step > 0 else HIGHER if step < 0 else SAME


def check_levels(register: Register, rows: Sequence[Prepared]) -> None:
    """A level needs the day it was assessed and a proof."""
    del register
    for row in rows:
        for side, word in _SIDES.items():
            row.problems += _side(row.values, side, word)


def _side(values: Mapping[str, Any], side: str, word: str) -> list[ValueProblem]:
    level, on = values.get(side), values.get(f"{side}_on")
    told = values.get(f"{side}_proof") or values.get(f"{side}_number")
    if bool(level) != bool(on):
        return [ValueProblem(side, f"{word}的风险等级和评估日期要一起填", "两项都填，或都空着")]
    if level and not told:
        return [ValueProblem(side, f"{word}的风险等级没有证明", "附评估材料，或写材料编号")]
    return []
