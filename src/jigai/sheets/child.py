"""Starting the child process and judging how it ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jigai
from jigai.sheets.errors import SheetError, refuse
from jigai.sheets.limits import Limits

_SOURCE = Path(jigai.__file__).resolve().parents[1]


def run_child(job: dict[str, Any], limits: Limits) -> Iterator[dict[str, Any]]:
    """Run one job in a fresh process and give back its messages.

    Raises ``SheetError`` when the child reports one, is killed, runs out of memory or time.
    """
    name = Path(job["path"]).name
    try:
        done = subprocess.run(
            [sys.executable, "-m", "jigai.sheets.reader_process"],
            input=json.dumps({**job, "limits": limits.as_dict()}).encode(),
            capture_output=True,
            timeout=limits.seconds,
            env=_environment(),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise refuse("too_slow", name=name, limit=limits.seconds) from None
    if done.returncode != 0:
        raise refuse(_reason(done.stderr, done.returncode), name=name, limit=limits.seconds)
    return _messages(done.stdout)


def _environment() -> dict[str, str]:
    """The child must find this package even when it is run from a plain checkout."""
    path = os.pathsep.join(filter(None, [str(_SOURCE), os.environ.get("PYTHONPATH", "")]))
    # One allocation arena: address space is limited, and arenas reserve it generously.
    return {**os.environ, "PYTHONPATH": path, "MALLOC_ARENA_MAX": "1"}


def _reason(stderr: bytes, returncode: int) -> str:
    if b"memory" in stderr.lower() or returncode in (-6, -9):
        return "too_much_memory"
    return "too_slow" if returncode == -24 else "reader_failed"


def _messages(output: bytes) -> Iterator[dict[str, Any]]:
    for line in output.splitlines():
        message: dict[str, Any] = json.loads(line)
        if "error" in message:
            raise SheetError(*message["error"])
        yield message
