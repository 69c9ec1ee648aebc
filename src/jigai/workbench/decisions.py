"""Decisions as a bureau speaks of them: status, amount, reasons with clauses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jigai.core.enterprise_facts import enterprise_key
from jigai.core.enterprise_register import Enterprise
from jigai.policies.reasons import (
    Reason,
    best_track,
    consortium_reasons,
    member_reasons,
    project_reasons,
)
from jigai.projects.ledger import Project
from jigai.rules.plan import VERDICTS, MeasurePlan
from jigai.workbench.evaluation import Evaluation


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
    return ProjectDecision(
        project,
        enterprise,
        row["verdict"],
        row["amount"],
        row["low"],
        row["high"],
        row["selected"],
        row["paid"],
        best_track(run, row),
        tuple(project_reasons(run, row)),
        row,
    )


def consortium_decisions(run: Evaluation) -> list[ConsortiumDecision]:
    """All consortium decisions with their members' shares."""
    plan = run.evaluator.plan
    names = {m.consortium: m.consortium_name or m.consortium for m in run.dossier.members}
    return [
        _consortium(run, row, measure, str(names.get(row["key"], row["key"])))
        for measure in plan.measures
        if measure.subject == "consortium"
        for row in run.rows["consortium"]
    ]


def _consortium(
    run: Evaluation, row: dict[str, Any], measure: MeasurePlan, name: str
) -> ConsortiumDecision:
    members = tuple(_member(run, member, measure) for member in row["#member"])
    of_members = [reason for member in members for reason in member.reasons]
    reasons = tuple(consortium_reasons(run, row, measure, of_members))
    return ConsortiumDecision(
        row["key"], name, measure, row[measure.code], row[measure.effective], reasons, members, row
    )


def _member(run: Evaluation, row: dict[str, Any], measure: MeasurePlan) -> MemberShare:
    split = run.evaluator.plan.splits[measure.id]
    reasons = member_reasons(run, row, measure)
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
