"""Compiled programs on disk: a first question is answered without parsing any pack.

The cache key is the pack's content hash with the constants of the run, so a changed pack, date,
reading or parameter never meets an old program.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import pickle
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from jigai.rules.plan import Plan
from jigai.rules.single import CaseEvaluator

if TYPE_CHECKING:
    from jigai.rules.binding import Environment
    from jigai.rules.model import Model

FORMAT = 3


def case_evaluator(plan: Plan) -> CaseEvaluator:
    """Print, compile and load the closures of a plan."""
    from jigai.rules.emit_python import python_source

    return CaseEvaluator(plan, compile(python_source(plan), "<plan>", "exec"))


def program_key(model: Model, env: Environment) -> str:
    """Cache key: pack content, dated parameters, readings, named dates."""
    parts = (
        FORMAT,
        sys.version_info[:2],
        model.pack.content_hash,
        sorted(env.readings.items()),
        sorted((key, value.text) for key, value in env.parameters.items()),
        sorted((key, str(value)) for key, value in env.context.items()),
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def save_program(plan: Plan, path: Path) -> None:
    """Write a plan and its compiled program; the file appears only when complete."""
    from jigai.rules.emit_python import python_source

    program = compile(python_source(plan), "<plan>", "exec")
    slim = Plan(
        plan.pack_hash,
        [],
        plan.inputs,
        plan.measures,
        plan.splits,
        plan.selection,
        plan.pooled_caps,
        plan.shared_gates,
        plan.gates,
        plan.readings,
        plan.parameters,
        plan.default_quota,
        plan.rankings,
        plan.budgets,
        plan.payers,
        plan.instalments,
        plan.checks,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(pickle.dumps((FORMAT, slim, marshal.dumps(program)), protocol=5))
    os.replace(temporary, path)


def load_program(path: Path) -> CaseEvaluator | None:
    """Load a saved program; ``None`` if there is none or it is of another format."""
    try:
        version, plan, program = pickle.loads(path.read_bytes())
    except (FileNotFoundError, ValueError, EOFError, pickle.UnpicklingError, AttributeError):
        return None
    return CaseEvaluator(plan, marshal.loads(program)) if version == FORMAT else None
