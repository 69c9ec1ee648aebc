"""The rules engine of this project on the bench's pack: compiled, run, nothing written by hand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bench.rules.data import EXCLUDED, MISSING, PAY, ZERO, Data, Result
from bench.rules.prorata import Members
from jigai.rules import plan as verdicts
from jigai.rules.batch import BatchEvaluator
from jigai.rules.compiler import compile_plan
from jigai.rules.environment import build_environment
from jigai.rules.loader import load_pack
from jigai.rules.model import build_model
from jigai.rules.pick import prorata as split
from jigai.rules.snapshot import from_columns

TITLE = "技改通(DuckDB,2 线程)"
PACK = Path(__file__).parent / "pack"
_VERDICTS = np.zeros(8, np.int8)
_VERDICTS[[verdicts.PAY, verdicts.BELOW, verdicts.EXCLUDED, verdicts.MISSING]] = (
    PAY,
    ZERO,
    EXCLUDED,
    MISSING,
)


@dataclass
class Prepared:
    """A compiled plan over loaded facts."""

    evaluator: BatchEvaluator


def prepare(data: Data, threads: int = 2) -> Prepared:
    """Load the columns into the engine's snapshot and compile the plan for them."""
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
    snapshot = from_columns({"project": table}, {"project": data["project"]}, inputs, threads)
    return Prepared(BatchEvaluator(model, env, snapshot))


def run(prepared: Prepared) -> Result:
    """Decision only: verdict, best measure, amount, selected."""
    out = prepared.evaluator.run(bounds=False).projects
    assert out is not None
    return Result(_VERDICTS[out.verdict], out.track, out.amount, out.selected.view(np.bool_))


def run_explained(prepared: Prepared) -> Result:
    """With the compact explanation: failed and unknown gates, each measure's amount, bounds."""
    out = prepared.evaluator.run(bounds=True, explain=True).projects
    assert out is not None
    return Result(_VERDICTS[out.verdict], out.track, out.amount, out.selected.view(np.bool_))


def prorata(members: Members) -> NDArray[np.int64]:
    """Split pools among members by largest remainder."""
    group = members.group.astype(np.int64)
    return split(members.pool, group, members.weight, members.code)
