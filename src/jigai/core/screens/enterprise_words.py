"""Words for the codes and terms of the enterprise register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jigai.core.enterprise_register import SIZE_NAMES as SIZES
from jigai.core.screens import list_columns as kinds

LEGAL_TYPES = {"independent": "独立法人", "branch": "分支机构"}
GRADES = {"A": "A", "B": "B", "C": "C", "D": "D"}
CREDIT = {
    "good": "良好",
    "dishonest": "失信被执行人",
    "abnormal": "列入经营异常名录",
    "serious": "严重违法失信",
}
__all__ = ["CREDIT", "GRADES", "LEGAL_TYPES", "SIZES", "TERMS", "Term", "term_of"]
YES_NO = {"yes": "是", "no": "否"}


@dataclass(frozen=True, slots=True)
class Term:
    """One yearly term: its name, how its value is drawn, and the words of its codes.

    ``entered`` says whether people correct it by hand; the others follow from it.
    """

    key: str
    label: str
    kind: str = kinds.TEXT
    choices: Mapping[str, str] | None = None
    entered: bool = True


TERMS = {
    term.key: term
    for term in (
        Term("employees", "从业人员（人）", kinds.WHOLE),
        Term("revenue", "营业收入（元）", kinds.MONEY),
        Term("size_declared", "自报规模", choices=SIZES),
        Term("size_computed", "划分规模", choices=SIZES, entered=False),
        Term("land", "占地面积（亩）", kinds.AREA),
        Term("land_mu", "占地面积（亩，原表）", entered=False),
        Term("grade", "亩产效益评价等级", choices=GRADES),
        Term("echelon", "梯队企业", choices=YES_NO),
        Term("credit", "信用状况", choices=CREDIT),
        Term("credit_text", "信用状况（原文）"),
        Term("violation", "违法违规记录"),
        Term("violation_text", "违法违规记录（原文）"),
        Term("violation_major", "是否重大", choices=YES_NO),
        Term("violation_date", "处罚日期", kinds.DAY),
    )
}


def term_of(key: str) -> Term:
    """The term; one nobody has listed is shown plainly under its own name."""
    return TERMS.get(key) or Term(key, key, entered=False)
