"""What whole packs cost under many scenarios: swept where that can be, else run one by one.

Project measures are swept (:mod:`jigai.rules.sweep`). Measures on consortia, titles, loans, parcels
and enterprises are run again only for scenarios that differ in a parameter they read. A scenario
that cannot be swept is run by itself, and its totals say so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from jigai.rules.batch import BatchEvaluator, BatchResult, Outcome
from jigai.rules.binding import Environment
from jigai.rules.compiler import compile_plan
from jigai.rules.errors import EvaluationError
from jigai.rules.expr import Node
from jigai.rules.grammar import parse_formula
from jigai.rules.layering import columns_of
from jigai.rules.model import Model
from jigai.rules.plan import MISSING, PAY, UNDETERMINED, Plan
from jigai.rules.settle import settle
from jigai.rules.snapshot import Snapshot
from jigai.rules.sweep import ScenarioTotals, Sweeper, Values, read_scenario

Scenario = Mapping[str, str | None]
# Gives the constants of a run with these parameters set (``None`` is 未定).
EnvironmentOf = Callable[[Scenario], Environment]
_WAITS = (MISSING, UNDETERMINED)


@dataclass(frozen=True, slots=True)
class WholeTotals:
    """What one scenario costs, in fen: selected projects, consortia, other rows; charges apart.

    ``qualified`` and ``selected`` count projects, ``open`` everything that waits for a datum or a
    value (its money is in no total). ``why_alone`` says why it was not swept; empty if it was.
    """

    name: str
    qualified: int
    selected: int
    projects: int
    consortia: int
    items: int
    charged: int
    open: int
    why_alone: str = ""

    @property
    def total(self) -> int:
        """Benefits together."""
        return self.projects + self.consortia + self.items


class Scenarios:
    """Asks for totals again and again over one snapshot; ``evaluations`` counts passes over it.

    ``environment`` builds the constants of a run from overrides. Totals equal those of separate
    runs to the fen.
    """

    def __init__(self, model: Model, snapshot: Snapshot, environment: EnvironmentOf) -> None:
        self.model, self.snapshot, self._environment = model, snapshot, environment
        self.base = environment({})
        self.passes = 0
        self._sweeper: Sweeper | None = None
        self._others: dict[tuple[tuple[str, str | None], ...], tuple[int, int, int, int]] = {}
        self._rest = [
            m.id for m in model.measures.values() if m.computable and m.subject != "project"
        ]
        self._dividing = self._divisors()
        self._computed = {
            p.name: self._formula_names(p.id) for p in model.parameters.values() if p.formula
        }
        self._has_projects = any(
            m.computable and m.subject == "project" for m in model.measures.values()
        )

    def __enter__(self) -> Scenarios:
        return self

    def __exit__(self, *error: object) -> None:
        if self._sweeper is not None:
            self._sweeper.__exit__(*error)

    def totals(self, scenarios: Mapping[str, Scenario]) -> list[WholeTotals]:
        """Totals of every scenario, in their order.

        Raises :class:`EvaluationError` for a parameter or a value that does not exist.
        """
        found: dict[str, WholeTotals] = {}
        values: dict[str, Values] = {}
        for name, chosen in scenarios.items():
            try:
                values[name] = self._sweepable(chosen)
            except EvaluationError as error:
                found[name] = self._alone(name, chosen, str(error))
        found |= self._swept(scenarios, values)
        return [found[name] for name in scenarios]

    # swept --------------------------------------------------------------------------------------

    def _sweepable(self, chosen: Scenario) -> Values:
        if not self._has_projects:
            raise EvaluationError("没有项目类措施")
        texts = {name: text for name, text in chosen.items() if text is not None}
        if len(texts) < len(chosen):
            raise EvaluationError("有参数设为未定")
        values = read_scenario(self.model, self.base, texts)
        computed = self._feeds_computed(values)
        if computed:
            raise EvaluationError(f"参数“{computed}”由所变的参数算出")
        nought = {name for name, value in values.items() if not value}
        if nought & self._dividing:
            raise EvaluationError("有公式以所变的参数作除数，参数取零时须单独测算")
        return values

    def _divisors(self) -> set[str]:
        """Parameters that a formula divides by under these readings: zero must be refused as a
        single run refuses it."""
        return {
            name
            for formula in self.model.formulas.values()
            for node in _nodes(settle(formula, self.base))
            if node.op in ("div", "steps")
            for name in node.args[1].names("param")
        }

    def _feeds_computed(self, values: Values) -> str:
        """Name of a computed parameter that a varied one goes into: it would stay as it was."""
        return next((name for name, fed in self._computed.items() if fed & set(values)), "")

    def _formula_names(self, identifier: str) -> set[str]:
        node = parse_formula(self.model.parameters[identifier].formula, self.model.scope, None)
        names = {*node.names("param"), *node.names("reach")}
        for name in list(names):
            if self.model.parameters[name].formula:
                names |= self._formula_names(name)
        return names

    def _swept(
        self, scenarios: Mapping[str, Scenario], values: Mapping[str, Values]
    ) -> dict[str, WholeTotals]:
        if not values:
            return {}
        try:
            if self._sweeper is None:
                self._sweeper = Sweeper(self.model, self.base, self.snapshot, values.values())
            rows = self._sweeper.totals(values)
        except EvaluationError as error:
            return {name: self._alone(name, scenarios[name], str(error)) for name in values}
        self.passes += 1
        touching = self._touching(values)
        return {row.name: self._whole(row, scenarios[row.name], touching) for row in rows}

    def _whole(
        self, row: ScenarioTotals, chosen: Scenario, touching: frozenset[str]
    ) -> WholeTotals:
        names = {name: self.model.scope.names[name][1] for name in chosen}
        key = tuple(sorted((names[n], text) for n, text in chosen.items() if names[n] in touching))
        if key not in self._others:
            self._others[key] = self._run_others(dict(key))
        consortia, items, charged, waiting = self._others[key]
        return WholeTotals(
            row.name, row.qualified, row.selected, row.paid, consortia, items, charged,
            row.open + waiting,
        )  # fmt: skip

    def _touching(self, values: Mapping[str, Values]) -> frozenset[str]:
        """Which varied parameters change anything but project measures."""
        varied = {name for chosen in values.values() for name in chosen}
        if not self._rest or not varied:
            return frozenset()
        free = {name: self.base.parameters[name].value.denominator for name in varied}
        plan = compile_plan(self.model, replace(self.base, free=free), measures=self._rest)
        reached = _reached(plan, _ends(plan))
        return frozenset(name for name in varied if f"p_{name}" in reached)

    def _run_others(self, chosen: Scenario) -> tuple[int, int, int, int]:
        if not self._rest:
            return 0, 0, 0, 0
        env = self._environment(chosen) if chosen else self.base
        run = BatchEvaluator(self.model, env, self.snapshot, self._rest).run(bounds=False)
        return _sums(run)

    def alone(self, chosen: Scenario) -> WholeTotals:
        """The totals of a run of its own, whatever could be swept."""
        return self._alone("", chosen, "")

    # one by one ---------------------------------------------------------------------------------

    def _alone(self, name: str, chosen: Scenario, why: str) -> WholeTotals:
        self.passes += 1
        env = self._environment(chosen)
        run = BatchEvaluator(self.model, env, self.snapshot).run(bounds=False)
        consortia, items, charged, waiting = _sums(run)
        out = run.projects
        if out is None:
            return WholeTotals(name, 0, 0, 0, consortia, items, charged, waiting, why)
        return WholeTotals(
            name, int((out.verdict == PAY).sum()), int((out.selected == 1).sum()),
            int(out.paid.sum()), consortia, items, charged, _waiting(out) + waiting, why,
        )  # fmt: skip


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.args:
        yield from _nodes(child)


def _reached(plan: Plan, columns: list[str]) -> set[str]:
    """All columns these are computed from."""
    items = {item.id: item for item in plan.items}
    found: set[str] = set()
    waiting = list(columns)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += columns_of(items[name]) if name in items else ()
    return found


def _ends(plan: Plan) -> list[str]:
    """Columns that decide what measures without selection give."""
    columns = [c for m in plan.measures for c in (m.code, m.effective)]
    for split in plan.splits.values():
        columns += [c for c in (split.weight, split.counts, split.paid, split.cap) if c]
    return columns + [cap.amount for cap in plan.pooled_caps]


def _sums(run: BatchResult) -> tuple[int, int, int, int]:
    """Fen to consortia, to other rows, charged, and how many wait."""
    consortia = waiting = 0
    for measure, out in run.consortia.items():
        waiting += _waiting(out)
        members = run.members.get(measure)
        if members is None:
            consortia += int(out.amount.sum())
        else:
            consortia += int(members["share"][~np.asarray(members["open"], bool)].sum())
    items = sum(item.paid or 0 for item in run.items)
    charged = sum(item.charged for item in run.items)
    waiting += sum(item.paid is None for item in run.items)
    return consortia, items, charged, waiting


def _waiting(out: Outcome) -> int:
    return int(np.isin(out.verdict, _WAITS).sum())
