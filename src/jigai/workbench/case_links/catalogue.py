"""Gate ``approval-catalog``: only what lies outside the catalogue is filed at the county."""

from __future__ import annotations

from typing import Any

from jigai.cases.gates import FAIL, PASS, UNKNOWN, Answer, Question
from jigai.errors import JigaiError
from jigai.registers.special.approval import APPROVE, FILE, FORBID, Case, Decision
from jigai.registers.special.stored_approval import conditions_asked, decide_on

SOURCE = "政府核准的投资项目目录"
WHERE = {
    "state": "国务院", "national": "国家主管部门", "ministry": "国家主管部门",
    "province": "省级核准机关", "local": "地方核准机关（层级看省级目录）", "city": "市级核准机关",
    "county": "县级核准机关", "": "核准机关（层级待人工核对）",
}  # fmt: skip


def decision_of(question: Question) -> Decision:
    """What the catalogue of the day says of the project. Raises where none is loaded."""
    values: dict[str, Any] = question.case.values
    told = {name: True for name in values.get("told_yes") or ()}
    told |= {name: False for name in values.get("told_no") or ()}
    facts = Case(values.get("industry") or "", told, bool(values.get("foreign")))
    day = question.case.submitted_on or question.on
    return decide_on(day, question.case.region_code, facts)


def approval_catalog(question: Question) -> Answer:
    """Outside: goes on. Inside or forbidden: no, with where to go. Not to be told: a person must
    judge and say on what basis; nothing is delegated on silence."""
    day = question.case.submitted_on or question.on
    try:
        found = decision_of(question)
    except JigaiError as error:
        return _by_hand(question, Answer(UNKNOWN, error.message, SOURCE, day))
    item = found.national.row.item if found.national.row else ""
    if found.verdict == APPROVE:
        where = WHERE.get(found.authority, WHERE[""])
        words = f"“{item}”在核准目录内，不能在县区备案，请向{where}申请核准"
        return Answer(FAIL, words, SOURCE, day)
    if found.verdict == FORBID:
        return Answer(FAIL, f"“{item}”不得备案：国家禁止建设的项目", SOURCE, day)
    if found.verdict == FILE:
        return _agreed(question, Answer(PASS, f"目录外：{item}", SOURCE, day))
    asked = "、".join(q for q in conditions_asked(found) if q not in _told(question))
    why = found.national.why or "判不了"
    words = f"{why}，要人工判断" + (f"；还要回答：{asked}" if asked else "")
    return _by_hand(question, Answer(UNKNOWN, words, SOURCE, day))


def _told(question: Question) -> set[str]:
    values = question.case.values
    return {*(values.get("told_yes") or ()), *(values.get("told_no") or ())}


def _agreed(question: Question, answer: Answer) -> Answer:
    """What the clerk found besides: the doubt of a person stops it too."""
    if question.case.values.get("manual") in ("inside", "unsure"):
        words = "经办人判断为目录内或判断不了，不能在县区备案；请改走核准，或补充依据后重新判断"
        return Answer(FAIL, words, SOURCE, answer.as_of)
    return answer


def _by_hand(question: Question, answer: Answer) -> Answer:
    if question.moment != "decide":
        return answer
    values = question.case.values
    if values.get("manual") == "outside" and str(values.get("manual_basis") or "").strip():
        return Answer(PASS, f"人工判断为目录外：{values['manual_basis']}", "经办人", answer.as_of)
    words = f"{answer.words}。要备案的，选“人工判断为目录外”并写明判断依据"
    return Answer(FAIL, words, SOURCE, answer.as_of)
