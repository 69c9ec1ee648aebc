"""Compiles a checked pack and the constants of a run to a plan."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction

from jigai.rules import schema
from jigai.rules.binding import Environment, bind
from jigai.rules.columns import Column
from jigai.rules.errors import EvaluationError
from jigai.rules.measure_columns import ROUNDING, MeasureCompiler, safe_name
from jigai.rules.model import Model
from jigai.rules.plan import (
    BudgetPlan,
    Plan,
    PooledCapPlan,
    RankingPlan,
    SelectionPlan,
    SplitPlan,
    Step,
)
from jigai.rules.project_stage import project_steps
from jigai.rules.schema_measures import Share


def compile_plan(
    model: Model,
    env: Environment,
    stats: Mapping[str, Column] | None = None,
    measures: list[str] | None = None,
) -> Plan:
    """Compile the computable measures of a pack (or only ``measures``).

    Measures that end in a verdict without an amount are compiled when they are named, and only
    alone: they take no part in selection, limits or budgets.

    ``stats`` narrows arithmetic to what the stored data need; without it every fact may be missing
    and as large as its term allows. Raises :class:`EvaluationError` for cyclic derived facts.
    """
    compiler = _Compiler(model, env, stats or {})
    named = [model.measures[name] for name in measures or ()]
    if named and all(measure.checks and not measure.computable for measure in named):
        return compiler.compile_checks(named)
    return compiler.compile(measures)


UNLIMITED = "不限"


class _Compiler(MeasureCompiler):
    """Puts the stages after the measures: selection, pooled caps, splits."""

    def compile(self, wanted: list[str] | None) -> Plan:
        """Compile measures in number order, then the stages after them."""
        chosen = [
            m
            for m in self.m.measures.values()
            if m.computable and (wanted is None or m.id in wanted)
        ]
        for measure in sorted(chosen, key=lambda m: m.number):
            self.measure(measure.id)
        splits = {m.id: self._split(m) for m in chosen if m.split}
        selection = self._selection([m for m in chosen if m.subject == "project"])
        project = [m for m in self._measures.values() if m.subject == "project"]
        used = dict.fromkeys(g for m in self._measures.values() for g in m.gates)
        used.update(dict.fromkeys(g for s in splits.values() for g in s.gates))
        plan = Plan(
            self.m.pack.content_hash,
            self.items,
            self.inputs,
            sorted(self._measures.values(), key=lambda m: m.number),
            splits,
            selection,
            self._pooled(),
            len({m.gates for m in project}) <= 1,
            {g: self._gate_info(g) for g in used},
            dict(self.env.readings),
            {key: value.text for key, value in self.env.parameters.items()},
        )
        quota = self.definitions.get("quota")
        if quota is not None and quota.op == "const":
            plan.default_quota = quota.value
        self._population(plan)
        columns = {name: code for name, (code, _) in self.columns.items()}
        self.items += project_steps(plan, self.b, columns)
        return plan

    def compile_checks(self, measures: list[schema.Measure]) -> Plan:
        """Compile measures that end in a verdict; the plan has no stage after them."""
        found = [self.check(m.id) for m in sorted(measures, key=lambda m: m.number)]
        used = dict.fromkeys(gate for check in found for gate in check.gates)
        return Plan(
            self.m.pack.content_hash, self.items, self.inputs, [], {}, None, [], False,
            {gate: self._gate_info(gate) for gate in used}, dict(self.env.readings),
            {key: value.text for key, value in self.env.parameters.items()}, checks=found,
        )  # fmt: skip

    def _population(self, plan: Plan) -> None:
        """Stages over all applications, and how each amount is shared out."""
        stages = self.m.pack.measures
        for ranking in stages.rankings:
            subject = self.m.measures[ranking.measures[0]].subject
            column, node = (
                f"rank_{safe_name(ranking.id)}",
                self.m.formulas["ranking", ranking.id, "by"],
            )
            self.term_step(column, subject, ranking.name, node, ranking.clause)
            top = self._constant(("ranking", ranking.id, "top"))
            plan.rankings.append(
                RankingPlan(
                    ranking.id, ranking.name, ranking.clause, tuple(ranking.measures), column,
                    None if top is None else int(top),
                )
            )  # fmt: skip
        for budget in stages.budgets:
            amount = self._constant(("budget", budget.id, "amount"))
            plan.budgets.append(
                BudgetPlan(
                    budget.id, budget.name, budget.clause, tuple(budget.measures),
                    None if amount is None else int(amount), budget.shortage, budget.ranking,
                )
            )  # fmt: skip
        for measure in plan.measures:
            declared = self.m.measures[measure.id]
            for kind in ("payers", "instalments"):
                shares = getattr(declared, kind)
                if shares:
                    getattr(plan, kind)[measure.id] = self._weights(measure.id, kind, shares)

    def _weights(
        self, measure: str, kind: str, shares: list[Share]
    ) -> list[tuple[str, int]] | None:
        """Shares as whole weights over one denominator; ``None`` while one is not set."""
        values = [self._constant(("measure", measure, f"{kind}.{i}")) for i in range(len(shares))]
        known = [value for value in values if value is not None]
        if len(known) < len(values):
            return None
        if sum(known) != 1:
            raise EvaluationError(f"措施“{self.m.measures[measure].name}”的各份合计不是 1")
        whole = math.lcm(*(value.denominator for value in known))
        return [(s.name, int(v * whole)) for s, v in zip(shares, known, strict=True)]

    def _constant(self, key: tuple[str, str, str]) -> Fraction | None:
        bound = bind(self.m.formulas[key], self.env)
        return Fraction(bound.value) if bound.op == "const" else None

    def _gate_info(self, identifier: str) -> dict[str, str]:
        gate = self.m.gates[identifier]
        return {
            "name": gate.name,
            "clause": gate.clause,
            "reason": gate.reason,
            "missing": gate.missing,
            "subject": gate.subject,
            "manual": str(gate.manual),
            "duty": gate.duty,
        }

    def _split(self, measure: schema.Measure) -> SplitPlan:
        prefix, key, split = f"s_{safe_name(measure.id)}", ("measure", measure.id), measure.split
        assert split is not None
        for gate in measure.member_gates:
            self.gate(gate)
        for name, label in (("by", "分配权数"), ("counts", "计入共同体"), ("paid", "可得份额")):
            node = self.m.formulas.get((*key, f"split.{name}"))
            if node is not None:
                self.term_step(
                    f"{prefix}_{name}", "member", label, node, split.clause or measure.clause, name
                )
        cap = self._cap(measure, "split.cap", split.caps, "member", f"{prefix}_cap")
        return SplitPlan(
            measure.id,
            f"{prefix}_by",
            f"{prefix}_counts",
            f"{prefix}_paid" if split.paid else "",
            f"{prefix}_cap" if cap else "",
            tuple(measure.member_gates),
        )

    def _selection(self, measures: list[schema.Measure]) -> SelectionPlan | None:
        selection = self.m.selection
        if not measures:
            return None
        if selection is None:
            selection = schema.Selection(clause="", quota=UNLIMITED, group=[])
            self.step(Step("quota", "enterprise", "term", "可申报项目数", self.b.integer(10**6)))
        else:
            node = self.m.formulas["selection", "", "quota"]
            self.term_step("quota", "enterprise", "可申报项目数", node, selection.clause)
        for name in (selection.measure_choice, selection.project_choice, selection.exception):
            if name:
                self._column("term", self.m.scope.names[name][1])
        tracks = self._tracks(measures, selection)
        group = tuple(self.m.scope.names[name][1] for name in selection.group)
        for name in group:
            self._column("term", name)
        named = (selection.measure_choice, selection.project_choice, selection.exception)
        pick = [self.m.scope.names[name][1] if name else "" for name in named]
        must_choose = self.env.readings.get("tie_order") == "b"
        return SelectionPlan(tracks, group, "quota", pick[0], pick[1], pick[2], must_choose)

    def _tracks(
        self, measures: list[schema.Measure], selection: schema.Selection
    ) -> tuple[tuple[str, ...], ...]:
        ordered = [m.id for m in sorted(measures, key=lambda m: m.number)]
        combined = [i for i in ordered if i in selection.combined]
        node = self.m.formulas.get(("selection", "", "combine"))
        if node is not None and combined:
            bound = bind(node, self.env)
            if bound.op == "const" and bound.value:
                rest = [(i,) for i in ordered if i not in combined]
                return (tuple(combined), *rest)
        return tuple((i,) for i in ordered)

    def _pooled(self) -> list[PooledCapPlan]:
        plans = []
        for cap in self.m.pack.measures.pooled_caps:
            when = bind(self.m.formulas["pooled", cap.id, "when"], self.env)
            if when.op == "const" and when.value:
                node = self.m.formulas["pooled", cap.id, "amount"]
                column = f"pool_{safe_name(cap.id)}"
                self.viewer = "enterprise"
                bound = bind(node, self.env)
                code = self.low.rounded(self.low.ratio(bound), *self._pool_rounding(cap))
                self.nodes[column] = bound
                self.step(
                    Step(column, "enterprise", "pool", cap.name, code, 1, cap.clause, node, cap.id)
                )
                plans.append(
                    PooledCapPlan(cap.id, cap.name, cap.clause, tuple(cap.measures), column)
                )
        return plans

    def _pool_rounding(self, cap: schema.PooledCap) -> tuple[int, str]:
        """That of the measures under the limit, so that what it leaves is as round as they are."""
        found = {self._rounding(self.m.measures[measure]) for measure in cap.measures}
        return found.pop() if len(found) == 1 else ROUNDING["到分四舍五入"]
