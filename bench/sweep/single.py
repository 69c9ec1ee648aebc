"""One decision in process: ours, zen-engine and OpenFisca on the same rules, p50 and p99.

The case is one enterprise with one project, taken from the bench's data row by row, so that no
engine answers from a cache of one answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from bench.rules.data import AMOUNTS, GATES, YUAN, Data
from bench.rules.ours import PACK
from jigai.rules.compiler import compile_plan
from jigai.rules.environment import build_environment
from jigai.rules.loader import load_pack
from jigai.rules.model import build_model
from jigai.rules.program import case_evaluator

_OF_ENTERPRISE = ("independent_entity", "registered_in_district", "credit_good",
                  "no_major_violation", "grade", "echelon")  # fmt: skip
_GRADES = ("none", "A", "B", "C", "D")


def measure(data: Data, repeats: int) -> list[tuple[str, float, float]]:
    """Name, p50 and p99 in microseconds of each engine."""
    rows = [_row(data, n) for n in range(min(repeats, len(data)))]
    found = [("技改通(逐案闭包,留全部步骤)", *_timed(_ours(), rows, repeats))]
    found.append(("zen-engine", *_timed(_zen(), rows, repeats)))
    # A simulation a case is hundreds of times slower; a sample tells as much.
    found.append(("OpenFisca-Core", *_timed(_openfisca(), rows, min(repeats, 300))))
    return found


def _row(data: Data, place: int) -> dict[str, Any]:
    return {name: column[place].item() for name, column in data.columns.items()}


def _timed(
    decide: Callable[[dict[str, Any]], Any], rows: list[dict[str, Any]], repeats: int
) -> tuple[float, float]:
    for row in rows[:50]:
        decide(row)
    seconds = np.empty(repeats)
    for n in range(repeats):
        row = rows[n % len(rows)]
        started = time.perf_counter()
        decide(row)
        seconds[n] = time.perf_counter() - started
    return tuple(np.percentile(seconds * 1e6, [50, 99]))  # type: ignore[return-value]


def _ours() -> Callable[[dict[str, Any]], Any]:
    model = build_model(load_pack(PACK))
    env = build_environment(model.pack, model.scope, year=2021)
    evaluator = case_evaluator(compile_plan(model, env))

    def decide(row: dict[str, Any]) -> Any:
        enterprise = {name: row[name] for name in _OF_ENTERPRISE}
        enterprise["key"], enterprise["grade"] = "E", _GRADES[row["grade"]]
        project = {name: value for name, value in row.items() if name not in _OF_ENTERPRISE}
        project["key"], project["enterprise_key"] = 1, "E"
        return evaluator.decide({"enterprise": [enterprise], "project": [project]})

    return decide


def _zen() -> Callable[[dict[str, Any]], Any]:
    import zen

    from bench.rules.zen_contender import decision

    engine = zen.ZenEngine()
    made = engine.create_decision(decision())
    return lambda row: made.evaluate(row)


def _openfisca() -> Callable[[dict[str, Any]], Any]:
    from openfisca_core.simulations import SimulationBuilder

    from bench.rules.openfisca_contender import PERIOD, system

    made = system()

    def decide(row: dict[str, Any]) -> Any:
        project: dict[str, Any] = {name: {PERIOD: row[name] / YUAN} for name in AMOUNTS}
        project |= {name: {PERIOD: bool(row[name])} for name in (*GATES, "echelon")}
        project |= {"grade": {PERIOD: row["grade"]}, "key": {PERIOD: 1}}
        case = {"projects": {"p": project}, "enterprise_years": {"e": {"members": ["p"]}}}
        simulation = SimulationBuilder().build_from_entities(made, case)
        return simulation.calculate("award", PERIOD), simulation.calculate("selected", PERIOD)

    return decide
