"""Words for codes of decisions; screens and exports read them here."""

from __future__ import annotations

from jigai.rules.plan import BELOW, EXCLUDED, MISSING, PAY, UNDETERMINED, VERDICTS
from jigai.rules.schema import ClauseFact

# Status codes of the house style by verdict.
VERDICT_CODES = {
    PAY: "eligible",
    BELOW: "below",
    EXCLUDED: "ineligible",
    MISSING: "missing",
    UNDETERMINED: "undetermined",
}
VERDICT_WORDS = {
    PAY: "符合",
    BELOW: "未达起点",
    EXCLUDED: "不符合",
    MISSING: "缺数据",
    UNDETERMINED: "未定",
}
STATUS_WORDS = {
    "issued": "已印发",
    "draft": "征求意见",
    "repealed": "已废止",
    "superseded": "已被替代",
    "standard": "通用标准",
}
PARAMETER_WORDS = {"stated": "文件载明", "local": "地方确定", "undetermined": "未定"}
CLAUSE_KINDS = {
    "measure": "措施", "recognition": "认定", "task": "任务", "target": "目标",
    "declaratory": "总述", "governance": "组织", "registry": "名录", "procedure": "办事",
    "matching": "对接", "monitoring": "监测", "service": "服务", "finance": "金融",
    "evaluation": "评价", "publicity": "公开", "catalog": "目录", "land": "用地", "tax": "税收",
    "obligation": "义务", "price": "价格",
}  # fmt: skip
READING_KINDS = {"value": "取值", "plan": "算法", "procedure": "程序"}

_COMPARATORS = {">": "超过", ">=": "不低于", "<": "低于", "<=": "不超过", "about": "约"}
_UNITS = {"month": "", "year": "年", "date": "", "name": "", "period": ""}


def clause_kinds(kinds: str) -> str:
    """Kinds of a clause in words: ``measure、target`` is 措施、目标."""
    return "、".join(CLAUSE_KINDS.get(kind, kind) for kind in kinds.split("、") if kind)


def fact_text(fact: ClauseFact) -> str:
    """A number of a document as people write it: ``不低于500万元``; its mark where it has none."""
    if not fact.value:
        return fact.token
    unit = _UNITS.get(fact.unit or "", fact.unit or "")
    return f"{_COMPARATORS.get(fact.comparator, '')}{fact.value}{unit}"


assert set(VERDICT_CODES) == set(VERDICTS)
