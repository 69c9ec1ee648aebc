"""Why a decision is what it is, as stable codes with Chinese sentences and clauses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jigai.policies.fact_run import FactRun
from jigai.rules.plan import (
    BELOW,
    EXCLUDED,
    PAY,
    UNDETERMINED,
    Aggregate,
    MeasurePlan,
    Plan,
)
from jigai.rules.stages import build_tracks

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a stable code, a Chinese sentence and the clause it rests on."""

    code: str
    text: str
    clause: str


def best_track(run: FactRun, row: Row) -> tuple[MeasurePlan, ...]:
    """The measures a project is decided on: those chosen, else those that would pay most."""
    tracks = build_tracks(run.evaluator.plan)
    if row["track"]:
        return tuple(tracks[row["track"] - 1])
    if row["verdict"] == BELOW:
        return ()
    totals = [sum(row[m.high] or row[m.amount] or 0 for m in track) for track in tracks]
    best = max(totals, default=0)
    return tuple(tracks[totals.index(best)]) if best else ()


def gate_value(row: Row, subject: str, gate: str, gate_subject: str) -> Any:
    """Value of a gate as seen from a row (``None`` where the row has no such parent)."""
    column = f"gate_{gate.replace('-', '_')}"
    owner = row if subject == gate_subject else row[f"#{gate_subject}"]
    return None if owner is None else owner[column]


def project_reasons(run: FactRun, row: Row) -> Iterator[Reason]:
    """Reasons for the verdict on one project, in gate order."""
    plan = run.evaluator.plan
    measures = [m for m in plan.measures if m.subject == "project"]
    gates = dict.fromkeys(g for m in measures for g in m.gates)
    shared = set(measures[0].gates).intersection(*(m.gates for m in measures))
    if row["verdict"] == EXCLUDED:
        infos = {gate: plan.gates[gate] for gate in gates}
        failed = [
            gate for gate, info in infos.items()
            if gate_value(row, "project", gate, info["subject"]) is False
        ]  # fmt: skip
        # Where no failed gate is common to all, each measure is refused by one of its own.
        for gate in [gate for gate in failed if gate in shared] or failed:
            info = infos[gate]
            yield Reason(info["reason"], f"不符合“{info['name']}”", info["clause"])
    elif row["verdict"] == BELOW:
        yield from _below(plan, measures, row)
    elif row["verdict"] == PAY:
        selection = run.model.selection
        if row["selected"] is False and selection is not None:
            text = "可申报项目数已满：申请人排在前的优先，其次金额高者，同额台账在前者"
            yield Reason("quota_one_project", text, selection.clause)
        elif row["selected"] is None and selection is not None:
            yield Reason("quota_open", "名额待定：须由申请人选择或先定名额", selection.clause)
    else:
        yield from _open(plan, row, measures, list(gates))


def _below(plan: Plan, measures: list[MeasurePlan], row: Row) -> Iterator[Reason]:
    clauses = "、".join(dict.fromkeys(m.clause for m in measures))
    counts_lines = any(isinstance(i, Aggregate) and i.source == "line" for i in plan.items)
    if counts_lines and not row["#line"]:
        yield Reason("no_invoice", "没有可归集的发票，未达到任何一档起点", clauses)
    else:
        yield Reason("below_threshold", "未达到任何一档起点", clauses)


def _identity_gate(plan: Plan, gates: list[str]) -> dict[str, str]:
    """The gate that names an unresolved enterprise, else the first one on enterprises."""
    infos = [plan.gates[gate] for gate in gates]
    named = [i for i in infos if i["missing"] == "enterprise_unresolved"]
    owned = [i for i in infos if i["subject"] == "enterprise"]
    found: dict[str, str] = (named or owned or infos)[0]
    return found


def _open(plan: Plan, row: Row, measures: list[MeasurePlan], gates: list[str]) -> Iterator[Reason]:
    if row["#enterprise"] is None:
        info = _identity_gate(plan, gates)
        yield Reason(info["missing"], "项目单位在企业名录中找不到或不能唯一确定", info["clause"])
        return
    for gate in gates:
        info = plan.gates[gate]
        if gate_value(row, "project", gate, info["subject"]) is None:
            yield Reason(info["missing"], f"缺“{info['name']}”所需的数据", info["clause"])
    if row["verdict"] == UNDETERMINED:
        yield Reason("parameter_undetermined", "条款没有给出所需的参数值，须由地方先定", "")
    for measure in measures:
        known = row[measure.when] is not None and row[measure.raw] is not None
        if not known and row[measure.when] is None:
            yield Reason("amount_error", f"“{measure.name}”的计奖金额无法确定", measure.clause)


def consortium_reasons(
    run: FactRun, row: Row, measure: MeasurePlan, of_members: list[Reason]
) -> Iterator[Reason]:
    """Reasons for the verdict on one consortium; ``of_members`` are those of its members."""
    plan, code = run.evaluator.plan, row[measure.code]
    for gate in measure.gates:
        info = plan.gates[gate]
        value = gate_value(row, "consortium", gate, info["subject"])
        if value is False:
            yield Reason(info["reason"], f"不符合“{info['name']}”", info["clause"])
        elif value is None and code not in (EXCLUDED, BELOW):
            yield Reason(info["missing"], f"缺“{info['name']}”所需的数据", info["clause"])
    if code == BELOW:
        yield Reason(
            "below_threshold", "合计设备投资额、中小企业占比或成员构成未达要求", measure.clause
        )
    elif code not in (PAY, EXCLUDED):
        yield from {reason.code: reason for reason in of_members}.values()


def member_reasons(run: FactRun, row: Row, measure: MeasurePlan) -> Iterator[Reason]:
    """Why a member of a consortium does not count, or what is missing to say so."""
    plan = run.evaluator.plan
    split = plan.splits[measure.id]
    for gate in split.gates:
        info = plan.gates[gate]
        value = gate_value(row, "member", gate, info["subject"])
        if value is False:
            yield Reason(info["reason"], f"不符合“{info['name']}”", info["clause"])
        elif value is None:
            yield Reason(info["missing"], f"缺“{info['name']}”所需的数据", info["clause"])
    if row[split.counts] is True and row[split.weight] is None:
        yield Reason("amount_error", "成员设备投资额无法确定", measure.clause)
