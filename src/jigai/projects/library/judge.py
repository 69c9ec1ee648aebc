"""What a rule of admission says of one project: every condition, what it rests on, what lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jigai.core.screens import formats
from jigai.projects.library.inputs import Found
from jigai.projects.library.rule import Condition, LibraryRule
from jigai.rules.row_rules import RowAnswer

IN, OUT, MISSING, UNDETERMINED = "in", "out", "missing", "undetermined"
VERDICTS = {IN: "可以入库", OUT: "不符合", MISSING: "缺数据", UNDETERMINED: "未定"}
# Colours of the house for the answers of one condition and of all.
LOOKS = {IN: "eligible", OUT: "ineligible", MISSING: "missing", UNDETERMINED: "undetermined"}
_WAN = 1_000_000
Told = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict, and the conditions as they are stored (``AdmissionDecision.conditions``)."""

    verdict: str
    conditions: list[Told]

    @property
    def lacks(self) -> str:
        """Why not, in one line."""
        return lacking(self.conditions)


def lacking(conditions: list[Told]) -> str:
    """What stands against admission, in one line: gaps, failed conditions, and who has the rest."""
    return "；".join(line for told in conditions for line in _lacks(told))


def _lacks(told: Told) -> Iterator[str]:
    if told["holds"] is False:
        yield told["gap"] or f"不符合：{told['text']}"
    for item in told["missing"]:
        yield f"缺{item['name']}（{item['why']}；{item['holder'] or '有关部门'}掌握）"
    for name in told["undetermined"]:
        yield f"“{name}”未定"


def judge(rule: LibraryRule, found: Mapping[str, Found]) -> Judgement:
    """Ask every condition of one project."""
    told = [_condition(rule, condition, found) for condition in rule.conditions]
    answers = [each["holds"] for each in told]
    if False in answers:
        return Judgement(OUT, told)
    if None not in answers:
        return Judgement(IN, told)
    open_ = [each for each in told if each["holds"] is None]
    only = all(each["undetermined"] and not each["missing"] for each in open_)
    return Judgement(UNDETERMINED if only else MISSING, told)


def _condition(rule: LibraryRule, asked: Condition, found: Mapping[str, Found]) -> Told:
    own = {key: found[key] for key in asked.rule.fields}
    waived = next((item.waived for item in own.values() if item.waived), "")
    answer = _answer(asked, own)
    holds = True if waived else answer.value
    return {
        "text": asked.text,
        "holds": holds,
        "clause": rule.item.clause,
        "inputs": [_input(rule, key, item) for key, item in own.items()],
        "gap": "" if holds else _gap(asked, own),
        "missing": _missing(rule, own, answer) if holds is None else [],
        "undetermined": list(answer.undetermined) if holds is None else [],
        "note": waived,
    }


def _answer(asked: Condition, own: Mapping[str, Found]) -> RowAnswer:
    """For one of several values that will do: any; where nobody decided: if all say the same."""
    row = {key: item.value for key, item in own.items()}
    key = next((key for key, item in own.items() if item.several), None)
    if key is None:
        return asked.rule.one(row)
    answers = [asked.rule.one({**row, key: value}) for value in own[key].several]
    if own[key].any_of:
        order = {True: 0, None: 1, False: 2}
        return min(answers, key=lambda each: order[each.value])
    if len({each.value for each in answers}) == 1:
        return answers[0]
    return RowAnswer(None, (*asked.rule.one(row).missing,))


def _input(rule: LibraryRule, key: str, item: Found) -> dict[str, str]:
    name = next(column.name for column in rule.columns if column.id == key)
    shown = item.shown or "未知"
    return {"term": key, "name": name, "value": shown, "source": item.source or item.why}


def _missing(
    rule: LibraryRule, own: Mapping[str, Found], answer: RowAnswer
) -> list[dict[str, str]]:
    """What would have to be known, why it is not, and who holds it."""
    rows = []
    for column in rule.columns:
        item = own.get(column.id)
        if item is not None and item.value is None and column.name in answer.missing:
            why = item.why or "没有数据"
            rows.append({"name": column.name, "why": why, "holder": column.source})
    return rows


def _gap(asked: Condition, own: Mapping[str, Found]) -> str:
    """By how much an amount falls short: ``固定资产投资还差 0.01 万元``."""
    for column, limit in asked.limits:
        value = own[column.id].value
        if value is None or limit.value is None or column.type != "money":
            continue
        short = int(limit.value) - value
        if short > 0:
            return f"{column.name}还差 {_amount(short)}"
        if short == 0 and limit.comparator == ">":
            return f"{column.name}须超过 {_amount(value)}"
    return ""


def _amount(fen: int) -> str:
    """In 万元 where that loses nothing."""
    whole = fen % (_WAN // 100) == 0
    return f"{formats.wan(fen)} 万元" if whole else f"{formats.yuan(fen)} 元"
