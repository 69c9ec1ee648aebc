"""One case at a time: warm and cold, every rule, every step kept, beside zen-engine.

The case is one enterprise with one project under the whole Yanzhou pack (four measures, all gates,
derived facts and readings); zen runs the three measures of the bench's own rules.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from jigai.paths import packs_dir
from jigai.rules.compiler import compile_plan
from jigai.rules.environment import build_environment
from jigai.rules.loader import load_pack
from jigai.rules.model import build_model
from jigai.rules.program import case_evaluator, save_program

ENTERPRISE = {
    "key": "E1", "registered_region": "370812", "independent_entity": True,
    "credit_status": "good", "has_major_violation": False, "latest_grade": "A",
    "application_year_grade": "A", "on_echelon_list": False, "size_class": "small",
}  # fmt: skip
PROJECT = {
    "key": 1, "enterprise_key": "E1", "application_year": 2021, "filed": True,
    "in_statistics": True, "construction_nature": "retrofit", "planned_total": 10**9,
    "has_other_funds": False, "declared_equipment": 5 * 10**9,
}  # fmt: skip
ROWS: dict[str, list[dict[str, Any]]] = {"enterprise": [ENTERPRISE], "project": [PROJECT]}
READINGS = {"invoice_amount_basis": "c"}
COLD = """
import time; started = time.perf_counter()
import sys
from pathlib import Path
from jigai.rules.program import load_program
evaluator = load_program(Path(sys.argv[1]))
rows = evaluator.decide({"enterprise": [ENTERPRISE], "project": [PROJECT]})
assert rows["project"][0]["amount"] == 100_000_000
print(time.perf_counter() - started)
"""


def measure(repeats: int = 9) -> list[tuple[str, str]]:
    """Rows of (figure, value) for the report."""
    model = build_model(load_pack(packs_dir() / "yanzhou-2020"))
    env = build_environment(model.pack, model.scope, year=2021, readings=READINGS)
    plan = compile_plan(model, env)
    evaluator = case_evaluator(plan)
    evaluator.decide(ROWS)
    samples = [_timed(lambda: evaluator.decide(ROWS)) for _ in range(20_000)]
    median, worst = np.percentile(np.array(samples) * 1e6, [50, 99])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "program.bin"
        save_program(plan, path)
        cold = [_cold(path) * 1000 for _ in range(repeats)]
        whole = [_timed(lambda: _cold(path)) * 1000 for _ in range(repeats)]
    return [
        ("单例,热,全部规则与步骤(一企一项,兖州包)", f"{median:.1f} µs(p99 {worst:.1f} µs)"),
        ("单例,冷,自缓存的编译结果(含导入)", f"{statistics.median(cold):.1f} ms"),
        ("同上,连同启动 Python 进程", f"{statistics.median(whole):.1f} ms"),
    ]


def _timed(call: Any) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def _cold(path: Path) -> float:
    program = f"ENTERPRISE = {ENTERPRISE!r}\nPROJECT = {PROJECT!r}\n{COLD}"
    command = [sys.executable, "-c", program, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout)
