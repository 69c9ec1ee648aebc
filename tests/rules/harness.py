"""Runs cases through the compiled plan and shapes the answers like the oracle's."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from jigai.rules.batch import BatchEvaluator, BatchResult
from jigai.rules.compiler import compile_plan
from jigai.rules.emit_python import python_source
from jigai.rules.environment import build_environment
from jigai.rules.loader import load_pack
from jigai.rules.model import Model, build_model
from jigai.rules.plan import BELOW, EXCLUDED, MISSING, PAY, UNDETERMINED, Plan
from jigai.rules.single import CaseEvaluator
from jigai.rules.snapshot import from_rows

PACKS = Path(__file__).parents[2] / "packs"
NAMES = {
    PAY: "pay",
    BELOW: "below-threshold",
    EXCLUDED: "excluded",
    MISSING: "missing",
    UNDETERMINED: "undetermined",
}


@cache
def model(name: str = "yanzhou-2020") -> Model:
    """The checked pack."""
    return build_model(load_pack(PACKS / name))


@cache
def _plan(
    year: int, readings: tuple[tuple[str, str], ...], parameters: tuple[tuple[str, str], ...]
) -> Plan:
    m = model()
    env = build_environment(
        m.pack, m.scope, year=year, readings=dict(readings), overrides=dict(parameters)
    )
    return compile_plan(m, env)


def plan_for(
    year: int, readings: dict[str, str] | None = None, parameters: dict[str, str] | None = None
) -> Plan:
    """Compiled plan of the Yanzhou pack."""
    return _plan(
        year, tuple(sorted((readings or {}).items())), tuple(sorted((parameters or {}).items()))
    )


@cache
def _evaluator(
    year: int, readings: tuple[tuple[str, str], ...], parameters: tuple[tuple[str, str], ...]
) -> CaseEvaluator:
    plan = _plan(year, readings, parameters)
    return CaseEvaluator(plan, compile(python_source(plan), "plan", "exec"))


def evaluate_case(
    rows: Any,
    year: int,
    readings: dict[str, str] | None = None,
    parameters: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Decide one case with the closure executor, in the oracle's output shape."""
    evaluator = _evaluator(
        year, tuple(sorted((readings or {}).items())), tuple(sorted((parameters or {}).items()))
    )
    stored = evaluator.decide(rows)
    plan = evaluator.plan
    tracks = plan.selection.tracks if plan.selection else ()
    measures = [m for m in plan.measures if m.subject == "project"]
    consortium = next(m for m in plan.measures if m.subject == "consortium")
    split = plan.splits[consortium.id]
    return {
        "projects": {
            row["key"]: {
                "verdict": NAMES[row["verdict"]],
                "amount": row["amount"],
                "low": row["low"],
                "high": row["high"],
                "track": tracks[row["track"] - 1] if row["track"] else (),
                "selected": row["selected"],
                "paid": row["paid"],
                "measures": {
                    m.id: {
                        "when": row[m.when],
                        "amount": row[m.amount],
                        "verdict": NAMES[row[m.code]],
                    }
                    for m in measures
                },
            }
            for row in stored["project"]
        },
        "consortia": {
            row["key"]: {
                "verdict": NAMES[row[consortium.code]],
                "amount": row[consortium.effective],
                "low": row[consortium.low],
                "high": row[consortium.high],
            }
            for row in stored["consortium"]
        },
        "members": {
            row["key"]: {"counts": row[split.counts], "share": row["share"]}
            for row in stored["member"]
        },
    }


def evaluate_batch(
    cases: list[Any], year: int, readings: dict[str, str] | None = None, threads: int = 2
) -> list[dict[str, Any]]:
    """Decide many cases in one run of the DuckDB executor, shaped like :func:`evaluate_case`."""
    merged = merge(cases)
    m = model()
    env = build_environment(m.pack, m.scope, year=year, readings=readings or {})
    snapshot = from_rows(merged, compile_plan(m, env).inputs, threads)
    evaluator = BatchEvaluator(m, env, snapshot)
    measures = [x for x in evaluator.plan.measures if x.subject == "project"]
    extra = tuple(name for x in measures for name in (x.when, x.amount, x.code))
    result = evaluator.run(extra=extra)
    answers: list[dict[str, Any]] = [
        {"projects": {}, "consortia": {}, "members": {}} for _ in cases
    ]
    _projects(answers, evaluator, result, measures)
    _consortia(answers, evaluator, result)
    return answers


def merge(cases: list[Any]) -> dict[str, list[dict[str, Any]]]:
    """Rows of many cases with keys made distinct."""
    merged: dict[str, list[dict[str, Any]]] = {
        s: [] for s in ("enterprise", "project", "line", "member", "consortium")
    }
    for index, rows in enumerate(cases):
        for subject, listed in rows.items():
            for row in listed:
                merged[subject].append({k: _moved(k, v, index) for k, v in row.items()})
    return merged


def _moved(name: str, value: Any, index: int) -> Any:
    if not (name == "key" or name.endswith("_key")) or value is None:
        return value
    return index * 100_000 + value if isinstance(value, int) else f"{index:06d}|{value}"


def _back(key: Any) -> tuple[int, Any]:
    if isinstance(key, int):
        return divmod(key, 100_000)
    index, name = key.split("|", 1)
    return int(index), name


def _value(column: Any, row: int) -> Any:
    value = column[row]
    if np.ma.is_masked(value):
        return None
    return value.item() if hasattr(value, "item") else value


def _projects(
    answers: list[dict[str, Any]],
    evaluator: BatchEvaluator,
    result: BatchResult,
    measures: list[Any],
) -> None:
    out = result.projects
    if out is None:
        return
    tracks = evaluator.plan.selection.tracks
    for row, key in enumerate(evaluator.snapshot.keys["project"]):
        index, name = _back(key)
        verdict = int(out.verdict[row])
        open_ = verdict in (MISSING, UNDETERMINED)
        selected = {1: True, 0: False, -1: None}[int(out.selected[row])]
        answers[index]["projects"][name] = {
            "verdict": NAMES[verdict],
            "amount": None if open_ else int(out.amount[row]),
            "low": int(out.low[row]),
            "high": int(out.high[row]),
            "track": tracks[int(out.track[row]) - 1] if out.track[row] else (),
            "selected": selected,
            "paid": None if selected is None else int(out.paid[row]),
            "measures": {
                m.id: {
                    "when": _value(out.columns[m.when], row),
                    "amount": _value(out.columns[m.amount], row),
                    "verdict": NAMES[int(out.columns[m.code][row])],
                }
                for m in measures
            },
        }


def _consortia(
    answers: list[dict[str, Any]], evaluator: BatchEvaluator, result: BatchResult
) -> None:
    for identifier, out in result.consortia.items():
        for row, key in enumerate(evaluator.snapshot.keys["consortium"]):
            index, name = _back(key)
            verdict = int(out.verdict[row])
            open_ = verdict in (MISSING, UNDETERMINED)
            answers[index]["consortia"][name] = {
                "verdict": NAMES[verdict],
                "amount": None if open_ else int(out.amount[row]),
                "low": int(out.low[row]),
                "high": int(out.high[row]),
            }
        members = result.members[identifier]
        for row, key in enumerate(evaluator.snapshot.keys["member"]):
            index, name = _back(key)
            answers[index]["members"][name] = {
                "counts": _value(members["counts"], row),
                "share": None if members["open"][row] else int(members["share"][row]),
            }
