"""Measure one contender in a process of its own and print the measurement as JSON.

``python -m bench.rules.worker CONTENDER VARIANT FOLDER REPEATS``; called by ``bench.rules``.
"""

from __future__ import annotations

import gc
import importlib
import json
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import psutil

from bench.rules import prorata
from bench.rules.data import Data, Result
from bench.rules.oracle import wrong_rows

CONTENDERS = {
    "numpy": "bench.rules.numpy_by_hand",
    "ours": "bench.rules.ours",
    "explained": "bench.rules.ours_explained",
    "duckdb": "bench.rules.duckdb_by_hand",
    "openfisca": "bench.rules.openfisca_contender",
    "zen": "bench.rules.zen_contender",
}
MEBIBYTE = 1 << 20


def main(contender: str, variant: str, folder: str, repeats: str) -> None:
    """Load, prepare, warm up, repeat, check; print one JSON object."""
    module = load(contender)
    if module is None:
        print(json.dumps({"title": "jigai", "absent": True}))
        return
    measure = measure_split if variant == "split" else measure_task
    print(json.dumps(measure(module, variant, Path(folder), int(repeats)), ensure_ascii=False))


def load(contender: str) -> ModuleType | None:
    """The contender's module, or ``None`` when it is not there yet."""
    name = CONTENDERS[contender]
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        return None


def measure_task(module: ModuleType, variant: str, folder: Path, repeats: int) -> dict[str, Any]:
    """The subsidy task: seconds, memory, and rows wrong against the oracle."""
    data = Data.load(folder / f"{variant}.npz")
    total = len(data)
    started = time.perf_counter()
    prepared = module.prepare(data) if hasattr(module, "prepare") else data
    loading = time.perf_counter() - started
    results: list[Result] = []
    seconds, peak = timed(lambda: module.run(prepared), results, repeats)
    last = results[-1]
    with np.load(folder / f"{variant}-truth.npz") as file:
        truth = Result(*(file[name] for name in ("verdict", "measure", "amount", "selected")))
    scale = 1.0 if last.rows is None else total / len(last.rows)
    return {
        "title": module.TITLE,
        "seconds": [second * scale for second in seconds],
        "loading": loading,
        "phases": {
            name: statistics.median(result.phases[name] for result in results)
            for name in last.phases
        },
        "peak": peak,
        "wrong": max(wrong_rows(result, truth) for result in results),
        "rows": len(last.verdict),
        "note": last.note,
    }


def measure_split(module: ModuleType, variant: str, folder: Path, repeats: int) -> dict[str, Any]:
    """The pro-rata split: seconds, memory, and groups off against exact fractions."""
    members = prorata.Members.load(folder / f"{variant}.npz")
    function = prorata.run if module.__name__.endswith("numpy_by_hand") else module.prorata
    answers: list[Any] = []
    seconds, peak = timed(lambda: function(members), answers, repeats)
    return {
        "title": module.TITLE,
        "seconds": seconds,
        "loading": 0.0,
        "phases": {},
        "peak": peak,
        "wrong": prorata.groups_off(members, answers[-1]),
        "rows": len(members.pool),
        "note": "错行按组计",
    }


def timed(call: Callable[[], Any], results: list[Any], repeats: int) -> tuple[list[float], int]:
    """Seconds of each repeat after one warm-up, and peak memory above the loaded data in MiB."""
    gc.collect()
    before = psutil.Process().memory_info().rss
    reset_peak()
    call()
    seconds = []
    for _ in range(repeats):
        started = time.perf_counter()
        results.append(call())
        seconds.append(time.perf_counter() - started)
        del results[:-3]
    return seconds, max(0, peak_memory() - before) // MEBIBYTE


def reset_peak() -> None:
    """Forget the peak of loading; where the system cannot, the peak stays an upper bound."""
    control = Path("/proc/self/clear_refs")
    if control.exists():
        control.write_text("5", encoding="ascii")


def peak_memory() -> int:
    """The largest resident size since ``reset_peak``, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
