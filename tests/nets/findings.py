"""Where the nets put what they find; the plugin fails the test with it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_NETS = str(Path(__file__).resolve().parent)
_OURS = (str(ROOT / "src"), str(ROOT / "tests"))
_found: list[str] = []


# Where processes outside the test run (a server for a browser) write what they find.
FILE = "JIGAI_NETS_FILE"


def record(finding: str) -> None:
    """Keep a finding, once."""
    if finding not in _found:
        _found.append(finding)
        if file := os.environ.get(FILE):
            with open(file, "a", encoding="utf-8") as log:
                log.write(finding.replace("\n", " ") + "\n")


def take() -> list[str]:
    """What was found since the last time."""
    taken = list(_found)
    _found.clear()
    return taken


@contextmanager
def catching() -> Iterator[list[str]]:
    """Findings made inside go into the list and fail nothing."""
    before = take()
    caught: list[str] = []
    try:
        yield caught
    finally:
        caught.extend(take())
        _found.extend(before)


def place() -> str:
    """``file:line`` of our innermost code that led here, for a finding about what it did."""
    frame = sys._getframe(1)
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith(_OURS) and not name.startswith(_NETS):
            return f"{Path(name).relative_to(ROOT)}:{frame.f_lineno}"
        frame = frame.f_back  # type: ignore[assignment]
    return "?"
