"""Members of a consortium: who counts and why not, and how the pool is divided to the fen."""

from __future__ import annotations

from fractions import Fraction

from jigai.rules.explanation import Entry, Input, MemberExplanation
from jigai.rules.expr import MONEY_TYPE
from jigai.rules.facts import Row
from jigai.rules.measure_trace import MeasureTracer
from jigai.rules.plan import PAY, MeasurePlan, SplitPlan
from jigai.rules.wording import value_text, yuan


def members_of(
    measures: MeasureTracer, split: SplitPlan, measure: MeasurePlan, row: Row
) -> list[MemberExplanation]:
    """Every member in the order of its key: counted or removed with reasons, base, share."""
    members = sorted(row["#member"], key=lambda member: str(member["key"]))
    total = sum(max(m[split.weight] or 0, 0) for m in members if m[split.counts] is True)
    pool = row[measure.effective] if row[measure.code] == PAY else None
    return [_member(measures, split, member, pool, total) for member in members]


def _member(
    measures: MeasureTracer, split: SplitPlan, member: Row, pool: int | None, total: int
) -> MemberExplanation:
    counted = member[split.counts]
    reasons = measures.gate_reasons(split.gates, member, "member", False)
    if counted is None:
        reasons += measures.gate_reasons(split.gates, member, "member", None)
    found = MemberExplanation(
        member["key"],
        member.get("enterprise_key"),
        counted,
        [] if counted else reasons,
        member[split.weight],
        member.get("share"),
    )
    if counted is True and pool is not None and total:
        exact = Fraction(pool * max(member[split.weight] or 0, 0), total)
        found.exact_share = yuan(exact)
        given = member.get("share")
        whole = exact.numerator // exact.denominator
        found.extra_fen = 1 if given == whole + 1 else 0
        found.note = _note(split, member, given, whole)
    return found


def _note(split: SplitPlan, member: Row, given: int | None, whole: int) -> str:
    if split.paid and member[split.paid] is not True:
        return "计入投资但不发放，其份额不转给其他成员"
    if given is not None and given < whole:
        return f"份额超过单个成员上限，按 {yuan(given)} 计"
    return "补足尾差 0.01 元" if given == whole + 1 else ""


def split_entry(
    measures: MeasureTracer,
    split: SplitPlan,
    measure: MeasurePlan,
    row: Row,
    members: list[MemberExplanation],
) -> list[Entry]:
    """The division of the pool; nothing when there is no pool."""
    if row[measure.code] != PAY:
        return []
    tracer, declared = measures.t, measures.model.measures[measure.id].split
    assert declared is not None
    node = measures.model.formulas["measure", measure.id, "split.by"]
    parameters, readings = tracer.told.own([node])
    inputs = [
        Input(str(m.key), f"成员 {m.key}", value_text(MONEY_TYPE, m.share), computed=True)
        for m in members
        if m.counted
    ]
    formula = (
        "总额 × 成员权数 ÷ 权数合计，舍到分，余下的分按余数大小逐一补足，余数相同的企业代码小者先补"
    )
    return [
        Entry(
            "分配",
            "成员分配",
            declared.clause or measure.clause,
            formula,
            value_text(MONEY_TYPE, sum(m.share or 0 for m in members)),
            sum(m.share or 0 for m in members),
            "share",
            inputs,
            list(parameters),
            list(readings),
        )
    ]
