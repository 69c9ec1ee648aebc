"""Whether a key technology counts as broken through: by declared criteria and by people. Pure.

No measured value, however good, makes it so; without criteria the question cannot be answered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

UNJUDGEABLE, RUNNING, OVERDUE, TO_JUDGE, REACHED, MISSED = (
    "unjudgeable", "running", "overdue", "to_judge", "reached", "missed",
)  # fmt: skip
WORDS = {
    UNJUDGEABLE: "无法认定", RUNNING: "攻关中", OVERDUE: "超期未验收", TO_JUDGE: "已验收，待认定",
    REACHED: "已突破", MISSED: "没有突破",
}  # fmt: skip
LOOKS = {
    UNJUDGEABLE: "undetermined", RUNNING: "running", OVERDUE: "rejected", TO_JUDGE: "pending",
    REACHED: "done", MISSED: "failed",
}  # fmt: skip
CRITERIA = {
    "indicator": "判据指标", "benchmark": "对标值", "way": "认定方式", "declared": "判据确定日期",
}  # fmt: skip
_JUDGEMENT = {"verdict": "认定结论", "judge": "认定人", "judged": "认定日期"}


@dataclass(frozen=True, slots=True)
class Milestone:
    """One step on the way; done only with a day and a proof."""

    entry: int
    name: str
    due: dt.date
    done: dt.date | None
    proven: bool

    def look(self, day: dt.date) -> tuple[str, str]:
        """Badge and words on a day."""
        if self.done and self.proven and self.done <= day:
            return "done", "已完成"
        return ("rejected", "滞后") if self.due < day else ("running", "未到期")


def criteria_lacking(values: Mapping[str, Any]) -> list[str]:
    """Labels of the criteria that are not declared."""
    return [label for name, label in CRITERIA.items() if not values.get(name)]


def state_of(values: Mapping[str, Any], day: dt.date) -> str:
    """How a project of the register stands on a day."""
    if criteria_lacking(values):
        return UNJUDGEABLE
    accepted = values.get("accepted")
    if accepted and all(values.get(name) for name in _JUDGEMENT) and proven(values):
        return REACHED if values["verdict"] == "reached" else MISSED
    if accepted:
        return TO_JUDGE
    return OVERDUE if str(values["due"]) < day.isoformat() else RUNNING


def proven(values: Mapping[str, Any]) -> bool:
    """Whether a report, an award or an opinion is there."""
    return bool(values.get("proof") or values.get("proof_number"))


def wrong_with(
    values: Mapping[str, Any], before: Mapping[str, Any] | None
) -> Sequence[tuple[str, str, str]]:
    """What forbids storing a row: field, sentence, fix. ``before`` are the values it replaces."""
    found = []
    lacking = criteria_lacking(values)
    if lacking and len(lacking) < len(CRITERIA):
        found.append(("indicator", f"判据不全，缺{'、'.join(lacking)}", "判据要一起填，或都空着"))
    moved = before is not None and any(before.get(n) != values.get(n) for n in CRITERIA)
    if moved and before is not None and before.get("accepted"):
        found.append(("indicator", "验收以后不能再改判据", "判据按立项时定的"))
    told = [label for name, label in _JUDGEMENT.items() if values.get(name)]
    if told:
        found += _wrong_verdict(values, lacking, told, moved)
    return found


def _wrong_verdict(
    values: Mapping[str, Any], lacking: list[str], told: list[str], moved: bool
) -> list[tuple[str, str, str]]:
    if lacking:
        return [("verdict", "没有认定判据，无法认定", "先定指标、对标值、认定方式和判据确定日期")]
    if moved:
        return [("verdict", "判据和认定结论不能同一次填", "判据先登记、审核，攻关验收后再认定")]
    absent = [label for label in _JUDGEMENT.values() if label not in told]
    if absent:
        return [("verdict", f"认定要写全，缺{'、'.join(absent)}", "由评审专家组或认定单位出具")]
    if not values.get("accepted"):
        return [("accepted", "没有验收，不能认定", "先验收")]
    if not proven(values):
        return [("proof", "认定没有证据", "附检测报告、首台（套）文件或评审意见，或写编号")]
    return []
