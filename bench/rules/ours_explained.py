"""The same engine with the compact explanation: gates, measure amounts and bounds of every row."""

from __future__ import annotations

from bench.rules.data import Result
from bench.rules.ours import Prepared, prepare, run_explained

TITLE = "技改通,带简要说明"

__all__ = ["Prepared", "prepare", "run"]


def run(prepared: Prepared) -> Result:
    """Decide and explain."""
    return run_explained(prepared)
