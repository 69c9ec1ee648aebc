"""The fifty scenarios, our sweep and our separate runs."""

from __future__ import annotations

import time
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pyarrow as pa

from bench.rules.data import Data
from bench.rules.ours import PACK
from jigai.rules.batch import BatchEvaluator
from jigai.rules.compiler import compile_plan
from jigai.rules.environment import build_environment
from jigai.rules.loader import load_pack
from jigai.rules.model import build_model
from jigai.rules.scenarios import Scenarios
from jigai.rules.snapshot import Snapshot, from_columns
from jigai.rules.solve import Grid, Solution, solve
from jigai.rules.sweep import Sweeper, read_scenario

COUNT = 50
PARAMETER = "设备比例"
# Hundredths of a per cent: 2.00 %, 2.04 % … 3.96 %.
RATES = [200 + 4 * n for n in range(COUNT)]


@dataclass
class Ours:
    """Facts loaded as the engine keeps them."""

    model: object
    snapshot: Snapshot

    def environment(self, overrides: object) -> object:
        """Constants with some values set."""
        return build_environment(self.model.pack, self.model.scope, year=2021, overrides=overrides)


def text(rate: int) -> str:
    """A rate in hundredths of a per cent as typed."""
    return f"{rate // 100}.{rate % 100:02d}%"


def load(data: Data, threads: int = 2) -> Ours:
    """Columns into the engine's snapshot."""
    model = build_model(load_pack(PACK))
    env = build_environment(model.pack, model.scope, year=2021)
    inputs = compile_plan(model, env).inputs
    table = {
        name: pa.array(column, mask=data.missing.get(name))
        for name, column in data.columns.items()
        if name not in ("enterprise", "project")
    }
    table["rid"] = pa.array(np.arange(len(data), dtype=np.int32))
    table["enterprise_rid"] = pa.array(data["enterprise"])
    table["grade"] = pa.array(data["grade"].astype(np.int8), mask=data.missing.get("grade"))
    return Ours(model, from_columns({"project": table}, {"project": data["project"]}, inputs,
                                    threads))  # fmt: skip


def swept(ours: Ours, repeats: int) -> tuple[float, list[float], list[int]]:
    """Seconds to prepare, seconds of each sweep after that, costs in fen."""
    env = ours.environment({})
    asked = {str(rate): read_scenario(ours.model, env, {PARAMETER: text(rate)}) for rate in RATES}
    started = time.perf_counter()
    with Sweeper(ours.model, env, ours.snapshot, asked.values()) as sweeper:
        ready = time.perf_counter() - started
        seconds = []
        for _ in range(repeats + 1):
            started = time.perf_counter()
            rows = sweeper.totals(asked)
            seconds.append(time.perf_counter() - started)
    return ready, seconds[1:], [row.paid for row in rows]


def one_by_one(ours: Ours) -> tuple[float, list[int]]:
    """Seconds of fifty separate runs of the whole plan, costs in fen."""
    started = time.perf_counter()
    paid = []
    for rate in RATES:
        env = ours.environment({PARAMETER: text(rate)})
        out = BatchEvaluator(ours.model, env, ours.snapshot).run(bounds=False).projects
        paid.append(int(out.paid.sum()))
    return time.perf_counter() - started, paid


def solved(ours: Ours, budget: int) -> tuple[float, Solution]:
    """Seconds to find the rate that meets a budget (fen), and the answer with its proof."""
    grid = Grid(Fraction(0), Fraction(1), Fraction(1, 10_000))
    started = time.perf_counter()
    with Scenarios(ours.model, ours.snapshot, ours.environment) as prices:

        def cost(values: list[Fraction]) -> list[int]:
            rows = prices.totals(
                {str(n): {PARAMETER: text(int(v * 10_000))} for n, v in enumerate(values)}
            )
            return [row.total for row in rows]

        found = solve(cost, grid, budget, Fraction(3, 100))
    return time.perf_counter() - started, found
