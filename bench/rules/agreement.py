"""One root hash over threads, row orders and executors, on the variant with missing values."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from bench.rules import ours
from bench.rules.data import AMOUNTS, GATES, Data
from jigai.rules.compiler import compile_plan
from jigai.rules.environment import build_environment
from jigai.rules.hashing import batch_lines, case_lines, root_hash
from jigai.rules.loader import load_pack
from jigai.rules.model import build_model
from jigai.rules.program import case_evaluator

COLUMNS = (*AMOUNTS, "grade", "echelon", *GATES, "year")
OWN = ("filed", "in_statistics", *AMOUNTS, "year")
ORDERS = ("原序", "逆序", "乱序")


def measure(data: Data) -> list[tuple[str, str]]:
    """Hash every combination; rows of (combination, hash and seconds) for the report."""
    found: list[tuple[str, str, float]] = []
    for order in ORDERS:
        shuffled = data.where(_order(order, len(data)))
        for threads in (1, 2):
            started = time.perf_counter()
            prepared = ours.prepare(shuffled, threads)
            result = prepared.evaluator.run()
            digest = root_hash(batch_lines(result, prepared.evaluator.snapshot.keys))
            name = f"DuckDB,{threads} 线程,{order}"
            found.append((name, digest, time.perf_counter() - started))
        started = time.perf_counter()
        digest = _closures(shuffled)
        found.append((f"闭包,{order}", digest, time.perf_counter() - started))
    verdict = "全部一致" if len({digest for _, digest, _ in found}) == 1 else "不一致"
    rows = [
        (name, f"{digest[:16]}…({seconds:.1f} s,含装载与散列)") for name, digest, seconds in found
    ]
    return [*rows, (f"{len(data):,} 行 × {len(found)} 种组合", verdict)]


def _order(name: str, size: int) -> np.ndarray:
    if name == "原序":
        return np.arange(size)
    return np.arange(size)[::-1] if name == "逆序" else np.random.default_rng(7).permutation(size)


def _closures(data: Data) -> str:
    """Decide enterprise by enterprise with the closure executor."""
    model = build_model(load_pack(ours.PACK))
    env = build_environment(model.pack, model.scope, year=2021)
    plan = compile_plan(model, env)
    evaluator = case_evaluator(plan)
    return root_hash(_lines(plan, evaluator, data))


def _lines(plan: Any, evaluator: Any, data: Data) -> Iterator[Any]:
    columns = {name: _values(data, name) for name in COLUMNS}
    order = np.argsort(data["enterprise"], kind="stable")
    owners, projects = data["enterprise"].tolist(), data["project"].tolist()
    group: list[dict[str, Any]] = []
    facts: list[dict[str, Any]] = []
    for index in order.tolist():
        # Gates of the enterprise vary by project in this data, so each row brings its own.
        key = f"{owners[index]}"
        if group and group[-1]["owner"] != key:
            yield from case_lines(plan, _decide(evaluator, group, facts))
            group, facts = [], []
        row = {name: columns[name][index] for name in COLUMNS}
        group.append({**row, "key": projects[index], "owner": key})
        facts.append(row)
    yield from case_lines(plan, _decide(evaluator, group, facts))


def _decide(evaluator: Any, group: list[dict[str, Any]], facts: list[dict[str, Any]]) -> Any:
    """Enterprise facts differ row by row: decide each project with its own, then select."""
    from jigai.rules.stages import pool, select

    stored: dict[str, list[Any]] = {
        s: [] for s in ("enterprise", "project", "consortium", "member", "line")
    }
    for row, fact in zip(group, facts, strict=True):
        key = f"{row['owner']}|{row['key']}"
        stored["enterprise"].append({"key": key, **fact})
        stored["project"].append({"key": row["key"], "enterprise_key": key, **fact})
    rows = evaluator.decide(stored)
    for project in rows["project"]:
        project["enterprise_key"] = group[0]["owner"]
    select(evaluator.plan, rows["project"], evaluator.plan.default_quota)
    pool(evaluator.plan, rows["project"], ())
    return rows


def _values(data: Data, name: str) -> list[Any]:
    values = data[name].tolist()
    mask = data.missing.get(name)
    if mask is None:
        return values
    return [None if gone else value for value, gone in zip(values, mask.tolist(), strict=True)]
