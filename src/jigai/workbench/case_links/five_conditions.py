"""Gate ``five-conditions``: mine and steel projects, compared with what was first approved (L29).

All five conditions are needed (L28); capacity and products are compared by the platform as well,
whatever the clerk finds.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from jigai.cases.gates import FAIL, PASS, UNKNOWN, Answer, Question
from jigai.workbench.case_links.zones import plain

SOURCE = "六安文件三.四，读法 L28、L29"
FINDINGS = {
    "f_built": "主体工程已按要求立项并建成", "f_policy": "符合产业政策",
    "f_benefit": "有利于提升安全质量环保水平", "f_capacity": "不新增产能",
    "f_products": "不新增产品品种",
}  # fmt: skip
MET = "met"


def more_than_before(values: Mapping[str, Any]) -> list[str]:
    """In words, what is more than the approval of the main works allowed."""
    found = []
    old, new = values.get("old_capacity"), values.get("new_capacity")
    if old is not None and new is not None and Decimal(new) > Decimal(old):
        unit = values.get("capacity_unit") or ""
        found.append(f"产能由 {old} {unit} 增到 {new} {unit}")
    before = {plain(one) for one in values.get("old_products") or ()}
    fresh = [one for one in values.get("new_products") or () if plain(one) not in before]
    if fresh:
        found.append(f"新增产品品种：{'、'.join(fresh)}")
    return found


def five_conditions(question: Question) -> Answer:
    """No more capacity, no more products; at the decision all five found to be met."""
    values = question.case.values
    more = more_than_before(values)
    if more:
        base = values.get("baseline") or "立项文件"
        words = f"与{base}比，{'；'.join(more)}，不能在县区备案"
        return Answer(FAIL, words, SOURCE, question.on)
    left = [word for name, word in FINDINGS.items() if values.get(name) != MET]
    # The reason of discretion is written by the decision only: before it the findings may be open.
    if values.get("discretion") and left:
        words = f"五个条件要同时满足，还没有认定符合：{'、'.join(left)}"
        return Answer(FAIL, words, SOURCE, question.on)
    if left:
        return Answer(UNKNOWN, f"待核对：{'、'.join(left)}", SOURCE, question.on)
    return Answer(PASS, "五个条件都符合", SOURCE, question.on)
