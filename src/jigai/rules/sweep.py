"""Many scenarios over facts prepared once: parameters are columns, a scenario is a row of values.

Everything that no varied parameter touches (joins, line aggregates, gates) is computed once into a
flat table of the projects that can still qualify, in the order of what competes for one quota; the
rest of the plan runs over that table once a scenario.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import count
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jigai.rules.batch import BatchEvaluator, Outcome, drain
from jigai.rules.binding import Environment
from jigai.rules.columns import Column
from jigai.rules.compiler import compile_plan
from jigai.rules.emit_sql import Query
from jigai.rules.environment import read_checked
from jigai.rules.errors import EvaluationError, FormulaError
from jigai.rules.hoisting import hoist, reached, read_by
from jigai.rules.layering import columns_of
from jigai.rules.model import Model
from jigai.rules.pick import group_numbers
from jigai.rules.plan import BELOW, EXCLUDED, MISSING, PAY, UNDETERMINED, Item, Plan, Step
from jigai.rules.project_stage import packing
from jigai.rules.scope import PARENTS
from jigai.rules.snapshot import Snapshot
from jigai.rules.stages import build_tracks

# Two queries at a time keep both cores busy: each alone is too small for all threads.
_AT_ONCE = 2
_OPEN = -1
_NUMBER = count(1)
_HERE = "f_with_values_of_a_scenario"
# Amount and measure in one number; −1 while the project waits.
_PRICED = f'CASE WHEN "verdict" IN ({MISSING}, {UNDETERMINED}) THEN {_OPEN} ELSE "packed" END'
Values = dict[str, Fraction]


@dataclass(frozen=True, slots=True)
class ScenarioTotals:
    """What the project measures cost under one scenario: projects that qualify, those selected,
    the money in fen, and how many wait for a datum or a value."""

    name: str
    qualified: int
    selected: int
    paid: int
    open: int


def sweep(
    model: Model, env: Environment, snapshot: Snapshot, scenarios: Mapping[str, Mapping[str, str]]
) -> list[ScenarioTotals]:
    """Totals of the project measures under each scenario (parameter → value as text).

    Raises :class:`EvaluationError` for an unknown parameter and for what cannot be swept: an
    undetermined value, one that is no number, another comparator, or a parameter that changes sums
    over other subjects. Those scenarios must be run one by one (:mod:`jigai.rules.scenarios`).
    """
    values = [read_scenario(model, env, chosen) for chosen in scenarios.values()]
    with Sweeper(model, env, snapshot, values) as sweeper:
        return sweeper.totals(dict(zip(scenarios, values, strict=True)))


def read_scenario(model: Model, env: Environment, chosen: Mapping[str, str]) -> Values:
    """Exact values by parameter id. Raises :class:`EvaluationError` as :func:`sweep` does."""
    found: Values = {}
    for name, text in chosen.items():
        kind, identifier = model.scope.names.get(name, ("", ""))
        if kind != "param":
            raise EvaluationError(f"没有参数“{name}”")
        known, declared = env.parameters[identifier], model.parameters[identifier]
        try:
            value, comparator, family = read_checked(
                declared, text, model.scope.parameters[identifier][1]
            )
        except FormulaError as error:
            raise EvaluationError(f"参数“{declared.name}”：{error}") from error
        if not isinstance(value, Fraction) or not isinstance(known.value, Fraction):
            raise EvaluationError(f"参数“{name}”未定或不是数值，不能列为情景")
        if comparator and (comparator, family) != (known.comparator, known.family):
            raise EvaluationError(f"参数“{name}”换了“以上、超过”一类的说法，须逐个情景测算")
        found[identifier] = value
    return found


class Sweeper:
    """Facts prepared for varying some parameters; ``totals`` may be asked again and again.

    ``examples`` are scenarios that show which parameters vary, over which denominators and how far;
    a later scenario beyond them prepares anew. Use it as a context: its table is dropped at the
    end.
    """

    def __init__(
        self, model: Model, env: Environment, snapshot: Snapshot, examples: Iterable[Values]
    ) -> None:
        self.model, self.env, self.snapshot = model, env, snapshot
        self._table = f"f_sweep_{next(_NUMBER)}"
        self._scales: dict[str, int] = {}
        self._ends: dict[str, tuple[Fraction, Fraction]] = {}
        self.prepare(examples)

    def __enter__(self) -> Sweeper:
        return self

    def __exit__(self, *_error: object) -> None:
        self.snapshot.connection.execute(f"DROP TABLE IF EXISTS {self._table}")

    def prepare(self, examples: Iterable[Values]) -> None:
        """Compile with the parameters of ``examples`` as columns and lay out the flat table.

        Raises :class:`EvaluationError` for a pack without project measures, or a parameter that
        changes sums over other subjects.
        """
        self._widen(list(examples))
        varied = replace(self.env, free=dict(self._scales))
        stats = {
            f"p_{name}": Column(
                _stored(ends[0], self._scales[name]), _stored(ends[1], self._scales[name]), False
            )
            for name, ends in self._ends.items()
        }
        plan = compile_plan(self.model, varied, {**self.snapshot.stats, **stats})
        if plan.selection is None:
            raise EvaluationError("这个政策包没有项目类措施")
        self._run = _Run(rehomed(plan), self.model, self.env, self.snapshot, self._table)

    def _widen(self, examples: list[Values]) -> None:
        for values in examples:
            for name in values:
                known = self.env.parameters[name].value
                self._ends.setdefault(name, (known, known))
                self._scales.setdefault(name, known.denominator)
        for values in examples:
            for name, value in values.items():
                low, high = self._ends[name]
                self._ends[name] = (min(low, value), max(high, value))
                self._scales[name] = lcm(self._scales[name], value.denominator)

    def _fits(self, values: Values) -> bool:
        return all(
            name in self._ends
            and self._ends[name][0] <= value <= self._ends[name][1]
            and self._scales[name] % value.denominator == 0
            for name, value in values.items()
        )

    def totals(self, scenarios: Mapping[str, Values]) -> list[ScenarioTotals]:
        """Totals under each scenario; a parameter a scenario does not name keeps its own value."""
        if not all(self._fits(values) for values in scenarios.values()):
            self.prepare(scenarios.values())
        rows = [
            {
                f"p_{name}": int(values.get(name, self.env.parameters[name].value) * scale)
                for name, scale in self._scales.items()
            }
            for values in scenarios.values()
        ]
        return self._run.totals(list(scenarios), rows)


class _Run(BatchEvaluator):
    """The project stage over the flat table, once a scenario."""

    def __init__(
        self, plan: Plan, model: Model, env: Environment, snapshot: Snapshot, table: str
    ) -> None:
        self.snapshot, self._table, self.gate_bits = snapshot, table, {}
        self._texts: dict[tuple[tuple[str, str], ...], str] = {}
        unneeded = ("low", "high")
        self.plan = plan = replace(
            plan, items=[i for i in plan.items if getattr(i, "kind", "") not in unneeded
                         and i.id not in unneeded]
        )  # fmt: skip
        self._wanted = self._selection_columns()
        self._measures = [m for m in plan.measures if m.subject == "project"]
        self._parts = hoist(plan)
        self.plan = self._parts.plan
        self._load(model, env)

    # the flat table -----------------------------------------------------------------------------

    def _load(self, model: Model, env: Environment) -> None:
        facts = self._facts(compile_plan(model, replace(env, free={}), self.snapshot.stats))
        columns = drain(facts.select(["enterprise_rid", *self._periods]))
        owner, periods = columns.pop("enterprise_rid"), list(columns.values())
        group = group_numbers(owner, periods) if len(owner) else np.zeros(0, np.int64)
        order = np.argsort(group, kind="stable")
        facts, group = facts.drop_columns(list(self._periods)).take(order), group[order]
        self._starts = _starts(group)
        self._simple = self._one_best(periods, len(facts))
        self._same = (0, 0, 0, 0)
        self._floor = np.zeros(len(self._starts), np.int64)
        if self._simple:
            facts = self._set_apart(facts, group)
        self._store(facts.drop_columns(["now_", "reached_"]))

    def _facts(self, base: Plan) -> Any:
        """Fixed columns of the rows that may be paid under some scenario."""
        base.items += [replace(step, subject="project") for step in self._parts.steps]
        touched = reached(self._parts, ["verdict", "packed"])
        base.items.append(Step("reached_", "project", "fixed", "", touched))
        assert self.plan.selection is not None
        self._periods = {f"group{i}_": name for i, name in enumerate(self.plan.selection.group)}
        outputs = {"rid": "rid", "enterprise_rid": "enterprise_rid"}
        outputs |= {name: name for name in sorted(self._fixed())}
        outputs |= {**self._periods, "now_": _PRICED, "reached_": "reached_"}
        text = Query(base, self.snapshot.columns, self.snapshot.bits).select(
            "project", outputs | {"verdict_": "verdict"}
        )
        return self.snapshot.connection.sql(
            f"SELECT * EXCLUDE (verdict_) FROM ({text}) WHERE {self._kept()} ORDER BY rid"
        ).to_arrow_table()

    def _fixed(self) -> set[str]:
        """Columns that stay the same under every scenario: computed once."""
        outputs = {**self._wanted, "verdict": "verdict", "packed": "packed"}
        return read_by(self.plan, self._parts.changes, outputs) - {"rid", "enterprise_rid"}

    def _kept(self) -> str:
        """Which rows may be paid under some scenario: a verdict of not qualifying comes from gates
        and thresholds alone, so where none of them changes it is final."""
        if any(self._parts.changes(measure.ok) for measure in self._measures):
            return "TRUE"
        if any(self._parts.changes(measure.when) for measure in self._measures):
            return f"verdict_ <> {EXCLUDED}"
        return f"verdict_ NOT IN ({EXCLUDED}, {BELOW})"

    def _one_best(self, periods: Sequence[Any], rows: int) -> bool:
        """Whether the greatest amount of a group is what it gets: one place, nothing wished."""
        selection = self.plan.selection
        assert selection is not None
        largest = int(np.diff(np.r_[self._starts, rows]).max(initial=0))
        self._alone = self.plan.default_quota >= largest
        each = {alias for alias, name in self._wanted.items() if self._parts.changes(name)}
        return (
            not any(np.ma.getmaskarray(period).any() for period in periods)
            and not each
            and not self.plan.pooled_caps
            and not {"priority_", "exception_", "quota_"} & set(self._wanted)
            and not selection.must_choose
            and (self.plan.default_quota == 1 or self._alone)
        )

    def _set_apart(self, facts: Any, group: NDArray[np.int64]) -> Any:
        """Count what no scenario changes; the rows left, with the best fixed amount of each group
        as its floor."""
        now, moving = facts["now_"].to_numpy(), facts["reached_"].to_numpy(zero_copy_only=False)
        still = ~moving
        if self._alone:
            group = np.arange(len(now))
        fixed = np.where(still, now, 0)
        best = np.maximum.reduceat(fixed, _starts(group)) if len(group) else fixed
        moves = np.logical_or.reduceat(moving, _starts(group)) if len(group) else moving
        settled = best[~moves]
        settled = settled[settled > 0]
        self._same = (
            int((fixed > 0).sum()), len(settled), int((settled >> self._bits()).sum()),
            int((fixed == _OPEN).sum()),
        )  # fmt: skip
        self._floor, self._starts = np.maximum(best[moves], 0), _starts(group[moving])
        return facts.filter(moving)

    def _store(self, facts: Any) -> None:
        connection = self.snapshot.connection
        connection.execute("SET preserve_insertion_order = true")
        connection.register("incoming", facts)
        connection.execute(f"CREATE OR REPLACE TABLE {self._table} AS SELECT * FROM incoming")
        connection.unregister("incoming")
        self._columns = set(facts.column_names)
        self._rows = facts["rid"].to_numpy().astype(np.int64)
        each = {alias: name for alias, name in self._wanted.items() if self._parts.changes(name)}
        once = {alias: name for alias, name in self._wanted.items() if alias not in each}
        self._each, self._once = each, self._select(once, {}) if once and not self._simple else {}

    def _bits(self) -> int:
        return packing(len(build_tracks(self.plan))).bit_length() - 1

    # one scenario -------------------------------------------------------------------------------

    def _select(self, outputs: Mapping[str, str], values: Mapping[str, int]) -> dict[str, Any]:
        """Columns over the flat table in its order, under one scenario."""
        given = "".join(f", {value}::BIGINT AS {name}" for name, value in values.items())
        text = self._text(tuple(outputs.items()), tuple(values))
        text = text.replace(_HERE, f"(SELECT *{given} FROM {self._table})")
        # A cursor of its own: two threads must not share one.
        with self.snapshot.connection.cursor() as cursor:
            return drain(cursor.sql(text).to_arrow_table())

    def _text(self, outputs: tuple[tuple[str, str], ...], varied: tuple[str, ...]) -> str:
        """The query with a mark where the table with the values of a scenario goes."""
        if outputs not in self._texts:
            columns = {"project": self._columns | set(varied)}
            query = Query(self.plan, columns, None, {"project": _HERE})
            self._texts[outputs] = query.select("project", dict(outputs))
        return self._texts[outputs]

    def totals(
        self, names: Sequence[str], scenarios: Sequence[Mapping[str, int]]
    ) -> list[ScenarioTotals]:
        """Totals of every scenario, in their order."""
        one = self._quick if self._simple else self._thorough
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            found = list(pool.map(one, scenarios))
        return [ScenarioTotals(name, *row) for name, row in zip(names, found, strict=True)]

    def _quick(self, values: Mapping[str, int]) -> tuple[int, int, int, int]:
        """Verdict and amount in one column, the greatest of each group by one pass over it."""
        qualified, selected, paid, waiting = self._same
        if not len(self._rows):
            return self._same
        packed = self._select({"packed": _PRICED}, values)["packed"]
        best = np.maximum(np.maximum.reduceat(packed, self._starts), self._floor)
        best = best[best > 0]
        return (
            qualified + int((packed > 0).sum()),
            selected + len(best),
            paid + int((best >> self._bits()).sum()),
            waiting + int((packed == _OPEN).sum()),
        )

    def _thorough(self, values: Mapping[str, int]) -> tuple[int, int, int, int]:
        outputs = {"verdict": "verdict", "packed": "packed"}
        columns = self._select(outputs | self._each, values) | self._once
        out: Outcome = self._outcome(columns, self._measures, (), False)
        waiting = np.isin(out.verdict, (MISSING, UNDETERMINED))
        return (
            int((out.verdict == PAY).sum()),
            int((out.selected == 1).sum()),
            int(out.paid.sum()),
            int(waiting.sum()),
        )

    def _keys(self) -> NDArray[Any]:
        keys: NDArray[Any] = np.asarray(self.snapshot.keys["project"])[self._rows]
        return keys


def _stored(value: Fraction, scale: int) -> int:
    return int(value * scale)


def _starts(group: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each run of equal numbers begins."""
    if not len(group):
        return np.zeros(0, np.int64)
    return np.flatnonzero(np.r_[True, group[1:] != group[:-1]])


def rehomed(plan: Plan) -> Plan:
    """The plan with the steps of a project's parents computed on the flat project rows.

    Raises :class:`EvaluationError` where a varied parameter changes what is gathered from rows of
    another subject.
    """
    items: list[Item] = []
    for item in plan.items:
        if isinstance(item, Step) and item.subject in ("project", *PARENTS["project"]):
            items.append(replace(item, subject="project"))
        elif not isinstance(item, Step) and varies(plan, item.id):
            raise EvaluationError(f"所变参数影响汇总“{item.name}”，须逐个情景测算")
    measures = [measure for measure in plan.measures if measure.subject == "project"]
    flat = {"project": {k: v for terms in plan.inputs.values() for k, v in terms.items()}}
    return replace(plan, items=items, measures=measures, splits={}, inputs=flat)


def varies(plan: Plan, column: str, seen: frozenset[str] = frozenset()) -> bool:
    """Whether a column depends on a varied parameter."""
    if column.startswith("p_"):
        return True
    item = next((item for item in plan.items if item.id == column), None)
    if item is None or column in seen:
        return False
    return any(varies(plan, name, seen | {column}) for name in columns_of(item))
