"""Many scenarios in one query: parameters are a relation, a scenario is a row of it.

Everything that no varied parameter touches (joins, line aggregates, gates) is computed once into a
flat table of the projects that can still qualify; the rest runs over that table × the scenarios.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jigai.rules.batch import BatchEvaluator, to_array
from jigai.rules.binding import Environment, ParameterValue
from jigai.rules.columns import Column
from jigai.rules.compiler import compile_plan
from jigai.rules.emit_sql import Query
from jigai.rules.environment import read_value
from jigai.rules.errors import EvaluationError
from jigai.rules.layering import columns_of
from jigai.rules.model import Model
from jigai.rules.plan import EXCLUDED, MISSING, PAY, UNDETERMINED, Item, Plan, Step
from jigai.rules.scope import PARENTS
from jigai.rules.snapshot import Snapshot

_FLAT = "(SELECT * FROM f_sweep CROSS JOIN f_scenario)"


@dataclass(frozen=True, slots=True)
class ScenarioTotals:
    """What one scenario costs: projects that qualify, those selected, and the money in fen."""

    name: str
    qualified: int
    selected: int
    paid: int
    open: int


def sweep(
    model: Model, env: Environment, snapshot: Snapshot, scenarios: Mapping[str, Mapping[str, str]]
) -> list[ScenarioTotals]:
    """Totals of the project measures under each scenario (parameter → value as text).

    Values of thresholds keep the comparator of the run. Raises :class:`EvaluationError` for an
    unknown parameter, an undetermined one, or one that changes sums over other subjects (those
    scenarios must be run one by one).
    """
    table, free, stats = _scenario_table(model, env, scenarios)
    varied = replace(env, free=free)
    plan = compile_plan(model, varied, {**snapshot.stats, **stats})
    if plan.selection is None:
        raise EvaluationError("这个政策包没有项目类措施")
    evaluator = _Sweep(model, varied, snapshot, plan, table)
    return evaluator.totals(list(scenarios))


def _scenario_table(
    model: Model, env: Environment, scenarios: Mapping[str, Mapping[str, str]]
) -> tuple[pa.Table, dict[str, int], dict[str, Column]]:
    """The relation of scenarios (``sid``, one column per varied parameter), scales, bounds."""
    values: dict[str, list[Fraction]] = {}
    for chosen in scenarios.values():
        for name in chosen:
            kind, identifier = model.scope.names.get(name, ("", ""))
            if kind != "param":
                raise EvaluationError(f"没有参数“{name}”")
            values.setdefault(identifier, [])
    for chosen in scenarios.values():
        by_id = {model.scope.names[name][1]: text for name, text in chosen.items()}
        for identifier, listed in values.items():
            listed.append(_value(model, env.parameters[identifier], by_id.get(identifier)))
    columns: dict[str, Any] = {"sid": pa.array(range(len(scenarios)), pa.int32())}
    free: dict[str, int] = {}
    stats = {"sid": Column(0, len(scenarios), False)}
    for identifier, listed in values.items():
        free[identifier] = scale = lcm(*(value.denominator for value in listed))
        stored = [int(value * scale) for value in listed]
        columns[f"p_{identifier}"] = pa.array(stored, pa.int64())
        stats[f"p_{identifier}"] = Column(min(stored), max(stored), False)
    return pa.table(columns), free, stats


def _value(model: Model, known: ParameterValue, text: str | None) -> Fraction:
    value = known.value if text is None else read_value(model.parameters[known.id].kind, text)[0]
    if not isinstance(value, Fraction):
        raise EvaluationError(f"参数“{known.id}”未定或不是数值，不能列为情景")
    return value


class _Sweep(BatchEvaluator):
    """Runs the project stage over flat facts × scenarios."""

    def __init__(
        self, model: Model, env: Environment, snapshot: Snapshot, plan: Plan, table: pa.Table
    ) -> None:
        self.plan = _rehomed(plan)
        self.gate_bits = {}
        self.snapshot = snapshot
        self._varied = {f"p_{identifier}" for identifier in env.free}
        self._load(model, env, table)

    def _load(self, model: Model, env: Environment, table: pa.Table) -> None:
        fixed = replace(env, free={})
        base = compile_plan(model, fixed, self.snapshot.stats)
        wanted = self._inputs()
        query = Query(base, self.snapshot.columns, self.snapshot.bits)
        outputs = {"rid": "rid", "enterprise_rid": "enterprise_rid"}
        outputs |= {name: name for name in sorted(wanted)}
        # Who fails a gate that no varied parameter touches is out under every scenario.
        text = query.select("project", outputs | {"verdict_": "verdict"})
        keep = "TRUE" if self._touches_gates() else f"verdict_ <> {EXCLUDED}"
        connection = self.snapshot.connection
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE f_sweep AS SELECT * EXCLUDE (verdict_) "
            f"FROM ({text}) WHERE {keep}"
        )
        connection.register("incoming", table)
        connection.execute("CREATE OR REPLACE TEMP TABLE f_scenario AS SELECT * FROM incoming")
        connection.unregister("incoming")
        self._columns = {"rid", "enterprise_rid", "sid", *wanted, *self._varied}

    def _inputs(self) -> set[str]:
        """Stored facts and aggregates that the project stage reads."""
        steps = {item.id for item in self.plan.items}
        read = {column for item in self.plan.items for column in columns_of(item)}
        assert self.plan.selection is not None
        named = {*self.plan.selection.group, self.plan.selection.measure_choice}
        named |= {self.plan.selection.project_choice, self.plan.selection.exception}
        return {name for name in read | named if name} - steps - self._varied - {"sid"}

    def _touches_gates(self) -> bool:
        assert self.plan.selection is not None
        gates = [m.ok for m in self.plan.measures if m.subject == "project"]
        return any(self._depends(gate) for gate in gates)

    def _depends(self, column: str) -> bool:
        items = {item.id: item for item in self.plan.items}
        item = items.get(column)
        if item is None:
            return column in self._varied
        return any(self._depends(name) for name in columns_of(item))

    def _fetch(self, subject: str, outputs: dict[str, str], where: str = "") -> dict[str, Any]:
        query = Query(self.plan, {"project": self._columns}, None, {"project": _FLAT})
        table = self.snapshot.connection.sql(query.select(subject, outputs, where)).to_arrow_table()
        return {name: to_array(table[name]) for name in table.column_names}

    def _keys(self) -> NDArray[Any]:
        keys: NDArray[Any] = np.asarray(self.snapshot.keys["project"])[self._rows]
        return keys

    def totals(self, names: list[str]) -> list[ScenarioTotals]:
        """One query, one selection with the scenario as part of every group."""
        outputs = {"verdict": "verdict", "packed": "packed", "rid": "rid", "sid": "sid"}
        columns = self._fetch("project", outputs | self._selection_columns())
        self._rows = columns["rid"].astype(np.int64)
        selection = self.plan.selection
        assert selection is not None
        group = len(selection.group)
        widened = replace(selection, group=(*selection.group, "sid"))
        self.plan = replace(self.plan, selection=widened)
        columns[f"group{group}_"] = columns["sid"]
        measures = [m for m in self.plan.measures if m.subject == "project"]
        outcome = self._outcome(columns, measures, (), False)
        sid = columns["sid"].astype(np.int64)
        paid = np.zeros(len(names), np.int64)
        np.add.at(paid, sid, outcome.paid)

        def count(mask: NDArray[np.bool_]) -> list[int]:
            return [int(n) for n in np.bincount(sid[mask], minlength=len(names))]

        qualified = count(outcome.verdict == PAY)
        selected = count(outcome.selected == 1)
        waiting = count(np.isin(outcome.verdict, (MISSING, UNDETERMINED)))
        rows = zip(names, qualified, selected, paid.tolist(), waiting, strict=True)
        return [ScenarioTotals(*row) for row in rows]


def _rehomed(plan: Plan) -> Plan:
    """The plan with the steps of a project's parents computed on the flat project rows."""
    items: list[Item] = []
    for item in plan.items:
        if isinstance(item, Step) and item.subject in ("project", *PARENTS["project"]):
            items.append(replace(item, subject="project"))
        elif not isinstance(item, Step) and _varies(plan, item.id):
            raise EvaluationError(f"所变参数影响汇总“{item.name}”，须逐个情景测算")
    measures = [measure for measure in plan.measures if measure.subject == "project"]
    flat = {"project": {k: v for terms in plan.inputs.values() for k, v in terms.items()}}
    return replace(plan, items=items, measures=measures, splits={}, inputs=flat)


def _varies(plan: Plan, column: str, seen: frozenset[str] = frozenset()) -> bool:
    """Whether a column depends on a varied parameter."""
    if column.startswith("p_"):
        return True
    item = next((item for item in plan.items if item.id == column), None)
    if item is None or column in seen:
        return False
    return any(_varies(plan, name, seen | {column}) for name in columns_of(item))
