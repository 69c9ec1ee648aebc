"""Decides one document on the facts of one enterprise: every measure on every row, explained."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from jigai.policies.calculator.told import CONFIRM, Condition, conditions_of
from jigai.policies.fact_run import FactRows
from jigai.rules import schema
from jigai.rules.bearing import Bearing
from jigai.rules.explain import explain_consortium, explain_item, explain_project
from jigai.rules.explanation import Explanation, MeasureExplanation
from jigai.rules.model import Model
from jigai.rules.plan import MeasurePlan
from jigai.rules.wording import SUBJECT_WORDS
from jigai.workbench.navigator.matches import (
    GIVEN_UP,
    OUT_OF_QUOTA,
    QUOTA_OPEN,
    TAKEN,
    Match,
)
from jigai.workbench.navigator.programs import Program

OTHER_FUNDS = "has_other_funds"
_MADE_UP = -1


@dataclass(slots=True)
class Decided:
    """Everything one document says about the enterprise.

    ``found`` holds the explanation of each row by (subject, key); ``channels`` are measures that
    are never computed, or that are not given to enterprises.
    """

    program: Program
    facts: FactRows
    matches: list[Match] = field(default_factory=list)
    found: dict[tuple[str, Any], Explanation] = field(default_factory=dict)
    channels: list[schema.Measure] = field(default_factory=list)

    @property
    def paid(self) -> int:
        """Fen that come out as certain, after choosing, quota and limits; none is charged."""
        total = 0
        for (subject, key), explanation in self.found.items():
            if subject == "consortium":
                total += sum(m.amount or 0 for m in self.matches
                             if (m.subject, m.key, m.state) == (subject, key, TAKEN))  # fmt: skip
            else:
                total += explanation.paid or 0
        return total


def decide(
    program: Program, facts: FactRows, owner: str, labels: Mapping[tuple[str, str], str]
) -> Decided:
    """Run all measures of a document. ``owner`` is the key of the enterprise in the facts,
    ``labels`` the names of rows by (subject, key as text)."""
    decided = Decided(program, facts)
    measures = program.document.model.measures.values()
    plans = {plan.id: plan for plan in program.evaluator.plan.measures}
    decided.channels = [m for m in measures if m.id not in plans or m.subject == "region"]
    subjects = dict.fromkeys(p.subject for p in plans.values() if p.subject != "region")
    for subject in subjects:
        mine = [plan for plan in plans.values() if plan.subject == subject]
        keys = _keys(subject, facts, owner)
        for key in keys:
            explanation = explain_row(program, facts, subject, key)
            decided.found[subject, key] = explanation
            label = labels.get((subject, str(key)), SUBJECT_WORDS[subject])
            for plan in mine:
                decided.matches.append(_match(program, explanation, plan, label, owner))
        if not keys:
            decided.matches += _without(program, facts, subject, mine, owner)
    for match in decided.matches:
        match.silent = program.silent
    return decided


def explain_row(program: Program, facts: FactRows, subject: str, key: Any) -> Explanation:
    """Every step of one row. Raises ``KeyError`` for a row there is not."""
    args = (program.evaluator, program.document.model, program.env, facts)
    if subject == "project":
        return explain_project(*args, key)
    if subject == "consortium":
        return explain_consortium(*args, key)
    return explain_item(*args, subject, key)


def _keys(subject: str, facts: FactRows, owner: str) -> list[Any]:
    keys = [row["key"] for row in facts.get(subject, ())]
    return [key for key in keys if key == owner] if subject == "enterprise" else keys


def _match(
    program: Program, found: Explanation, plan: MeasurePlan, label: str, owner: str
) -> Match:
    model = program.document.model
    told, declared = found.measure(plan.id), model.measures[plan.id]
    match = Match(
        program.document, declared, found.subject, found.key, label, told.verdict_code,
        told.amount, told.low, told.high,
    )  # fmt: skip
    match.conditions = list(conditions_of(model, plan, told))
    match.missing = [fact for fact in found.missing if told.name in fact.blocks]
    match.undetermined = told.undetermined if told.verdict_code == "undetermined" else []
    names = {model.gates[gate].name for gate in plan.gates}
    waits = [u for u in found.unverified if u.what == "manual" and u.name in names]
    match.manual = [(item.name, item.source) for item in waits] if told.amount != 0 else []
    match.evidence = evidence_of(model, declared)
    match.dates = list(_dates(model, told))
    match.other_funds = other_funds_clause(program, plan)
    _share(match, found, owner)
    if match.code == "missing" and match.conditions and all(c.duty for c in match.conditions):
        match.code = CONFIRM
    match.state = _state(found, plan, match)
    return match


def _share(match: Match, found: Explanation, owner: str) -> None:
    """Of a consortium the enterprise gets its share; a member left out gets none."""
    if match.subject != "consortium":
        return
    own = [member for member in found.members if member.enterprise == owner]
    match.pool = match.amount
    if not own or match.code != "pay":
        return
    if all(member.counted is False for member in own):
        match.code, match.amount, match.low, match.high = "excluded", 0, 0, 0
        match.conditions = [
            Condition(r.text, r.clause, True) for member in own for r in member.reasons
        ]
    elif any(member.share is None for member in own):
        match.low, match.high, match.amount = 0, match.amount or match.high, None
    else:
        match.amount = sum(member.share or 0 for member in own)
        match.low = match.high = match.amount


def _state(found: Explanation, plan: MeasurePlan, match: Match) -> str:
    if match.code != "pay" or match.measure.charge:
        return ""
    if plan.id not in found.chosen:
        return GIVEN_UP
    if found.subject != "project" or found.selected:
        return TAKEN
    return QUOTA_OPEN if found.selected is None else OUT_OF_QUOTA


def _dates(model: Model, told: MeasureExplanation) -> Iterator[Any]:
    """Dates of the document that the measure asks about, each once."""
    seen = set()
    for entry in told.entries:
        for use in entry.parameters:
            if model.parameters[use.id].kind == "date" and use.id not in seen:
                seen.add(use.id)
                yield use


def evidence_of(model: Model, declared: schema.Measure) -> list[str]:
    """What must be handed in: the measure's own list, then what its conditions ask besides."""
    gates = [model.gates[gate] for gate in declared.gates]
    return list(dict.fromkeys([*declared.evidence, *(e for g in gates for e in g.evidence)]))


def other_funds_clause(program: Program, plan: MeasurePlan) -> str:
    """The clause by which a project with other public money is left out; empty if there is none."""
    model = program.document.model
    for gate in plan.gates:
        node = model.formulas["gate", gate, "formula"]
        if OTHER_FUNDS in Bearing(model, program.env).add([node]).facts:
            return model.gates[gate].clause
    return ""


def _without(
    program: Program, facts: FactRows, subject: str, plans: list[MeasurePlan], owner: str
) -> Iterator[Match]:
    """Measures on rows the enterprise has none of: what the enterprise itself fails, no amount."""
    model = program.document.model
    rows = {**facts, subject: [{"key": _MADE_UP, "enterprise_key": owner}]}
    found = explain_row(program, rows, subject, _MADE_UP)
    for plan in plans:
        declared = model.measures[plan.id]
        own = {
            gate.name for key in plan.gates if (gate := model.gates[key]).subject == "enterprise"
        }
        told = found.measure(plan.id)
        conditions = [c for c in conditions_of(model, plan, told) if c.name in own]
        code = "excluded" if any(c.known for c in conditions) else "missing"
        yield Match(
            program.document, declared, subject, "", "", code, None, 0, 0,
            absent=SUBJECT_WORDS[subject], conditions=conditions,
            evidence=evidence_of(model, declared), other_funds=other_funds_clause(program, plan),
        )  # fmt: skip
