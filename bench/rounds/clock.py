"""Measures steps: seconds, and how many statements went to the database."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any


class Clock:
    """Keeps a line of a table for each step."""

    def __init__(self) -> None:
        self.lines = ["| 步骤 | 秒 | 语句 |", "|---|---:|---:|"]

    def step(
        self, label: str, work: Callable[[], Any], by: Any = None, counted_here: bool = True
    ) -> Any:
        """Do it as a request or a job does, with who and why for the history.

        Statements of other threads than this one are not seen: ``counted_here`` is false there.
        """
        import pghistory
        from django.db import connection

        count = 0

        # Only their number is kept: at this size the statements themselves fill the memory.
        def counted(execute: Any, *given: Any) -> Any:
            nonlocal count
            count += 1
            return execute(*given)

        started = time.perf_counter()
        with (
            pghistory.context(user=by.pk if by else None, reason=label),
            connection.execute_wrapper(counted),
        ):
            found = work()
        seconds = time.perf_counter() - started
        self.lines.append(f"| {label} | {seconds:.2f} | {count if counted_here else '—'} |")
        print(self.lines[-1], file=sys.stderr, flush=True)
        return found

    def note(self, text: str) -> None:
        """A line without a time."""
        self.lines.append(f"|　{text} | | |")
