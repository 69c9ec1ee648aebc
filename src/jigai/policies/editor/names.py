"""The names a formula of a draft may use, for whoever writes one: only those of its own scope."""

from __future__ import annotations

from dataclasses import dataclass

from jigai.policies.editor.forms.parameter import KINDS
from jigai.rules.environment import all_readings
from jigai.rules.model import Model
from jigai.rules.schema import DerivedFact, Term
from jigai.rules.scope import CONTEXT, PARENTS
from jigai.rules.wording import SUBJECT_WORDS

_TYPES = {
    "bool": "是否", "enum": "选项", "text": "文字", "date": "日期", "money": "金额", "area": "面积",
    "energy": "能耗", "number": "数", "ratio": "比例",
}  # fmt: skip
FUNCTIONS = (
    ("达到(", "达到(数, 起点)", "起点含不含本数按参数"),
    ("case when ", "case when 条件 then 甲 else 乙 end", ""),
    ("least(", "least(甲, 乙)", "取小"),
    ("greatest(", "greatest(甲, 乙)", "取大"),
    ("整份(", "整份(数, 每份)", "每满一份算一份"),
    ("已知(", "已知(事实)", "有没有资料"),
    ("加月(", "加月(日期, 月数)", ""),
    ("天数(", "天数(起, 止)", ""),
)


@dataclass(frozen=True, slots=True)
class Name:
    """One name: what is written, what kind it is, what it means."""

    word: str
    kind: str
    note: str


def names_of(model: Model, subject: str = "") -> list[Name]:
    """Parameters, readings, facts seen from ``subject`` (all without one), days of the run."""
    pack = model.pack
    found = [
        Name(p.name, "参数", _value(p)) for p in model.parameters.values()
    ] + [
        Name(r.name, "读法", "／".join(o.word for o in r.options.values()))
        for r in all_readings(pack).values()
    ]  # fmt: skip
    seen = {subject, *PARENTS.get(subject, ())} if subject in PARENTS else set(PARENTS)
    terms: list[Term | DerivedFact] = [*model.derived.values(), *model.terms.values()]
    for term in terms:
        if term.subject in seen:
            kind = f"{SUBJECT_WORDS[term.subject]}{_TYPES.get(term.type, '')}"
            words = "／".join(term.options.values())
            found.append(Name(term.term, kind, words or term.definition))
    return found + [Name(word, "日期或年度", "") for word in CONTEXT]


def _value(parameter: object) -> str:
    values = getattr(parameter, "values", [])
    kind = KINDS.get(getattr(parameter, "kind", ""), "")
    if values:
        return f"{kind} {values[-1].value}"
    return f"{kind} {'算出' if getattr(parameter, 'formula', '') else '未定'}"
