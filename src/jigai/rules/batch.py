"""Decides whole populations: DuckDB evaluates the plan's columns, NumPy picks and splits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jigai.rules.binding import Environment
from jigai.rules.code import depth_first
from jigai.rules.compiler import compile_plan
from jigai.rules.emit_sql import Query
from jigai.rules.item_batch import ItemBatch
from jigai.rules.items import ItemOutcome
from jigai.rules.model import Model
from jigai.rules.pick import Candidates, pick_projects, pool_amounts, split_pools
from jigai.rules.plan import MISSING, PAY, UNDETERMINED, MeasurePlan, Plan, Step
from jigai.rules.project_stage import packing
from jigai.rules.snapshot import Snapshot
from jigai.rules.stages import build_tracks

Ints = NDArray[np.int64]


@dataclass(slots=True)
class Outcome:
    """Decisions on all rows of one subject, in row order.

    ``verdict`` codes as in :mod:`plan`; ``amount`` fen, 0 unless it pays; ``selected`` 1 yes,
    0 no, −1 open; ``pooled`` what pooled caps leave; ``columns`` further columns asked for
    (masked where unknown).
    """

    verdict: NDArray[np.int8]
    amount: Ints
    track: NDArray[np.int8]
    selected: NDArray[np.int8]
    pooled: Ints | None = None
    low: Ints | None = None
    high: Ints | None = None
    failed: Ints | None = None
    unknown: Ints | None = None
    columns: dict[str, Any] = field(default_factory=dict)

    @property
    def paid(self) -> Ints:
        """Amount after selection and pooled caps: 0 unless selected."""
        return self.amount * (self.selected == 1) if self.pooled is None else self.pooled


@dataclass(slots=True)
class BatchResult:
    """Everything decided about a snapshot under one plan."""

    plan: Plan
    projects: Outcome | None = None
    consortia: dict[str, Outcome] = field(default_factory=dict)
    members: dict[str, dict[str, Any]] = field(default_factory=dict)
    items: list[ItemOutcome] = field(default_factory=list)


class BatchEvaluator:
    """Compiles a pack for a snapshot (its bounds and missingness) and runs it."""

    def __init__(
        self, model: Model, env: Environment, snapshot: Snapshot, measures: list[str] | None = None
    ) -> None:
        """Compile; cheap enough to do for every run."""
        self.plan = compile_plan(model, env, snapshot.stats, measures)
        self.snapshot = snapshot
        self.gate_bits: dict[str, int] = {}

    def run(
        self, *, explain: bool = False, bounds: bool = True, extra: tuple[str, ...] = ()
    ) -> BatchResult:
        """Decide every project and consortium.

        ``explain`` adds which gates failed or are unknown (bit masks in the order of
        ``plan.gates``) and every measure's threshold and amount; ``bounds`` adds low/high;
        ``extra`` further plan columns of projects.
        """
        result = BatchResult(self.plan)
        for measure in self.plan.measures:
            if measure.subject == "consortium" and self.snapshot.size("consortium"):
                self._consortia(result, measure)
        if self.plan.selection and self.snapshot.size("project"):
            own = {m.id for m in self.plan.measures if m.subject == "project"}
            scores = [r.by for r in self.plan.rankings if own & set(r.measures)]
            result.projects = self._projects(explain, bounds, (*extra, *scores))
        result.items = ItemBatch(self.plan, self.snapshot, self._fetch).run()
        return result

    def checks(self) -> dict[str, dict[str, list[Any]]]:
        """Verdict code and checks of every row, by measure that ends in a verdict and column."""
        found = {}
        for check in self.plan.checks:
            names = {name: name for name in (check.code, *check.checks)}
            columns = self._fetch(check.subject, {"rid_": "rid", **names})
            found[check.id] = {name: columns[name].tolist() for name in names}
        return found

    def _fetch(self, subject: str, outputs: dict[str, str], where: str = "") -> dict[str, Any]:
        query = Query(self.plan, self.snapshot.columns, self.snapshot.bits).select(
            subject, outputs, where
        )
        relation = self.snapshot.connection.sql(query)
        table = relation.to_arrow_table()
        if "rid_" in outputs:
            order = np.argsort(table["rid_"].to_numpy(), kind="stable")
            if not np.array_equal(order, np.arange(len(order))):
                table = table.take(order)
        return drain(table)

    # projects -----------------------------------------------------------------------------------

    def _projects(self, explain: bool, bounds: bool, extra: tuple[str, ...]) -> Outcome:
        plan, selection = self.plan, self.plan.selection
        assert selection is not None
        flat = "enterprise" not in self.snapshot.columns
        outputs = {"verdict": "verdict", "packed": "packed"}
        if not flat:
            outputs["rid_"] = "rid"
        outputs |= self._selection_columns()
        measures = [m for m in plan.measures if m.subject == "project"]
        if explain:
            outputs |= self._explanation(measures)
        outputs |= {name: name for name in extra}
        kept = self.snapshot.arrays.get("project", {}) if flat else {}
        ready = {
            alias: kept[name] for alias, name in outputs.items() if name in kept and alias != "rid_"
        }
        columns = (
            self._fetch("project", {a: n for a, n in outputs.items() if a not in ready}) | ready
        )
        outcome = self._outcome(columns, measures, extra, explain)
        if bounds:
            self._bounds(outcome, flat)
        return outcome

    def _bounds(self, outcome: Outcome, flat: bool) -> None:
        """Bounds of the open rows in a query of their own; others lie on their amount."""
        outcome.low = outcome.high = outcome.amount
        rows = np.flatnonzero(np.isin(outcome.verdict, (MISSING, UNDETERMINED)))
        if not self._may_be_open() or not len(rows):
            return
        outputs = {"low": "low", "high": "high"} | ({} if flat else {"rid_": "rid"})
        open_ = f'"verdict" IN ({MISSING}, {UNDETERMINED})'
        found = self._fetch("project", outputs, open_)
        outcome.low, outcome.high = outcome.amount.copy(), outcome.amount.copy()
        outcome.low[rows], outcome.high[rows] = found["low"], found["high"]

    def _may_be_open(self) -> bool:
        """Whether any verdict can be open; with complete facts and parameters none can."""
        verdict = next(item for item in self.plan.items if item.id == "verdict")
        assert isinstance(verdict, Step)
        open_ = (MISSING, UNDETERMINED)
        nodes = depth_first([verdict.code])
        return any(
            node.op == "const" and node.kind == "enum" and node.value in open_ for node in nodes
        )

    def _selection_columns(self) -> dict[str, str]:
        selection = self.plan.selection
        assert selection is not None
        outputs = {"owner_": "enterprise_rid"}
        for index, name in enumerate(selection.group):
            outputs[f"group{index}_"] = name
        for alias, name in (
            ("priority_", selection.project_choice),
            ("exception_", selection.exception),
        ):
            known = self.snapshot.stats.get(name)
            if name and not (known and known.empty):
                outputs[alias] = name
        quota = next(item for item in self.plan.items if item.id == selection.quota)
        if getattr(getattr(quota, "code", None), "op", "") != "const":
            outputs["quota_"] = selection.quota
        if self.plan.pooled_caps:
            outputs |= {
                f"e_{m.id}": m.effective for m in self.plan.measures if m.subject == "project"
            }
            outputs |= {f"c_{cap.id}": cap.amount for cap in self.plan.pooled_caps}
        return outputs

    def _explanation(self, measures: list[MeasurePlan]) -> dict[str, str]:
        outputs = {}
        failed, unknown, self.gate_bits = self._gate_masks(measures)
        # Gates seldom need more than 31 bits; half the memory then.
        narrow = "INTEGER" if max(self.gate_bits.values(), default=0) < 31 else "BIGINT"
        outputs["failed"], outputs["unknown"] = f"{failed}::{narrow}", f"{unknown}::{narrow}"
        for measure in measures:
            outputs[f"amount_{measure.id}"] = measure.amount
        return outputs

    def _gate_masks(self, measures: list[MeasurePlan]) -> tuple[str, str, dict[str, int]]:
        """SQL of the failed and unknown gates as bit masks, and the bit of each gate."""
        stored = self.snapshot.bits.get("project", {})
        definitions = {item.id: item for item in self.plan.items}
        bits: dict[str, int] = {}
        failed: list[str] = []
        unknown: list[str] = []
        mask = 0
        for gate in dict.fromkeys(g for m in measures for g in m.gates):
            column = f"gate_{gate.replace('-', '_')}"
            code = getattr(definitions[column], "code", None)
            name = code.value if code is not None and code.op == "col" else None
            if name in stored:
                bits[gate] = stored[name]
                mask |= 1 << bits[gate]
                continue
            bits[gate] = bit = len(stored) + len(failed)
            failed.append(f'CASE WHEN NOT "{column}" THEN {1 << bit} ELSE 0 END')
            unknown.append(f'CASE WHEN "{column}" IS NULL THEN {1 << bit} ELSE 0 END')
        if mask:
            failed.append(f'("bits_false_project" & {mask})')
            unknown.append(f'("bits_unknown_project" & {mask})')
        texts = ["(" + " + ".join(parts or ["0"]) + ")" for parts in (failed, unknown)]
        return texts[0], texts[1], bits

    def _outcome(
        self,
        columns: dict[str, Any],
        measures: list[MeasurePlan],
        extra: tuple[str, ...],
        explain: bool,
    ) -> Outcome:
        plan, size = self.plan, packing(len(build_tracks(self.plan)))
        verdict = columns["verdict"]
        paying = np.flatnonzero(verdict == PAY)
        packed = columns["packed"][paying]
        amount, track = np.zeros(len(verdict), np.int64), np.zeros(len(verdict), np.int8)
        amount[paying] = best = packed >> (size.bit_length() - 1)
        track[paying] = size - (packed & (size - 1))
        outcome = Outcome(verdict, amount, track, np.zeros(len(verdict), np.int8))
        self._pick(outcome, columns, paying, best)
        if plan.pooled_caps:
            outcome.pooled = amount * (outcome.selected == 1)
            pool_amounts(
                plan, outcome.pooled, outcome.selected, outcome.track, columns, self._keys()
            )
        if explain:
            outcome.failed, outcome.unknown = columns["failed"], columns["unknown"]
            outcome.columns |= {m.id: columns[f"amount_{m.id}"] for m in measures}
        outcome.columns |= {name: columns[name] for name in extra}
        return outcome

    def _keys(self) -> NDArray[Any]:
        return np.asarray(self.snapshot.keys["project"])

    def _pick(self, outcome: Outcome, columns: dict[str, Any], paying: Ints, best: Ints) -> None:
        selection = self.plan.selection
        assert selection is not None
        candidates = Candidates(
            rows=paying,
            owner=columns["owner_"][paying],
            amount=best,
            periods=[columns[f"group{i}_"][paying] for i in range(len(selection.group))],
            keys=self._keys(),
            priority=_taken(columns, "priority_", paying),
            exception=_taken(columns, "exception_", paying),
            quota=_taken(columns, "quota_", paying),
            default_quota=self.plan.default_quota,
            must_choose=selection.must_choose,
        )
        pick_projects(candidates, outcome.selected)

    # consortia ----------------------------------------------------------------------------------

    def _consortia(self, result: BatchResult, measure: MeasurePlan) -> None:
        columns = self._fetch(
            "consortium",
            {
                "rid_": "rid",
                "verdict": measure.code,
                "amount": measure.effective,
                "low": measure.low,
                "high": measure.high,
            }
            | {g: f"gate_{g.replace('-', '_')}" for g in measure.gates}
            | {r.by: r.by for r in self.plan.rankings if measure.id in r.measures},
        )
        verdict = columns["verdict"].astype(np.int8)
        amount = np.where(verdict == PAY, np.ma.filled(columns["amount"], 0), 0)
        outcome = Outcome(
            verdict,
            amount,
            np.zeros(len(verdict), np.int8),
            (verdict == PAY).astype(np.int8),
            None,
            columns["low"],
            columns["high"],
            columns={
                name: columns[name]
                for name in (
                    *measure.gates,
                    *(r.by for r in self.plan.rankings if measure.id in r.measures),
                )
            },
        )
        result.consortia[measure.id] = outcome
        if measure.id in self.plan.splits:
            result.members[measure.id] = self._members(outcome, measure)

    def _members(self, outcome: Outcome, measure: MeasurePlan) -> dict[str, Any]:
        split = self.plan.splits[measure.id]
        outputs = {
            "rid_": "rid",
            "pool_": "consortium_rid",
            "owner_": "enterprise_rid",
            "weight": split.weight,
            "counts": split.counts,
        }
        outputs |= {"paid": split.paid} if split.paid else {}
        outputs |= {"cap": split.cap} if split.cap else {}
        outputs |= {g: f"gate_{g.replace('-', '_')}" for g in split.gates}
        columns = self._fetch("member", outputs)
        names = self.snapshot.keys["enterprise"]
        ties = [names[o] if o >= 0 else "" for o in np.ma.filled(columns["owner_"], -1)]
        open_ = np.isin(outcome.verdict, (MISSING, UNDETERMINED))
        columns["share"] = split_pools(outcome.amount, outcome.verdict == PAY, columns, ties)
        columns["open"] = open_[columns["pool_"]]
        in_pool = columns["pool_"]
        takes = (outcome.verdict == PAY)[in_pool] & np.ma.filled(columns["counts"], False)
        # One weight nobody knows moves the share of everybody who counts.
        unweighed = np.zeros(len(outcome.verdict), bool)
        unweighed[in_pool[takes & np.ma.getmaskarray(columns["weight"])]] = True
        columns["open"] |= takes & unweighed[in_pool]
        if "paid" in columns:
            columns["open"] |= takes & np.ma.getmaskarray(columns["paid"])
            takes &= np.ma.filled(columns["paid"], False)
        if "cap" in columns:
            columns["open"] |= takes & np.ma.getmaskarray(columns["cap"])
        return columns


def drain(table: Any) -> dict[str, Any]:
    """Columns of an Arrow table as arrays, releasing each as it is converted."""
    columns: dict[str, Any] = {}
    for name in table.column_names:
        columns[name] = to_array(table[name])
        table = table.drop_columns([name])
    return columns


def to_array(column: Any) -> Any:
    """NumPy array of an Arrow column; masked where unknown, 128-bit results as 64-bit."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_decimal(column.type):
        column = pc.cast(column, pa.int64())
    if column.null_count == 0:
        return column.to_numpy()
    mask = pc.is_null(column).to_numpy()
    kind = str(column.type)
    default: Any = False if kind == "bool" else "" if kind == "string" else 0
    if kind.startswith("date"):
        return np.ma.array(column.to_pylist(), mask=mask)
    return np.ma.array(pc.fill_null(column, default).to_numpy(), mask=mask)


def _taken(columns: dict[str, Any], name: str, rows: Ints) -> Any:
    return columns[name][rows] if name in columns else None
