"""Gate ``approval-catalog``: only what lies outside the catalogue is filed at the county."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from jigai.cases.asked import Asking, told
from jigai.cases.gates import FAIL, PASS, UNKNOWN, Answer, Question
from jigai.cases.models import Case as Project
from jigai.errors import JigaiError
from jigai.registers.special.approval import APPROVE, FILE, FORBID, Case, Decision
from jigai.registers.special.stored_approval import conditions_asked, decide_on

GATE, ASKED = "approval-catalog", "核准目录：这个项目有没有下列情形"
# What the answer turns on besides the questions.
FIELDS = ("industry", "foreign")
SOURCE = "政府核准的投资项目目录"
WHERE = {
    "state": "国务院", "national": "国家主管部门", "ministry": "国家主管部门",
    "province": "省级核准机关", "local": "地方核准机关（层级看省级目录）", "city": "市级核准机关",
    "county": "县级核准机关", "": "核准机关（层级待人工核对）",
}  # fmt: skip


def decision_of(
    case: Project, values: Mapping[str, Any], day: dt.date, answers: Mapping[str, bool]
) -> Decision:
    """What the catalogue of a day says of the project. Raises where none is loaded."""
    facts = Case(values.get("industry") or "", answers, bool(values.get("foreign")))
    return decide_on(day, case.region_code, facts)


def questions(case: Project, values: Mapping[str, Any]) -> Asking:
    """What the catalogue has to know of an industry, and what the answers so far come to.

    Asked as if nothing had been answered: a no must not take its own question off the page.
    """
    if not values.get("industry"):
        return Asking(note="填了所属行业，这里列出核准目录要问的问题。")
    day = case.submitted_on or timezone.localdate()
    try:
        texts = conditions_asked(decision_of(case, values, day, {}))
        found = decision_of(case, values, day, answers_in(values))
    except JigaiError as error:
        return Asking(note=f"{error.message}；提交后由经办人判断。")
    if words := _stopped(found):
        return Asking(tuple(texts), f"按现在的回答：{words}。")
    if found.verdict == FILE:
        return Asking(tuple(texts), "按现在的回答：在核准目录以外，可以提交县区备案。")
    why = found.national.why or "判不了"
    return Asking(tuple(texts), f"按现在的回答：{why}，提交后由经办人判断。")


def answers_in(values: Mapping[str, Any]) -> dict[str, bool]:
    """The answers of the applicant; by free words in cases of earlier versions."""
    before = {name: True for name in values.get("told_yes") or ()}
    before |= {name: False for name in values.get("told_no") or ()}
    return before | told(values, GATE)


def approval_catalog(question: Question) -> Answer:
    """Outside: goes on. Inside or forbidden: no, with where to go. Not to be told: a person must
    judge and say on what basis; nothing is delegated on silence."""
    case, answers = question.case, answers_in(question.case.values)
    day = case.submitted_on or question.on
    try:
        found = decision_of(case, case.values, day, answers)
    except JigaiError as error:
        return _by_hand(question, Answer(UNKNOWN, error.message, SOURCE, day))
    if words := _stopped(found):
        return Answer(FAIL, words, SOURCE, day)
    if found.verdict == FILE:
        item = found.national.row.item if found.national.row else ""
        return _agreed(question, Answer(PASS, f"目录外：{item}", SOURCE, day))
    asked = "、".join(q for q in conditions_asked(found) if q not in answers)
    why = found.national.why or "判不了"
    words = f"{why}，要人工判断" + (f"；还要回答：{asked}" if asked else "")
    return _by_hand(question, Answer(UNKNOWN, words, SOURCE, day))


def _stopped(found: Decision) -> str:
    """Why the county cannot file it and where to go instead; empty where it is not certain."""
    item = found.national.row.item if found.national.row else ""
    if found.verdict == APPROVE:
        where = WHERE.get(found.authority, WHERE[""])
        return f"“{item}”在核准目录内，不能在县区备案，请向{where}申请核准"
    return f"“{item}”不得备案：国家禁止建设的项目" if found.verdict == FORBID else ""


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
