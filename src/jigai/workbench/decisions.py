"""Decisions as a bureau speaks of them: status, amount, reasons with clauses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jigai.core.enterprise_facts import enterprise_key
from jigai.core.enterprise_register import Enterprise
from jigai.projects.ledger import Project
from jigai.rules.plan import (
    BELOW,
    EXCLUDED,
    PAY,
    UNDETERMINED,
    VERDICTS,
    Aggregate,
    MeasurePlan,
    Plan,
)
from jigai.rules.stages import build_tracks
from jigai.workbench.evaluation import Evaluation


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a stable code, a Chinese sentence and the clause it rests on."""

    code: str
    text: str
    clause: str


@dataclass(frozen=True, slots=True)
class ProjectDecision:
    """The decision on one project. Amounts in fen; ``amount`` is ``None`` while open.

    ``selected`` is ``None`` while the quota is open; ``paid`` is the amount after selection and
    pooled caps; ``measures`` are those of the best track.
    """

    project: Project
    enterprise: Enterprise | None
    verdict: int
    amount: int | None
    low: int
    high: int
    selected: bool | None
    paid: int | None
    measures: tuple[MeasurePlan, ...]
    reasons: tuple[Reason, ...]
    row: dict[str, Any]

    @property
    def name(self) -> str:
        """The enterprise as registered, or as the ledger writes it where it is not matched."""
        return self.enterprise.name if self.enterprise else self.project.enterprise_raw

    @property
    def codes(self) -> str:
        """Reason codes joined by semicolons."""
        return ";".join(reason.code for reason in self.reasons)

    @property
    def verdict_name(self) -> str:
        """符合 / 不符合 / 缺数据 / 未定."""
        return VERDICTS[self.verdict]


@dataclass(frozen=True, slots=True)
class MemberShare:
    """One member of a consortium: whether it counts, why not, and its share in fen."""

    row: dict[str, Any]
    enterprise: Enterprise | None
    name: str
    lead: bool
    counts: bool | None
    share: int | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class ConsortiumDecision:
    """The decision on one consortium: pool, verdict, reasons, and the shares of its members."""

    key: str
    name: str
    measure: MeasurePlan
    verdict: int
    amount: int | None
    reasons: tuple[Reason, ...]
    members: tuple[MemberShare, ...]
    row: dict[str, Any]

    @property
    def verdict_name(self) -> str:
        """符合 / 不符合 / 缺数据 / 未定."""
        return VERDICTS[self.verdict]


def project_decisions(run: Evaluation) -> list[ProjectDecision]:
    """All project decisions in ledger order."""
    projects = {project.row: project for project in run.dossier.projects}
    enterprises = {enterprise_key(e): e for e in run.dossier.enterprises}
    return [
        _project(run, row, projects[row["key"]], enterprises.get(row["enterprise_key"]))
        for row in run.rows["project"]
    ]


def _project(
    run: Evaluation, row: dict[str, Any], project: Project, enterprise: Enterprise | None
) -> ProjectDecision:
    plan = run.evaluator.plan
    tracks = build_tracks(plan)
    best: tuple[MeasurePlan, ...] = tracks[row["track"] - 1] if row["track"] else ()
    if not best and row["verdict"] != BELOW:
        best = _leading(tracks, row)
    return ProjectDecision(
        project,
        enterprise,
        row["verdict"],
        row["amount"],
        row["low"],
        row["high"],
        row["selected"],
        row["paid"],
        best,
        tuple(_project_reasons(run, row)),
        row,
    )


def _leading(tracks: Any, row: dict[str, Any]) -> tuple[MeasurePlan, ...]:
    """The track that would pay most if the open or failed gates were met."""
    totals = [sum(row[m.high] or row[m.amount] or 0 for m in track) for track in tracks]
    best = max(totals, default=0)
    return tuple(tracks[totals.index(best)]) if best else ()


def gate_value(row: dict[str, Any], subject: str, gate: str, gate_subject: str) -> Any:
    """Value of a gate as seen from a row (``None`` where the row has no such parent)."""
    column = f"gate_{gate.replace('-', '_')}"
    owner = row if subject == gate_subject else row[f"#{gate_subject}"]
    return None if owner is None else owner[column]


def _project_reasons(run: Evaluation, row: dict[str, Any]) -> Iterator[Reason]:
    plan = run.evaluator.plan
    measures = [m for m in plan.measures if m.subject == "project"]
    gates = dict.fromkeys(g for m in measures for g in m.gates)
    shared = set(measures[0].gates).intersection(*(m.gates for m in measures))
    if row["verdict"] == EXCLUDED:
        for gate in gates:
            info = plan.gates[gate]
            if gate in shared and gate_value(row, "project", gate, info["subject"]) is False:
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
        yield from _open(run, row, measures, list(gates))


def _below(plan: Plan, measures: list[MeasurePlan], row: dict[str, Any]) -> Iterator[Reason]:
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


def _open(
    run: Evaluation, row: dict[str, Any], measures: list[MeasurePlan], gates: list[str]
) -> Iterator[Reason]:
    plan = run.evaluator.plan
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


def consortium_decisions(run: Evaluation) -> list[ConsortiumDecision]:
    """All consortium decisions with their members' shares."""
    plan = run.evaluator.plan
    names = {m.consortium: m.consortium_name for m in run.dossier.members}
    return [
        _consortium(run, row, measure, names.get(row["key"], row["key"]))
        for measure in plan.measures
        if measure.subject == "consortium"
        for row in run.rows["consortium"]
    ]


def _consortium(
    run: Evaluation, row: dict[str, Any], measure: MeasurePlan, name: str
) -> ConsortiumDecision:
    members = tuple(_member(run, member, measure) for member in row["#member"])
    reasons = tuple(_consortium_reasons(run, row, measure, members))
    return ConsortiumDecision(
        row["key"], name, measure, row[measure.code], row[measure.effective], reasons, members, row
    )


def _consortium_reasons(
    run: Evaluation, row: dict[str, Any], measure: MeasurePlan, members: tuple[MemberShare, ...]
) -> Iterator[Reason]:
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
        found = {reason.code: reason for member in members for reason in member.reasons}
        yield from found.values()


def _member(run: Evaluation, row: dict[str, Any], measure: MeasurePlan) -> MemberShare:
    plan = run.evaluator.plan
    split = plan.splits[measure.id]
    reasons = []
    for gate in split.gates:
        info = plan.gates[gate]
        value = gate_value(row, "member", gate, info["subject"])
        if value is False:
            reasons.append(Reason(info["reason"], f"不符合“{info['name']}”", info["clause"]))
        elif value is None:
            reasons.append(Reason(info["missing"], f"缺“{info['name']}”所需的数据", info["clause"]))
    if row[split.counts] is True and row[split.weight] is None:
        reasons.append(Reason("amount_error", "成员设备投资额无法确定", measure.clause))
    enterprise = _enterprises(run).get(row["enterprise_key"])
    raw = next(m for m in run.dossier.members if f"{m.consortium}#{m.row}" == row["key"])
    return MemberShare(
        row,
        enterprise,
        enterprise.name if enterprise else raw.enterprise_raw,
        raw.role == "lead",
        row[split.counts],
        row["share"],
        tuple(reasons),
    )


def _enterprises(run: Evaluation) -> dict[str, Enterprise]:
    return {enterprise_key(e): e for e in run.dossier.enterprises}
