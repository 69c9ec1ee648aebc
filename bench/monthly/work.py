"""The month itself, each step timed and its statements counted; prints JSON."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django


def main(count: int, folder: Path) -> None:
    """Fill the database, do the month, tell."""
    django.setup()
    from bench.monthly.steps import Month

    steps: list[tuple[str, float, int, str]] = []
    month = Month(count, folder)
    month.prepare()
    for name, act in month.steps():
        told = timed(act)
        if name:
            steps.append((name, *told))
    fill = sum(seconds for name, seconds, *_ in steps if "导入" in name)
    found = {
        "steps": steps, "people": month.people, "bare": timed(month.bare)[0], "fill": fill,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    }  # fmt: skip
    print(json.dumps(found, ensure_ascii=False))


def timed(act: Callable[[], str]) -> tuple[float, int, str]:
    """Seconds, statements, and what the step says of itself."""
    from django.db import connection

    asked = 0

    def count(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(sql, params, many, context)

    started = time.perf_counter()
    with connection.execute_wrapper(count):
        told = act()
    return time.perf_counter() - started, asked, told


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
